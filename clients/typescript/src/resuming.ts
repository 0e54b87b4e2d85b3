/**
 * A stream of changes that outlives its calls: what to ask for, what to hand out, what to do when a call ends.
 *
 * Promises:
 *
 * 1. Every change is handed out once, in the order of offsets, however often calls are cut off: the next call starts after
 *    what the last one brought, and what a server sends again is dropped.
 * 2. `handled` is the offset through which the caller is done: it moves when the caller asks for more, never before.
 * 3. Errors that do not pass are thrown at once, the expiry of the cursor among them.
 *
 * Nothing here does input or output, or waits.
 */

import type { Change, StreamChangesRequest, StreamChangesResponse } from "@wikifeed/proto/v1";

import { isPassing } from "./errors.js";
import { Backoff, type Reconnecting } from "./reconnecting.js";

/** Changes that came together, maybe none; all through `throughOffset` came or does not pass the filter. */
export interface ChangeBatch {
  readonly changes: readonly Change[];
  readonly throughOffset: bigint;
}

/** One stream for the caller, made of one call after the other. */
export class Resumption {
  /** The offset through which the caller is done, for it asked for what follows. */
  handled: bigint | undefined;
  #through: bigint | undefined;
  #handedOut: bigint | undefined;
  #waiting: readonly Change[] = [];
  #at = 0;
  #isFresh = false;
  readonly #backoff: Backoff;

  constructor(
    private readonly asked: StreamChangesRequest,
    options: Reconnecting,
  ) {
    this.#backoff = new Backoff(options);
    this.#through = asked.start?.$case === "afterOffset" ? asked.start.value : undefined;
    this.#handedOut = this.#through;
  }

  /** Begin there, whatever the request says. */
  beginAfter(offset: bigint): void {
    this.#through = this.#handedOut = offset;
  }

  /** What the next call asks for. */
  request(): StreamChangesRequest {
    return this.#through === undefined
      ? this.asked
      : { ...this.asked, start: { $case: "afterOffset", value: this.#through } };
  }

  /** Whether all that was asked for has come. */
  get isAtEnd(): boolean {
    return this.asked.untilOffset > 0n && this.#through !== undefined && this.#through >= this.asked.untilOffset;
  }

  /** Take a response. Those before it must all have been handed out. */
  received(response: StreamChangesResponse): void {
    this.#backoff.reset();
    const known = this.#through;
    const { changes, throughOffset } = response;
    const comesAgain = known !== undefined && changes.length > 0 && (changes[0] as Change).offset <= known;
    this.#waiting = comesAgain ? changes.filter((change) => change.offset > known) : changes;
    this.#at = 0;
    this.#through = known === undefined || throughOffset > known ? throughOffset : known;
    this.#isFresh = true;
  }

  /** The next change; undefined when another response is needed. Asking says that the one before is handled. */
  nextChange(): Change | undefined {
    this.handled = this.#handedOut;
    const change = this.#waiting[this.#at];
    if (change === undefined) {
      this.handled = this.#handedOut = this.#through;
      return undefined;
    }
    this.#at += 1;
    this.#handedOut = this.#at < this.#waiting.length ? change.offset : this.#through;
    return change;
  }

  /** All that the last response brought; undefined when another is needed. Asking says as `nextChange`. */
  nextBatch(): ChangeBatch | undefined {
    this.handled = this.#handedOut;
    if (!this.#isFresh || this.#through === undefined) {
      return undefined;
    }
    this.#isFresh = false;
    this.#handedOut = this.#through;
    const changes = this.#waiting;
    this.#waiting = [];
    return { changes, throughOffset: this.#through };
  }

  /** How many milliseconds to wait before the next call, after one that ended with an error. Throws what stays. */
  failed(error: unknown): number {
    if (!isPassing(error)) {
      throw error;
    }
    return this.#backoff.waitMs();
  }

  /** The same after a call that ended well though it should not. */
  ended(): number {
    return this.#backoff.waitMs();
  }
}
