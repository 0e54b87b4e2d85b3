// Live changes: the newest first, at most fifty.

import { el, foreign } from "./dom.js";
import { clock, counted } from "./format.js";
import { Refused, SignInNeeded, ask, events } from "./server.js";
import { articleAddress } from "./addresses.js";

const MOST_ROWS = 50;
const SAID_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = [1_000, 2_000, 5_000, 10_000];
const WORDS = { create: "created", update: "edited", delete: "deleted", "visibility-change": "visibility" };

const find = (id) => document.getElementById(id);

/** Run the ticker. `onState` is told whether it is connected, `onSignIn` when credentials are needed. */
export function startTicker({ onState, onSignIn }) {
  const list = find("ticker");
  const pause = find("ticker-pause");
  const project = find("ticker-project");
  let newest = 0;
  let waiting = [];
  let unsaid = [];
  let isPaused = false;
  let connection = null;

  function show(changes) {
    for (const change of changes) list.prepend(row(change));
    while (list.childElementCount > MOST_ROWS) list.lastElementChild.remove();
    find("ticker-empty").hidden = list.childElementCount > 0;
  }

  function take(changes) {
    const fresh = changes.filter((change) => change.offset > newest);
    if (fresh.length === 0) return;
    newest = fresh.at(-1).offset;
    if (isPaused) {
      waiting = [...waiting, ...fresh].slice(-MOST_ROWS);
    } else {
      show(fresh);
      unsaid.push(...fresh);
    }
    tell();
  }

  function tell(problem = "") {
    const held = waiting.length === MOST_ROWS ? `${MOST_ROWS} or more` : String(waiting.length);
    find("ticker-state").textContent =
      problem || (isPaused ? `Paused, ${held} waiting` : `Following${newest ? `, at offset ${newest}` : ""}`);
  }

  async function follow(signal) {
    for (let failures = 0; !signal.aborted; failures += 1) {
      let problem = "The server ended the stream";
      try {
        const path = `/status/changes${project.value ? `?project=${encodeURIComponent(project.value)}` : ""}`;
        for await (const { event, data } of events(await ask(path, signal))) {
          if (event === "end") {
            problem = JSON.parse(data).message;
            break;
          }
          failures = 0;
          onState(true);
          find("ticker-empty").hidden = list.childElementCount > 0 || newest > 0;
          take(JSON.parse(data).changes);
          if (newest === 0) tell();
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof SignInNeeded) return onSignIn(error.message);
        problem = error instanceof Refused ? error.message : "The server does not answer";
      }
      if (signal.aborted) return;
      onState(false);
      tell(`${problem}; trying again`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS[Math.min(failures, 3)]));
    }
  }

  function begin() {
    connection?.abort();
    connection = new AbortController();
    follow(connection.signal);
  }

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.setAttribute("aria-pressed", String(isPaused));
    pause.textContent = isPaused ? "Resume" : "Pause";
    if (!isPaused) {
      show(waiting);
      waiting = [];
    }
    tell();
  });
  project.addEventListener("change", () => {
    list.replaceChildren();
    newest = 0;
    waiting = [];
    begin();
  });
  setInterval(() => {
    if (unsaid.length > 0) find("ticker-said").textContent = said(unsaid);
    unsaid = [];
  }, SAID_MILLISECONDS);
  begin();
  return {
    stop: () => connection.abort(),
    begin,
    projects: (identifiers) => offer(project, identifiers),
  };
}

function said(changes) {
  const last = changes.at(-1);
  return `${counted(changes.length, "change")}, the last of ${last.title} in ${last.project}`;
}

function offer(select, identifiers) {
  const known = [...select.options].slice(1).map((option) => option.value);
  if (known.join() === identifiers.join()) return;
  const chosen = select.value;
  select.replaceChildren(select.options[0], ...identifiers.map((name) => el("option", { value: name }, name)));
  if (identifiers.includes(chosen)) select.value = chosen;
}

function row(change) {
  const address = articleAddress(change.project, { title: change.title });
  const title = change.type === "delete" ? foreign(change.title) : el("a", { href: address }, foreign(change.title));
  const moved = change.previous_title ? el("span", { class: "quiet" }, " from ", foreign(change.previous_title)) : null;
  const leads = change.redirect_target ? el("span", { class: "quiet" }, " leads to ", foreign(change.redirect_target)) : null;
  return el(
    "li",
    {},
    el("span", { class: `badge ${change.type in WORDS ? change.type : ""}` }, WORDS[change.type] ?? "changed"),
    el("span", { class: "title" }, title, moved, leads),
    clock(change.time),
    el(
      "span",
      { class: "more" },
      `${change.project} · ${change.namespace_name || (change.namespace === 0 ? "article" : `namespace ${change.namespace}`)}`,
      change.editor ? [" · ", foreign(change.editor), change.is_bot ? " (bot)" : null] : null,
      ` · offset ${change.offset}`,
    ),
  );
}
