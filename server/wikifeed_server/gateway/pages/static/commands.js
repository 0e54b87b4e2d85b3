// The commands that ask for what the page shows.

import { el } from "./dom.js";
import { isSignedIn } from "./server.js";

const COPIED_MILLISECONDS = 2_000;

/**
 * A button that copies a text and says so. `what` is what it copies, for those who do not see where it is; `shown` the
 * element with the text, which is selected where the browser lets no page copy: over HTTP from another machine.
 */
export function copyButton(label, text, what, shown = null) {
  const button = el("button", { type: "button", "aria-label": `${label}: ${what}` }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      if (shown) document.getSelection().selectAllChildren(shown);
      button.textContent = shown ? "Selected" : "Not allowed";
    }
    setTimeout(() => { button.textContent = label; }, COPIED_MILLISECONDS);
  });
  return button;
}

/** The three ways to ask for an article. */
export function articleCommands(article, grpcAddress) {
  const project = article.is_part_of.identifier;
  return [
    ["grpcurl", grpcurl(project, article.name, grpcAddress)],
    ["curl, over HTTP", curl(project, article.name)],
    ["wikifeed get", wikifeedGet(project, article.name, grpcAddress)],
  ].map(([name, text]) => command(name, text));
}

function command(name, text) {
  const shown = el("pre", { tabindex: 0, "aria-label": `${name} command` }, text);
  const copy = copyButton("Copy", () => text, `the ${name} command`, shown);
  return el("div", { class: "command" }, el("div", { class: "bar" }, el("strong", {}, name), copy), shown);
}

/** A text as one word of a POSIX shell. */
const quoted = (text) => (/^[A-Za-z0-9_./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A title as a word that no command takes for an option. */
const operand = (text) => (text.startsWith("-") ? `-- ${quoted(text)}` : quoted(text));

function grpcurl(project, title, address) {
  const request = JSON.stringify({ project, title });
  const plain = location.protocol === "https:" ? "" : " -plaintext";
  const shown = isSignedIn() ? ' -H "authorization: Bearer $WIKIFEED_TOKEN"' : "";
  return `grpcurl${plain}${shown} -d ${quoted(request)} \\\n  ${quoted(reachable(address))} wikifeed.v1.ArticleService/GetArticle`;
}

function curl(project, title) {
  const body = JSON.stringify({ filters: [{ field: "is_part_of.identifier", value: project }] });
  const shown = isSignedIn() ? ' -H "Authorization: Bearer $WIKIFEED_TOKEN"' : "";
  return `curl${shown} -d ${quoted(body)} \\\n  ${quoted(`${location.origin}/v2/articles/${encodeURIComponent(title)}`)}`;
}

function wikifeedGet(project, title, address) {
  const server = reachable(address);
  const elsewhere = server === "localhost:50051" ? "" : ` --server ${quoted(server)}`;
  const shown = isSignedIn() ? " --credentials-file FILE" : "";
  return `wikifeed get${elsewhere}${shown} ${quoted(project)} ${operand(title)}`;
}

/** Where gRPC is answered, from here: an address that means every interface becomes this page's host. */
function reachable(address) {
  return address.replace(/^(0\.0\.0\.0|\[::\]|\*)?:(?=\d+$)/, `${location.hostname}:`);
}
