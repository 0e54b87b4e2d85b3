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
  readonly batches: string[];
  readonly files: Record<string, string>;
  checkpoint?: number | undefined;
  account?: string | undefined;
  error?: ErrorSeen;
}

/** A change came. */
export function take(seen: Observation, change: messages.Change): void {
  seen.offsets.push(Number(change.offset));
  seen.names.push(change.article?.name ?? "");
}
