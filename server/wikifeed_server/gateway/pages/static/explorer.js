// Finds an article and shows it. What is shown is named by the page's address, so that it can be linked to.

import { el } from "./dom.js";
import { articleAddress, readAddress } from "./addresses.js";
import { renderArticle } from "./article.js";
import { Refused, SignInNeeded, askJson } from "./server.js";

const find = (id) => document.getElementById(id);

/** Run the explorer. `grpcAddress` tells where gRPC is answered, `onSignIn` is told when credentials are needed. */
export function startExplorer({ grpcAddress, onSignIn }) {
  let asking = null;

  async function show(wanted) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    fill(wanted);
    find("explorer-error").textContent = "";
    find("explorer-state").textContent = "Loading";
    try {
      const answer = await askJson(`/status/article?${query(wanted)}`, signal);
      find("article").replaceChildren(renderArticle(answer, grpcAddress()));
      find("explorer-state").textContent = "";
      find("explorer").scrollIntoView();
      find("article-title").focus({ preventScroll: true });
    } catch (error) {
      if (signal.aborted) return;
      find("article").replaceChildren();
      find("explorer-state").textContent = "";
      if (error instanceof SignInNeeded) return onSignIn(error.message);
      find("explorer-error").textContent = error instanceof Refused ? error.message : "The server does not answer.";
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
      find("explorer").scrollIntoView();
    }
  }

  function follow() {
    const wanted = readAddress(location.hash);
    if (wanted) show(wanted);
  }

  find("explorer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [project, name] = [find("explorer-project").value.trim(), find("explorer-name").value.trim()];
    const byPage = find("explorer-by").value === "page";
    const address = articleAddress(project, byPage ? { pageId: name } : { title: name });
    if (address === location.hash) follow();
    else location.hash = address;
  });
  window.addEventListener("hashchange", follow);
  follow();
  return { projects: offer };
}

function query({ project, title, pageId }) {
  return new URLSearchParams(pageId ? { project, page_id: pageId } : { project, title });
}

function fill({ project, title, pageId }) {
  find("explorer-project").value = project;
  find("explorer-by").value = pageId ? "page" : "title";
  find("explorer-name").value = pageId ?? title;
}

function offer(identifiers) {
  const list = find("project-list");
  if (list.childElementCount !== identifiers.length) {
    list.replaceChildren(...identifiers.map((identifier) => el("option", { value: identifier })));
  }
  const project = find("explorer-project");
  if (!project.value && identifiers.length && document.activeElement !== project) project.value = identifiers[0];
}
