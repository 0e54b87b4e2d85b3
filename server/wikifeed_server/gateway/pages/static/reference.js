// The API reference: services, messages and enums from the protos, and the paths of HTTP where the server describes them.

import { el } from "./dom.js";

const find = (id) => document.getElementById(id);
const VERBS = ["get", "post", "put", "patch", "delete"];

let shown = [];

async function start() {
  const [contract, http] = await Promise.all([load("/assets/reference.json"), load("/openapi.json")]);
  if (contract === null) {
    find("error").textContent = "The server does not answer.";
    return;
  }
  const { services, messages, enums } = contract;
  find("about").textContent = `Package ${contract.package}: ${services.length} services, ${messages.length} messages, ${enums.length} enums.`;
  const groups = [
    ["Services", services.map(service)],
    ["Messages", messages.map(message)],
    ["Enums", enums.map(enumeration)],
    ["HTTP", http?.paths ? [httpPaths(http.paths)] : []],
  ];
  for (const [name, entries] of groups) {
    if (entries.length === 0) continue;
    find("entries").append(el("section", { "aria-label": name }, el("h2", { class: "group" }, name), entries.map((entry) => entry.element)));
    find("contents").append(el("h2", {}, name), el("ul", {}, entries.map((entry) => entry.link)));
    shown.push(...entries);
  }
  find("filter").addEventListener("input", filter);
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

async function load(path) {
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function filter() {
  const wanted = find("filter").value.trim().toLowerCase();
  let count = 0;
  for (const entry of shown) {
    const passes = entry.text.includes(wanted);
    entry.element.hidden = entry.link.hidden = !passes;
    count += passes ? 1 : 0;
  }
  for (const section of find("entries").children) {
    section.hidden = [...section.querySelectorAll(".entry")].every((entry) => entry.hidden);
  }
  find("found").textContent = wanted ? `${count} of ${shown.length}` : "";
}

function entry(name, element, below = []) {
  const link = el("li", {}, el("a", { href: `#${name}` }, name), below.length ? el("ul", { class: "below" }, below) : null);
  return { element, link, text: element.textContent.toLowerCase() };
}

function service(each) {
  const element = el(
    "article",
    { class: "entry", id: each.name },
    el("h3", {}, each.name),
    comments(each.comment),
    each.methods.map((method) => [
      el("h4", { id: `${each.name}.${method.name}` }, method.name),
      el(
        "p",
        { class: "signature" },
        method.client_streaming ? "stream " : null,
        typeLink(method.request),
        " → ",
        method.server_streaming ? "stream " : null,
        typeLink(method.response),
      ),
      comments(method.comment),
    ]),
  );
  const links = each.methods.map((method) => el("li", {}, el("a", { href: `#${each.name}.${method.name}` }, method.name)));
  return entry(each.name, element, links);
}

function message(each) {
  const rows = each.fields.map((field) =>
    el(
      "tr",
      { id: `${each.name}.${field.name}` },
      el("td", {}, el("span", { class: "name" }, field.name)),
      el("td", { class: "type" }, field.label ? `${field.label} ` : null, typeLink(field.type), field.oneof ? ` (one of ${field.oneof})` : null),
      el("td", { class: "number" }, String(field.number)),
      el("td", {}, comments(field.comment)),
    ),
  );
  const element = el(
    "article",
    { class: "entry", id: each.name },
    el("h3", {}, each.name),
    comments(each.comment),
    rows.length ? table(["Field", "Type", "Number", "What it is"], rows) : null,
  );
  return entry(each.name, element);
}

function enumeration(each) {
  const rows = each.values.map((value) =>
    el(
      "tr",
      { id: `${each.name}.${value.name}` },
      el("td", {}, el("span", { class: "name" }, value.name)),
      el("td", { class: "number" }, String(value.number)),
      el("td", {}, comments(value.comment)),
    ),
  );
  const element = el(
    "article",
    { class: "entry", id: each.name },
    el("h3", {}, each.name),
    comments(each.comment),
    table(["Value", "Number", "What it means"], rows),
  );
  return entry(each.name, element);
}

function httpPaths(paths) {
  const rows = Object.entries(paths).map(([path, methods]) => {
    const verbs = VERBS.filter((verb) => verb in methods);
    const { summary, description } = methods[verbs[0]];
    return el(
      "tr",
      {},
      el("td", {}, el("span", { class: "name" }, path)),
      el("td", { class: "type" }, verbs.join(" ").toUpperCase()),
      el("td", {}, summary ?? description ?? ""),
    );
  });
  const element = el(
    "article",
    { class: "entry", id: "paths" },
    el("h3", {}, "paths"),
    el("p", { class: "comment" }, "The same over HTTP, as Wikimedia Enterprise's API. For programs: ", el("a", { href: "/openapi.json" }, "openapi.json"), "."),
    table(["Path", "Methods", "What it does"], rows),
  );
  return entry("paths", element);
}

function table(heads, rows) {
  const head = heads.map((name) => el("th", { scope: "col", class: name === "Number" ? "number" : undefined }, name));
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
}

/** A type's name, as a link where it is one of this contract. */
function typeLink(type) {
  const own = /^(.*?)wikifeed\.v1\.([A-Za-z.]+)(.*)$/.exec(type);
  if (!own) return type.replace(/^google\.protobuf\./, "");
  return [own[1], el("a", { href: `#${own[2]}` }, own[2]), own[3]];
}

/** Paragraphs of a comment; what stands in backquotes is code. */
function comments(text) {
  return text
    .split(/\n\n+/)
    .filter(Boolean)
    .map((paragraph) =>
      el("p", { class: "comment" }, paragraph.split("`").map((piece, index) => (index % 2 ? el("code", {}, piece) : piece))),
    );
}

start();
