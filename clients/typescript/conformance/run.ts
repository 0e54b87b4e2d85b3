/** The runner of this client for the conformance suite: what it reads and answers is told in its README. */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Client, FileCheckpoint } from "../src/index.js";
import type { Action } from "./action.js";
import { perform } from "./actions.js";
import { described } from "./errors.js";
import { MIRROR, mirrored, SNAPSHOT } from "./mirrored.js";
import { nothingSeen, type Observation } from "./observation.js";

interface Order {
  readonly address: string;
  readonly folder: string;
  readonly settings: {
    readonly key?: string;
    readonly silence_seconds?: number;
    readonly first_wait_seconds?: number;
    readonly longest_wait_seconds?: number;
    readonly timeout_seconds?: number;
  };
  readonly actions: readonly Action[];
}

function clientOf({ address, settings }: Order): Client {
  return new Client(address, {
    key: settings.key,
    deadlineMs: settings.timeout_seconds === undefined ? undefined : settings.timeout_seconds * 1000,
    reconnecting: {
      firstMs: (settings.first_wait_seconds ?? 0.01) * 1000,
      longestMs: (settings.longest_wait_seconds ?? 0.05) * 1000,
      silenceMs: (settings.silence_seconds ?? 20) * 1000,
    },
  });
}

async function observe(order: Order, action: Action): Promise<Observation> {
  const { folder } = order;
  const seen = nothingSeen();
  const client = clientOf(order);
  try {
    await perform({ client, action, folder, seen });
  } catch (error) {
    seen.error = described(error);
  } finally {
    client.close();
  }
  await lookInto(folder, action, seen);
  return seen;
}

/** See what the action left in the folder. */
async function lookInto(folder: string, action: Action, seen: Observation): Promise<void> {
  if (action.checkpoint !== undefined) {
    const offset = await new FileCheckpoint(join(folder, action.checkpoint)).load();
    seen.checkpoint = offset === undefined ? undefined : Number(offset);
  }
  if (action.do === "mirror") {
    seen.mirror = await mirrored(join(folder, MIRROR));
    await lookAtFiles(join(folder, SNAPSHOT), seen);
  }
  if (action.do === "export" || action.do === "export_batch") {
    await lookAtFiles(folder, seen);
  }
}

async function lookAtFiles(folder: string, seen: Observation): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".part")) {
      seen.files[name] = createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex");
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  const observations: Observation[] = [];
  for (const action of order.actions) {
    observations.push(await observe(order, action));
  }
  process.stdout.write(`${JSON.stringify({ observations })}\n`);
}
process.exit(0);
