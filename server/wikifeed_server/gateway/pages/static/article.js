// An article's parts as elements. All of it is a wiki's: text, and links to the web.

import { el, facts, foreign, foreignLink, scrolling, unfolding } from "./dom.js";
import { counted, number } from "./format.js";
import { articleCommands, copyButton } from "./commands.js";

const MOST_ROWS = 200;

/** An article as the explorer shows it. */
export function renderArticle({ article, redirected_from: redirectedFrom }, grpcAddress) {
  const { direction = "auto", identifier: language } = article.in_language ?? {};
  return el(
    "article",
    { class: "article", "aria-labelledby": "article-title" },
    el(
      "header",
      {},
      el("h3", { id: "article-title", dir: direction, tabindex: -1, lang: language }, article.name),
      article.description ? el("p", { class: "quiet", dir: direction }, article.description) : null,
      redirectedFrom ? el("p", { class: "quiet" }, "Redirected from ", foreign(redirectedFrom)) : null,
    ),
    el(
      "div",
      { class: "body" },
      article.abstract
        ? el("p", { class: "lead", dir: direction, lang: language }, article.abstract)
        : el("p", { class: "lead quiet" }, "This server knows no abstract of it."),
      el(
        "div",
        { class: "beside" },
        el("div", { lang: language }, (article.infoboxes ?? []).map((box) => infobox(box, direction))),
        el("dl", { class: "facts" }, facts(about(article))),
      ),
      el("div", { class: "parts", lang: language }, parts(article, direction)),
    ),
    unfolding("Commands", null, () => articleCommands(article, grpcAddress), true),
    unfolding("JSON", null, () => json(article)),
  );
}

function about(article) {
  const { version = {}, is_part_of: project, namespace = {} } = article;
  return [
    ["Project", foreign(project.identifier)],
    ["Page id", String(article.identifier)],
    ["Namespace", namespace.name ? [foreign(namespace.name), ` (${namespace.identifier})`] : String(namespace.identifier ?? 0)],
    ["Revision", version.identifier ? String(version.identifier) : ""],
    ["Edited", article.date_modified ? el("time", { datetime: article.date_modified }, article.date_modified) : ""],
    ["Editor", version.editor?.name ? [foreign(version.editor.name), version.editor.is_bot ? " (bot)" : null] : ""],
    ["Comment", version.comment ? foreign(version.comment) : ""],
    ["Address", article.url ? foreignLink(article.url, article.url) : ""],
    ["Wikidata", article.main_entity?.url ? foreignLink(article.main_entity.url, article.main_entity.identifier) : ""],
    ["License", article.license?.length ? article.license.map((each) => [foreignLink(each.url, each.name), " "]) : ""],
    ["Extraction", article.extraction ? foreign(article.extraction.detail || article.extraction.state) : ""],
  ];
}

function parts(article, direction) {
  const lists = { sections: [], tables: [], references: [], categories: [], templates: [], redirects: [], ...article };
  const images = [article.image, ...allImages([...(article.infoboxes ?? []), ...lists.sections])].filter(Boolean);
  return [
    part("Sections", lists.sections, (all) => sectionTree(all, direction), true),
    part("Tables", lists.tables, (all) => all.map((each) => dataTable(each, direction))),
    part("References", lists.references, (all) => references(all, direction)),
    part("Images", images, (all) => el("ul", { dir: direction }, all.map((image) => el("li", {}, imageText(image), imageLink(image))))),
    part("Categories", lists.categories, chips),
    part("Templates", lists.templates, chips),
    part("Redirects", lists.redirects, chips),
  ];
}

function part(name, values, make, isOpen = false) {
  return values.length ? unfolding(name, number(values.length), () => make(values), isOpen) : null;
}

const chips = (values) => el("ul", { class: "chips" }, values.map((each) => el("li", {}, foreignLink(each.url, each.name))));

function infobox(box, direction) {
  return el(
    "table",
    { class: "infobox", dir: direction },
    el("caption", {}, box.name || "Infobox"),
    el("colgroup", {}, el("col", { class: "label" }), el("col")),
    el("tbody", {}, (box.has_parts ?? []).map(infoboxRows)),
  );
}

function infoboxRows(each) {
  if (each.type === "image") return [row(null, (each.images ?? [each]).map((image) => imageText(image)))];
  const inner = each.has_parts ?? [];
  if (each.type === "field") {
    const values = each.values?.length > 1 ? el("ul", {}, each.values.map((value) => el("li", {}, value))) : each.value ?? "";
    const below = inner.length ? el("ul", {}, inner.map(listItem)) : null;
    const images = (each.images ?? []).map((image) => imageText(image));
    return [row(each.name, [values || null, values && below ? null : below, images])];
  }
  return [
    each.name ? el("tr", {}, el("th", { colspan: 2, scope: "colgroup" }, each.name)) : null,
    each.value ? row(null, each.value) : null,
    ...(each.images ?? []).map((image) => row(null, imageText(image))),
    ...inner.map(infoboxRows),
  ];
}

