// Tiles, sources, store and projects.

import { el, facts, foreign, foreignLink } from "./dom.js";
import { ago, bytes, counted, duration, moment, number, stamped } from "./format.js";

const FOLLOW = "wikifeed serve --follow https://wiki.example/w/";
export const IMPORT = "wikifeed import FILE";

const find = (id) => document.getElementById(id);

/** Show a summary. */
export function showOverview(summary) {
  const { now, log, size, sources, projects, rate } = summary;
  const counts = rate.counts.filter((count) => count !== null);
  const lastHour = counts.reduce((sum, count) => sum + count, 0);
  const total = size.database_bytes + size.snapshots_bytes + size.batches_bytes;
  find("tiles").replaceChildren(
    tile("Newest offset", number(log.newest_offset), log.newest_offset ? "changes so far" : "no changes yet"),
    lastTile(log, now),
    tile("Last hour", number(lastHour), lastHour === 1 ? "change" : "changes"),
    lagTile(sources),
    tile("Projects", number(projects.length), "with articles here"),
    tile("Store", bytes(total), "on disk"),
  );
  showSources(sources, now);
  find("store").replaceChildren(
    ...facts([
      ["Log", log.newest_offset ? `${number(log.oldest_offset)} to ${number(log.newest_offset)}` : "empty"],
      ["Oldest", log.oldest_time ? moment(log.oldest_time) : ""],
      ["Newest", log.newest_time ? moment(log.newest_time) : ""],
      ["Compacted", log.compacted_through ? `through ${number(log.compacted_through)}` : ""],
      ["Database", bytes(size.database_bytes)],
      ["Snapshots", bytes(size.snapshots_bytes)],
      ["Batches", bytes(size.batches_bytes)],
    ]).flat(),
  );
  showProjects(projects);
}

function tile(name, value, note) {
  return el(
    "div",
    {},
    el("dt", {}, name),
    el("dd", { class: "value" }, value),
    el("dd", { class: "note" }, note),
  );
}

function lastTile(log, now) {
  if (!log.newest_offset) return tile("Last change", "none", "nothing was published");
  return tile("Last change", stamped(log.newest_time, duration((now - log.newest_time) / 1e6)), "ago");
}

function lagTile(sources) {
  const followed = sources.filter((source) => source.state !== "stopped");
  if (followed.length === 0) return tile("Lag", "none", "nothing is followed");
  const worst = followed.reduce((one, other) => (other.lag_seconds > one.lag_seconds ? other : one));
  const note = followed.length === 1 ? "of the source" : `the worst of ${followed.length} sources`;
  return tile("Lag", duration(worst.lag_seconds), note);
}

function showSources(sources, now) {
  const place = find("sources");
  if (sources.length === 0) {
    place.replaceChildren(
      el("p", { class: "empty" }, "Nothing is followed. Follow a wiki with ", el("code", {}, FOLLOW)),
    );
    return;
  }
  place.replaceChildren(
    ...sources.map((source) =>
      el(
        "div",
        { class: "source" },
        el(
          "div",
          { class: "heading" },
          el("h3", {}, foreign(source.source)),
          el("span", { class: `badge ${source.state}` }, source.state),
        ),
        el(
          "dl",
          { class: "facts" },
          facts([
            ["Lag", `${duration(source.lag_seconds)}, ${counted(source.lag_events, "event")} waiting`],
            ["Rate", `${source.events_per_second.toFixed(1)} events a second`],
            ["Stored", `${number(source.stored)} of ${number(source.received)} received`],
            ["Connected", source.connected_since ? ago(source.connected_since, now) : "not yet"],
            ["Retries", source.failures ? `${number(source.retries)} in a row, ${number(source.failures)} in all` : ""],
            ["Malformed", source.malformed ? number(source.malformed) : ""],
            ["Last error", source.last_error ? [foreign(source.last_error), " (", ago(source.last_error_time, now), ")"] : ""],
            ["Noted", ago(source.updated, now)],
          ]),
        ),
      ),
    ),
  );
}

function showProjects(projects) {
  const place = find("projects");
  if (projects.length === 0) {
    place.replaceChildren(el("p", { class: "empty" }, "No projects yet: ", el("code", {}, IMPORT)));
    return;
  }
  place.replaceChildren(
    el(
      "ul",
      { class: "plainlist" },
      projects.map((project) =>
        el(
          "li",
          {},
          el("strong", {}, project.identifier),
          el("span", {}, foreign(project.name)),
          project.url ? el("span", { class: "quiet" }, foreignLink(project.url, project.url.replace(/^https?:\/\//, ""))) : null,
        ),
      ),
    ),
  );
}
