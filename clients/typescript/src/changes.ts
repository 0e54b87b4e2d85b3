/** The stream of changes. */

import type { Change, StreamChangesRequest, StreamChangesResponse } from "@wikifeed/proto/v1";

import type { CheckpointStore } from "./checkpoints.js";
import type { Incoming } from "./incoming.js";
import { pause, type Reconnecting } from "./reconnecting.js";
import type { Changes, Start } from "./requests.js";
import { type ChangeBatch, Resumption } from "./resuming.js";
import { whenAborted } from "./signals.js";

/** What to follow, and from where. */
export interface ChangesOptions extends Changes {
  /** Where to begin: "newest" unless set. What a checkpoint says goes before it. */
  readonly start?: Start;
  /** End once every change up to and including this offset was given. */
  readonly until?: bigint | number;
  /** Take what a compacted log has: of each page the last change only. */
  readonly allowCompacted?: boolean;
  /** Begin where it says, if it says something, and save there how far the caller is. */
  readonly checkpoint?: CheckpointStore;
  readonly signal?: AbortSignal;
}

/** Opens a call. */
export type OpenChanges = (request: StreamChangesRequest) => Promise<Incoming<StreamChangesResponse>>;

/**
 * Changes, one after the other, for ever: for `for await`. What it promises is in `Client.changes`. Leaving the loop ends it;
 * so do, from anywhere, `close`, the signal that was given, and closing the client: then the loop ends without an error.
 */
export class ChangeStream implements AsyncIterable<Change>, AsyncDisposable {
  readonly #core: Resumption;
  readonly #closing = new AbortController();
  #call: Incoming<StreamChangesResponse> | undefined;
  #saved: bigint | undefined;
  #isLoaded = false;
  readonly #stopListening: (() => void) | undefined;

  constructor(
    private readonly open: OpenChanges,
    request: StreamChangesRequest,
    reconnecting: Reconnecting,
    private readonly checkpoint: CheckpointStore | undefined,
    signals: readonly (AbortSignal | undefined)[],
  ) {
    this.#core = new Resumption(request, reconnecting);
    this.#stopListening = whenAborted(signals, () => this.close());
  }

  /** The offset through which the caller is done, for it asked for what follows; undefined before there is one. */
  get handledOffset(): bigint | undefined {
    return this.#core.handled;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, undefined> {
    try {
      await this.#load();
      for (;;) {
        const change = this.#core.nextChange();
        if (this.checkpoint !== undefined) {
          await this.#save(this.checkpoint);
        }
        if (change !== undefined) {
          yield change;
        } else if (!(await this.#receive())) {
          return;
        }
      }
    } finally {
      this.close();
    }
  }

  /** The same by batches as they come, those without changes included; a checkpoint is saved once a batch. */
  async *batches(): AsyncGenerator<ChangeBatch, void, undefined> {
    try {
      await this.#load();
      for (;;) {
        const batch = this.#core.nextBatch();
        if (this.checkpoint !== undefined) {
          await this.#save(this.checkpoint);
        }
        if (batch !== undefined) {
          yield batch;
        } else if (!(await this.#receive())) {
          return;
        }
      }
    } finally {
      this.close();
    }
  }

  /** End the stream: who waits for a change sees it end. */
  close(): void {
    this.#stopListening?.();
    this.#closing.abort();
    this.#hangUp();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #load(): Promise<void> {
    if (this.#isLoaded) {
      return;
    }
    this.#isLoaded = true;
    const offset = await this.checkpoint?.load();
    if (offset !== undefined) {
      this.#core.beginAfter(offset);
      this.#saved = offset;
    }
  }

  async #save(checkpoint: CheckpointStore): Promise<void> {
    const { handled } = this.#core;
    if (handled !== undefined && handled !== this.#saved) {
      await checkpoint.save(handled);
      this.#saved = handled;
    }
  }

  /** Have the core take a response; false at the end. */
  async #receive(): Promise<boolean> {
    while (!this.#closing.signal.aborted && !this.#core.isAtEnd) {
      let waitMs;
      try {
        this.#call ??= await this.open(this.#core.request());
        if (this.#closing.signal.aborted) {
          break;
        }
        const response = await this.#call.next();
        if (response !== undefined) {
          this.#core.received(response);
          return true;
        }
        if (this.#core.isAtEnd) {
          break;
        }
        waitMs = this.#core.ended();
      } catch (error) {
        if (this.#closing.signal.aborted) {
          break;
        }
        waitMs = this.#core.failed(error);
      }
      this.#hangUp();
      await pause(waitMs, this.#closing.signal);
    }
    this.#hangUp();
    return false;
  }

  #hangUp(): void {
    this.#call?.cancel();
    this.#call = undefined;
  }
}
