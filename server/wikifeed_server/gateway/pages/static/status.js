// The status page: asks for a summary every few seconds, and runs the ticker and the explorer.

import { el } from "./dom.js";
import { startExplorer } from "./explorer.js";
import { showFiles } from "./files.js";
import { IMPORT, showOverview } from "./overview.js";
import { drawRate } from "./rate.js";
import { Refused, SignInNeeded, askJson, isSignedIn, signIn, signOut, useKey } from "./server.js";
import { startTicker } from "./ticker.js";

const REFRESH_MILLISECONDS = 3_000;

const find = (id) => document.getElementById(id);

let summary = null;
let ticker = null;
let explorer = null;
let timer = 0;

async function refresh() {
  clearTimeout(timer);
  try {
    summary = await askJson("/status/summary");
  } catch (error) {
    if (error instanceof SignInNeeded) return askToSignIn(isSignedIn() ? error.message : "");
    health("bad", error instanceof Refused ? error.message : "The server does not answer");
    timer = setTimeout(refresh, REFRESH_MILLISECONDS);
    if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
    return;
  }
  health("good", "Serving");
  find("board").hidden = false;
  find("sign-in").hidden = true;
  find("sign-out").hidden = !isSignedIn();
  draw();
  start();
  timer = setTimeout(refresh, REFRESH_MILLISECONDS);
}

function draw() {
  showOverview(summary);
  drawRate(summary.rate, find("rate"), find("rate-text"));
  // What has the focus stays in place: a table is drawn anew only while nobody is in it.
  if (!find("snapshots").contains(document.activeElement) && !find("batches").contains(document.activeElement)) {
    showFiles(summary);
  }
  const user = summary.user ? `, signed in as ${summary.user}` : "";
  find("about").textContent = `Wikifeed ${summary.version}; gRPC at ${summary.grpc_address}${user}`;
}

function start() {
  const onSignIn = (message) => askToSignIn(message);
  if (ticker === null) {
    find("ticker-empty").replaceChildren("No changes yet: ", el("code", {}, IMPORT));
    ticker = startTicker({ onState: (isConnected) => isConnected || health("bad", "Reconnecting"), onSignIn });
    explorer = startExplorer({ grpcAddress: () => summary.grpc_address, onSignIn });
  }
  const projects = summary.projects.map((project) => project.identifier);
  ticker.projects(projects);
  explorer.projects(projects);
}

function health(state, text) {
  find("health").dataset.state = state;
  if (find("health-text").textContent !== text) find("health-text").textContent = text;
}

function askToSignIn(message) {
  clearTimeout(timer);
  signOut();
  ticker?.stop();
  health("", "Signed out");
  find("board").hidden = true;
  find("sign-out").hidden = true;
  find("sign-in").hidden = false;
  find("sign-in-error").textContent = message;
  find("username").focus();
}

async function enter(event, how) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  find("sign-in-error").textContent = "";
  try {
    await how();
    event.target.reset();
    await refresh();
    if (isSignedIn()) {
      ticker?.begin();
      find("content").focus();
    }
  } catch (error) {
    find("sign-in-error").textContent = error instanceof Refused ? error.message : "The server does not answer.";
  } finally {
    button.disabled = false;
  }
}

find("password-form").addEventListener("submit", (event) =>
  enter(event, () => signIn(find("username").value, find("password").value)),
);
find("key-form").addEventListener("submit", (event) => enter(event, async () => useKey(find("api-key").value.trim())));
find("sign-out").addEventListener("click", () => askToSignIn(""));
refresh();
