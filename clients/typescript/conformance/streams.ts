/** The actions that follow the log. */

import { join } from "node:path";

import { FileCheckpoint, type Filter, messages, type Start } from "../src/index.js";
import type { Action, Acts, Doing } from "./action.js";
import { take } from "./observation.js";

export const STREAM_ACTS: Acts = { changes: follow, subscribe };

async function follow({ client, action, folder, seen }: Doing): Promise<void> {
  const stream = client.changes({
    ...filterOf(action),
    start: startOf(action) ?? "newest",
    until: action.until ?? 0,
    checkpoint: action.checkpoint === undefined ? undefined : new FileCheckpoint(join(folder, action.checkpoint)),
  });
  for await (const change of stream) {
    take(seen, change);
    if (seen.offsets.length === action.take) {
      break;
    }
  }
}

async function subscribe({ client, action, seen }: Doing): Promise<void> {
  let taken = 0;
  for await (const delivery of client.subscribe(action.name, { start: startOf(action), credit: action.credit })) {
    taken += 1;
    delivery.changes.forEach((change) => take(seen, change));
    if (action.acknowledge === undefined || action.acknowledge === "all" || action.acknowledge.includes(taken)) {
      delivery.acknowledge();
    }
    if (taken === action.take) {
      break;
    }
  }
}

function startOf({ start }: Action): Start | undefined {
  if (typeof start !== "object") {
    return start;
  }
  return start.since === undefined ? { after: start.after ?? 0 } : { since: new Date(start.since) };
}

function filterOf({ filter }: Action): Filter {
  const { projects, namespaces, languages, event_types: eventTypes, page_ids: pageIds } = filter ?? {};
  return { projects, namespaces, languages, eventTypes: eventTypes?.map((name) => messages.EventType[name]), pageIds };
}
