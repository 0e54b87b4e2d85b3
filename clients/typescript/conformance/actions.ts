/** What the suite tells a client to do. */

import { join } from "node:path";

import { type Client, FileCheckpoint, type Filter, messages, type Start } from "../src/index.js";
import { described } from "./errors.js";
import { type Observation, take } from "./observation.js";

/** One thing to do; which of the parameters it has is told by `do`. */
export interface Action {
  readonly do: string;
  readonly project: string;
  readonly title: string;
  readonly titles: readonly string[];
  readonly page_id?: number;
  readonly read_mask?: readonly string[];
  readonly page_size: number;
  readonly start?: "oldest" | "newest" | { readonly after?: number; readonly since?: string };
  readonly take: number;
  readonly filter?: {
    readonly projects?: string[];
    readonly namespaces?: number[];
    readonly languages?: string[];
    readonly event_types?: (keyof typeof messages.EventType)[];
    readonly page_ids?: number[];
  };
  readonly until?: number;
  readonly checkpoint?: string;
  readonly name: string;
  readonly acknowledge?: "all" | readonly number[];
  readonly credit?: number;
  readonly identifier: string;
  readonly hour?: string;
  readonly projects?: readonly string[];
}

export async function perform(client: Client, action: Action, folder: string, seen: Observation): Promise<void> {
  const fields = action.read_mask ?? [];
  switch (action.do) {
    case "get":
      seen.names.push((await client.get(action.project, action.page_id ?? action.title, { fields })).name);
      break;
    case "batch_get":
      for await (const outcome of client.batchGet(
        action.titles.map((title) => [action.project, title] as const),
        { fields },
      )) {
        if (outcome.article !== undefined) {
          seen.names.push(outcome.article.name);
        } else {
          seen.missing[outcome.index] = described(outcome.error);
        }
      }
      break;
    case "lookup":
      seen.names.push(...(await client.lookup(action.title)).map((match) => match.article?.name ?? ""));
      break;
    case "list":
      for await (const article of client.list(action.project, { pageSize: action.page_size })) {
        seen.names.push(article.name);
      }
      break;
    case "changes":
      await follow(client, action, folder, seen);
      break;
    case "subscribe":
      await subscribe(client, action, seen);
      break;
    case "export":
      await client.export(action.identifier, folder);
      break;
    case "batches":
      await listBatches(client, action, seen);
      break;
    case "export_batch":
      await client.exportBatch(await client.batch(new Date(action.hour ?? ""), action.identifier), folder);
      break;
    case "account":
      seen.account = (await client.account()).account?.username;
      break;
    default:
      throw new Error(`there is no action ${action.do}`);
  }
}

async function follow(client: Client, action: Action, folder: string, seen: Observation): Promise<void> {
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

async function subscribe(client: Client, action: Action, seen: Observation): Promise<void> {
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

async function listBatches(client: Client, action: Action, seen: Observation): Promise<void> {
  const hour = action.hour === undefined ? undefined : new Date(action.hour);
  for await (const batch of client.batches({ hour, projects: action.projects })) {
    const began = new Date(Number(batch.hour?.seconds) * 1000);
    seen.batches.push(`${began.toISOString().replace(".000Z", "Z")} ${batch.identifier}`);
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
