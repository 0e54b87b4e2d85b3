/** Durable subscriptions: the server keeps the place, under a name. */

import { status as Code, type ClientDuplexStream } from "@grpc/grpc-js";
import {
  type Change,
  type OpenSubscription,
  SubscribeRequest,
  type SubscribeResponse,
  type Subscription as State,
} from "@wikifeed/proto/v1";

import { isPassing, NotFoundError, WikifeedError } from "./errors.js";
import { Incoming } from "./incoming.js";
import { Backoff, pause, type Reconnecting } from "./reconnecting.js";
import { type Filter, filterOf, openRequest, type Start, type SubscribeOptions, timestampOf } from "./requests.js";
import { whenAborted } from "./signals.js";

// How long closing waits for the server to store what was acknowledged.
const FAREWELL_MS = 5000;

/** Changes to handle, then to acknowledge. */
export interface Delivery {
  /** The changes, those of each page in the order of their offsets. */
  readonly changes: readonly Change[];
  /** Through which offset every change of this client's pages was delivered or did not pass. */
  readonly throughOffset: bigint;
  /**
   * Say that this delivery and all before it were handled: they do not come again. False where the call that brought it is
   * over: then it comes again.
   */
  acknowledge(): boolean;
}

type Duplex = ClientDuplexStream<SubscribeRequest, SubscribeResponse>;

interface Call {
  readonly duplex: Duplex;
  readonly incoming: Incoming<SubscribeResponse>;
  isOver: boolean;
}

/** What a subscription needs of the client. */
export interface Subscribing {
  readonly reconnecting: Reconnecting;
  /** Given once the client is closed. */
  readonly closing: AbortSignal;
  open(): Promise<Duplex>;
  oldestOffset(): Promise<bigint>;
}

/**
 * Deliveries of a subscription, for ever: for `for await`. What it promises is in `Client.subscribe`. Leaving the loop ends it;
 * so do `close`, the signal that was given, and closing the client: then the loop ends without an error.
 */
export class Subscription implements AsyncIterable<Delivery>, AsyncDisposable {
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  readonly #opening: OpenSubscription;
  #start: Start | undefined;
  #call: Call | undefined;
  #taken = 0;
  #isPaused = false;
  #state: State | undefined;
  #shareCount = 0;
  #farewell: Promise<void> | undefined;
  readonly #stopListening: (() => void) | undefined;

  constructor(
    private readonly client: Subscribing,
    name: string,
    options: SubscribeOptions,
  ) {
    this.#backoff = new Backoff(client.reconnecting);
    this.#opening = openRequest(name, options);
    this.#start = options.start;
    const signals = [options.signal, client.closing];
    this.#stopListening = whenAborted(signals, () => void this.close());
  }

  /** What the server told last of the subscription; undefined before it did. */
  get state(): State | undefined {
    return this.#state;
  }

  /** How many of the 64 shares of the pages this client has. */
  get shareCount(): number {
    return this.#shareCount;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Delivery, void, undefined> {
    try {
      while (!this.#closing.signal.aborted) {
        const delivery = await this.#next();
        if (delivery !== undefined) {
          yield delivery;
        }
      }
    } finally {
      await this.close();
    }
  }

  /** Hold deliveries back, or let them come; those on their way still come. */
  setPaused(paused: boolean): void {
    this.#isPaused = paused;
    this.#send({ $case: "paused", value: paused });
  }

  /** Replace the subscription's filter, for all of its clients. */
  setFilter(filter: Filter): void {
    const value = filterOf(filter);
    if (this.#opening.filter !== undefined) {
      this.#opening.filter = value;
    }
    this.#send({ $case: "filter", value });
  }

  /** Say that this client has said all, and wait until what it acknowledged is stored, 5 seconds at most. */
  close(): Promise<void> {
    this.#farewell ??= this.#close();
    return this.#farewell;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#stopListening?.();
    this.#closing.abort();
    const call = this.#call;
    if (call === undefined) {
      return;
    }
    this.#call = undefined;
    call.isOver = true;
    call.duplex.end();
    const timer = setTimeout(() => call.incoming.cancel(), FAREWELL_MS);
    try {
      while ((await call.incoming.next()) !== undefined) {
        // what still comes is delivered to the next client
      }
    } catch (error) {
      if (!(error instanceof WikifeedError)) {
        throw error;
      }
      // what was not stored is delivered again
    } finally {
      clearTimeout(timer);
      call.incoming.cancel();
    }
  }

