/** One thing to do, in the suite's words. */

import type { Client, messages } from "../src/index.js";
import type { Observation } from "./observation.js";

/** Which of the parameters an action has is told by `do`. */
export interface Action {
  readonly do: string;
  readonly project: string;
  readonly namespace?: number;
  readonly title: string;
  readonly titles?: readonly string[];
  readonly page_id?: number;
  readonly page_ids?: readonly number[];
  readonly revision_id?: number;
  readonly read_mask?: readonly string[];
  readonly page_size?: number;
  readonly limit?: number;
  readonly start?: "oldest" | "newest" | { readonly after?: number; readonly since?: string };
  readonly take: number;
  readonly filter?: {
    readonly projects?: string[];
    readonly namespaces?: number[];
    readonly languages?: string[];
    readonly event_types?: (keyof typeof messages.EventType)[];
    readonly page_ids?: number[];
  };
  readonly options?: {
    readonly read_mask?: readonly string[];
    readonly no_body?: boolean;
    readonly max_batch_size?: number;
    readonly max_delay_seconds?: number;
    readonly share?: readonly [index: number, count: number];
    readonly allow_compacted?: boolean;
    readonly max_unacknowledged?: number;
  };
  readonly until?: number;
  readonly on_expired?: "raise" | "begin_again";
  readonly checkpoint?: string;
  readonly name: string;
  readonly acknowledge?: "all" | readonly number[];
  readonly credit?: number;
  readonly identifier: string;
  readonly offset?: number;
  readonly content?: keyof typeof messages.SnapshotContent;
  readonly format?: keyof typeof messages.SnapshotFormat;
  readonly chunk_size_bytes?: number;
  readonly hour?: string;
  readonly projects?: readonly string[];
  readonly languages?: readonly string[];
  readonly namespaces?: readonly number[];
  readonly first_day?: string;
  readonly last_day?: string;
}

/** An action with what does it, the folder for its files, and what is observed meanwhile. */
export interface Doing {
  readonly client: Client;
  readonly action: Action;
  readonly folder: string;
  readonly seen: Observation;
}

/** What does each action, by name. */
export type Acts = Readonly<Record<string, (doing: Doing) => Promise<void>>>;
