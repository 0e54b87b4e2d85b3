/** The actions that follow the log. */

import { join } from "node:path";

import { type Changes, FileCheckpoint, messages, type Start, type SubscribeOptions } from "../src/index.js";
import type { Action, Acts, Doing } from "./action.js";
import { take } from "./observation.js";

export const STREAM_ACTS: Acts = { changes: follow, subscribe };

async function follow({ client, action, folder, seen }: Doing): Promise<void> {
  const stream = client.changes({
    ...changesOf(action),
    allowCompacted: action.options?.allow_compacted,
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
  for await (const delivery of client.subscribe(action.name, openingOf(action))) {
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

/** Which changes to send, and what of them. */
function changesOf({ filter = {}, options = {} }: Action): Changes {
  const { max_delay_seconds: seconds, share } = options;
  return {
    projects: filter.projects,
    namespaces: filter.namespaces,
    languages: filter.languages,
    eventTypes: filter.event_types?.map((name) => messages.EventType[name]),
    pageIds: filter.page_ids,
    share: share === undefined ? undefined : { index: share[0], count: share[1] },
    fields: options.read_mask,
    noBody: options.no_body,
    maxBatchSize: options.max_batch_size,
    maxDelayMs: seconds === undefined ? undefined : seconds * 1000,
  };
}

/** How a subscription is opened: where nothing is said of its changes, it keeps the filter that it has. */
function openingOf(action: Action): SubscribeOptions {
  const { credit, filter, options } = action;
  return {
    changes: filter === undefined && options === undefined ? undefined : changesOf(action),
    start: startOf(action),
    credit,
    maxUnacknowledged: options?.max_unacknowledged,
  };
}