  /** The next delivery; undefined for what only tells, and at the end. */
  async #next(): Promise<Delivery | undefined> {
    this.#topUp();
    let waitMs;
    try {
      const call = (this.#call ??= await this.#opened());
      if (this.#closing.signal.aborted) {
        this.#hangUp();
        return undefined;
      }
      const response = await call.incoming.next();
      if (this.#closing.signal.aborted) {
        return undefined;
      }
      if (response !== undefined) {
        return this.#received(call, response);
      }
      waitMs = this.#backoff.waitMs();
    } catch (error) {
      if (this.#closing.signal.aborted) {
        return undefined;
      }
      if (!isPassing(error)) {
        this.#hangUp();
        throw error;
      }
      waitMs = this.#backoff.waitMs();
    }
    if (!this.#closing.signal.aborted) {
      this.#hangUp();
      await pause(waitMs, this.#closing.signal);
    }
    return undefined;
  }

  #received(call: Call, response: SubscribeResponse): Delivery | undefined {
    this.#backoff.reset();
    if (response.subscription !== undefined) {
      this.#requireSame(response.subscription);
      this.#state = response.subscription;
      this.#shareCount = response.shareCount;
    }
    if (response.deliveryId === 0n) {
      return undefined;
    }
    const { changes, throughOffset, deliveryId } = response;
    this.#taken += changes.length;
    return {
      changes,
      throughOffset,
      acknowledge: () => {
        if (!call.isOver) {
          write(call, { $case: "acknowledge", value: deliveryId });
        }
        return !call.isOver;
      },
    };
  }

  /** A subscription that was deleted and made anew begins elsewhere: what lay between would be lost silently. */
  #requireSame(told: State): void {
    const known = this.#state?.dateCreated;
    const created = told.dateCreated;
    if (known && created && (known.seconds !== created.seconds || known.nanos !== created.nanos)) {
      const time = new Date(Number(created.seconds) * 1000).toISOString();
      const message = `the subscription ${told.name} was deleted, and made anew at ${time}`;
      const error = new NotFoundError(message, { code: Code.NOT_FOUND, reason: "SUBSCRIPTION_NOT_FOUND" });
      error.resourceName = told.name;
      throw error;
    }
  }

  /** Give credit back before the next delivery is awaited, where half of it is used up. */
  #topUp(): void {
    const credit = Number(this.#opening.credit);
    if (credit > 0 && this.#taken * 2 >= credit) {
      this.#send({ $case: "credit", value: BigInt(this.#taken) });
      this.#taken = 0;
    }
  }

  #send(action: NonNullable<SubscribeRequest["action"]>): void {
    if (this.#call !== undefined && !this.#call.isOver) {
      write(this.#call, action);
    }
  }

  async #opened(): Promise<Call> {
    await this.#settle();
    const duplex = await this.client.open();
    const call = {
      duplex,
      incoming: new Incoming<SubscribeResponse>(duplex as never, this.client.reconnecting.silenceMs),
      isOver: false,
    };
    const over = (): void => void (call.isOver = true);
    duplex.on("error", over).on("end", over);
    this.#taken = 0;
    write(call, { $case: "open", value: this.#opening });
    if (this.#isPaused) {
      write(call, { $case: "paused", value: true });
    }
    return call;
  }

  /** Name where a fresh subscription begins. The log is asked once, so that an opening that is cut leaves nothing out. */
  async #settle(): Promise<void> {
    if (this.#start === "oldest") {
      const oldest = await this.client.oldestOffset();
      this.#start = { after: oldest > 0n ? oldest - 1n : 0n };
    }
    if (typeof this.#start === "object") {
      this.#opening.start =
        "after" in this.#start
          ? { $case: "afterOffset", value: BigInt(this.#start.after) }
          : { $case: "since", value: timestampOf(this.#start.since) };
    }
  }

  #hangUp(): void {
    if (this.#call !== undefined) {
      this.#call.isOver = true;
      this.#call.incoming.cancel();
      this.#call = undefined;
    }
  }
}

function write(call: Call, action: NonNullable<SubscribeRequest["action"]>): void {
  call.duplex.write(SubscribeRequest.fromPartial({ action } as never));
}
