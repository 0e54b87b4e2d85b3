// Snapshots and hourly batches.

import { el, foreign, scrolling } from "./dom.js";
import { ago, bytes, number } from "./format.js";
import { copyButton } from "./commands.js";
import { isSignedIn } from "./server.js";

const find = (id) => document.getElementById(id);
const CONTENTS = { json: "whole articles", wikitext: "wikitext", html: "HTML", structured: "structured contents" };

/** Show the snapshots and batches of a summary. */
export function showFiles(summary) {
  showSnapshots(summary.snapshots, summary.now);
  showBatches(summary.batches, summary.now);
}

function showSnapshots(snapshots, now) {
  const place = find("snapshots");
  if (snapshots.length === 0) {
    const command = el("code", {}, "wikifeed serve --snapshot PROJECT");
    place.replaceChildren(el("p", { class: "empty" }, "No snapshots yet. Have one made each day with ", command, ", or ask for one by CreateSnapshot."));
    return;
  }
  const rows = snapshots.map((snapshot) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, snapshot.identifier),
      el("td", {}, CONTENTS[snapshot.content] ?? snapshot.content, el("div", { class: "quiet" }, snapshot.format)),
      el("td", {}, state(snapshot)),
      el("td", { class: "number" }, number(snapshot.articles_count)),
      el("td", { class: "number" }, snapshot.size_bytes ? bytes(snapshot.size_bytes) : ""),
      el("td", { class: "number" }, number(snapshot.offset)),
      el("td", { class: "number" }, ago(snapshot.created, now)),
      el("td", {}, download(snapshot)),
    ),
  );
  place.replaceChildren(table("Snapshots", ["Snapshot", "Content", "State", "#Articles", "#Size", "#Offset", "#Begun", "File"], rows));
}

function state(snapshot) {
  const badge = el("span", { class: `badge ${snapshot.state}` }, snapshot.state);
  if (snapshot.state === "failed") return [badge, el("div", { class: "quiet" }, foreign(snapshot.error))];
  if (snapshot.state !== "writing") return badge;
  const known = snapshot.expected_count > 0;
  const bar = el("progress", {
    "aria-label": `Progress of ${snapshot.identifier}`,
    max: known ? Math.max(snapshot.expected_count, snapshot.articles_count) : undefined,
    value: known ? snapshot.articles_count : undefined,
  });
  return [badge, bar, known ? el("div", { class: "quiet" }, `the last one has ${number(snapshot.expected_count)}`) : null];
}

function showBatches(batches, now) {
  const place = find("batches");
  if (batches.length === 0) {
    place.replaceChildren(
      el("p", { class: "empty" }, "No batches yet: the changes of an hour are put into files when the hour is over."),
    );
    return;
  }
  const rows = batches.map((batch) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, batch.identifier),
      el("td", { class: "number" }, ago(batch.hour, now)),
      el("td", { class: "number" }, number(batch.articles_count)),
      el("td", { class: "number" }, bytes(batch.size_bytes)),
      el("td", {}, download(batch)),
    ),
  );
  place.replaceChildren(table("Hourly batches", ["Batch", "#Hour began", "#Articles", "#Size", "File"], rows));
}

/** A table; the heads of columns of numbers begin with #. */
function table(label, heads, rows) {
  const head = heads.map((name) =>
    el("th", { scope: "col", class: name.startsWith("#") ? "number" : undefined }, name.replace("#", "")),
  );
  return scrolling(label, el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)));
}

/** Links to the file, and to the list of files where there are several; "over gRPC" where HTTP has none. */
function download(file) {
  const found = [
    file.download ? fetching("Download", file.download, `Download ${file.identifier}`, true) : null,
    file.chunks ? fetching(`${number(file.chunks_count)} files`, file.chunks, `List the files of ${file.identifier}`) : null,
  ].filter(Boolean);
  if (found.length === 0 && (file.state ?? "ready") === "ready") return el("span", { class: "quiet" }, "over gRPC");
  return el("div", { class: "links" }, found);
}

/** A link; where credentials are needed, which a link can't show, the command that shows them. */
function fetching(text, path, label, isFile = false) {
  if (!isSignedIn()) return el("a", { href: path, download: isFile, "aria-label": label }, text);
  const save = isFile ? " -O -J" : "";
  const command = `curl -H "Authorization: Bearer $WIKIFEED_TOKEN"${save} '${location.origin}${path}'`;
  return copyButton(isFile ? "Copy curl" : text, () => command, `the command for ${label.toLowerCase()}`);
}
