/** What is observed of an action. */

import type { messages } from "../src/index.js";

/** An error in the suite's words. */
export interface ErrorSeen {
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What came of one action. */
export interface Observation {
  readonly offsets: number[];
  readonly names: string[];
  readonly missing: Record<string, ErrorSeen>;
  readonly snapshots: string[];
  /** Each article by its name, serialized, in base64. */
  readonly articles: Record<string, string>;
  readonly projects: string[];
  readonly log: number[];
  readonly subscriptions: string[];
  readonly usage: string[];
  readonly batches: string[];
  readonly files: Record<string, string>;
  checkpoint?: number | undefined;
  mirror?: unknown;
  account?: string | undefined;
  error?: ErrorSeen;
}

/** What there is before anything came. */
export function nothingSeen(): Observation {
  return {
    offsets: [],
    names: [],
    missing: {},
    snapshots: [],
    articles: {},
    projects: [],
    log: [],
    subscriptions: [],
    usage: [],
    batches: [],
    files: {},
  };
}

/** A change came. */
export function take(seen: Observation, change: messages.Change): void {
  seen.offsets.push(Number(change.offset));
  seen.names.push(change.article?.name ?? "");
}

/** A snapshot was told of. */
export function takeSnapshot(seen: Observation, { identifier, offset }: messages.Snapshot): void {
  seen.snapshots.push(`${identifier} ${offset}`);
}

/** A subscription was told of. */
export function takeSubscription(seen: Observation, { name, acknowledgedOffset }: messages.Subscription): void {
  seen.subscriptions.push(`${name} ${acknowledgedOffset}`);
}