function row(name, value) {
  if (!name) return el("tr", {}, el("td", { colspan: 2 }, value));
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value));
}

function sectionTree(sections, direction) {
  return el("ul", { class: "tree", dir: direction }, sections.map((section) => el("li", {}, treeNode(section, direction))));
}

function treeNode(section, direction) {
  const inner = section.has_parts ?? [];
  const below = inner.filter((each) => each.type === "section");
  const count = below.length ? counted(below.length, "section") : null;
  return unfolding(section.name || "(without a name)", count, () => [
    inner.filter((each) => each.type !== "section").map(block),
    marks(section),
    below.length ? sectionTree(below, direction) : null,
    section.value && inner.length === 0 ? el("p", { class: "text" }, section.value) : null,
  ].filter(Boolean));
}

function block(each) {
  if (each.type === "list") return [each.name ? el("p", {}, each.name) : null, el("ul", {}, (each.has_parts ?? []).map(listItem))];
  if (each.type === "image") return (each.images ?? [each]).map((image) => imageText(image));
  const text = each.name && each.value ? `${each.name}: ${each.value}` : each.value || each.name;
  return el("div", {}, text ? el("p", { class: "text" }, text) : null, (each.has_parts ?? []).map(block), marks(each));
}

function listItem(each) {
  const inner = each.has_parts ?? [];
  const text = [each.name, each.value].filter(Boolean).join(": ");
  return el("li", {}, text, inner.length ? el("ul", {}, inner.map(listItem)) : null);
}

/** What stands in a part beside its text: images, tables, links. */
function marks(each) {
  const links = each.links ?? [];
  return [
    (each.images ?? []).map((image) => imageText(image)),
    (each.table_references ?? []).map((table) => el("p", { class: "quiet" }, "Table ", foreign(table.identifier))),
    links.length ? unfolding("Links", number(links.length), () => el("div", { class: "links" }, links.map((link) => foreignLink(link.url, link.text)))) : null,
  ].flat().filter(Boolean);
}

const imageWords = (image) => image.caption || image.alternative_text || "without a caption";

function imageText(image) {
  return el("p", { class: "caption" }, foreign(imageWords(image)));
}

function imageLink(image) {
  return image.content_url ? el("p", { class: "quiet" }, foreignLink(image.content_url, image.content_url)) : null;
}

function* allImages(tree) {
  for (const each of tree) {
    yield* each.images ?? [];
    yield* allImages(each.has_parts ?? []);
  }
}

function dataTable(table, direction) {
  const rows = table.rows ?? [];
  const body = el("tbody", {}, rows.slice(0, MOST_ROWS).map((cells) => cellRow(cells, "td", direction)));
  const name = table.caption || table.identifier || "Table";
  const element = el(
    "table",
    { dir: direction },
    el("caption", {}, name),
    el("thead", {}, (table.headers ?? []).map((cells) => cellRow(cells, "th", direction))),
    body,
    el("tfoot", {}, (table.footers ?? []).map((cells) => cellRow(cells, "td", direction))),
  );
  const shown = el("div", { class: "data" }, scrolling(`Table ${name}`, element));
  if (rows.length > MOST_ROWS) {
    const more = el("button", { type: "button" }, `Show all ${number(rows.length)} rows`);
    more.addEventListener("click", () => {
      body.append(...rows.slice(MOST_ROWS).map((cells) => cellRow(cells, "td", direction)));
      more.remove();
    });
    shown.append(more);
  }
  return shown;
}

function cellRow(cells, kind, direction) {
  return el(
    "tr",
    {},
    cells.map((cell) =>
      el(kind, kind === "th" ? { scope: "col" } : {}, cell.value ?? "", cell.nested_table ? dataTable(cell.nested_table, direction) : null),
    ),
  );
}

function references(all, direction) {
  return el(
    "ol",
    { class: "references", dir: direction },
    all.map((each) =>
      el(
        "li",
        {},
        el("span", {}, foreign(each.text?.value || each.identifier), each.type ? el("span", { class: "quiet" }, ` (${each.type})`) : null),
        each.source?.value ? el("p", { class: "quiet" }, foreign(each.source.value)) : null,
        el("div", { class: "links" }, [...(each.text?.links ?? []), ...(each.source?.links ?? [])].map((link) => foreignLink(link.url, link.text))),
      ),
    ),
  );
}

function json(article) {
  const text = JSON.stringify(article, null, 2);
  const shown = el("pre", { class: "json", tabindex: 0, "aria-label": "JSON of the article" }, text);
  const about = el("p", { class: "quiet" }, "As Wikimedia Enterprise writes it; article_body and links are left out here.");
  return [el("div", { class: "bar" }, about, copyButton("Copy", () => text, "the JSON", shown)), shown];
}
