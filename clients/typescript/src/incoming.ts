/** What a call brings, one message after the other, with an eye on how long nothing came. */

import type { ClientDuplexStream, ClientReadableStream } from "@grpc/grpc-js";

import { errorOfCall, UnavailableError } from "./errors.js";
import { whenAborted } from "./signals.js";

/** A call whose messages are taken one at a time. How long the caller takes between two does not count as silence. */
export class Incoming<Message> {
  #error: unknown;
  #isOver = false;
  #isStopped = false;
  readonly #waiting = new Set<() => void>();
  readonly #stopListening: () => void;

  constructor(
    private readonly call: ClientReadableStream<Message> | ClientDuplexStream<never, Message>,
    private readonly silenceMs: number,
    signals: readonly (AbortSignal | undefined)[] = [],
  ) {
    call.on("readable", () => this.#wake());
    call.on("end", () => this.#end());
    call.on("error", (error: unknown) => this.#end(errorOfCall(error)));
    this.#stopListening = whenAborted(signals, (reason) => {
      this.#isStopped = true;
      this.#end(reason);
      call.cancel();
    });
  }

  /**
   * The next message; undefined at the end. Throws what the call ended with, the reason of the signal that ended it, and
   * UnavailableError for silence.
   */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const message = this.#isStopped ? null : (this.call.read() as Message | null);
      if (message !== null) {
        return message;
      }
      if (this.#error !== undefined) {
        throw this.#error;
      }
      if (this.#isOver) {
        return undefined;
      }
      if (!(await this.#something())) {
        this.cancel();
        throw new UnavailableError(`nothing came for ${this.silenceMs} ms`);
      }
    }
  }

  /** End the call. */
  cancel(): void {
    this.#stopListening();
    this.call.cancel();
  }

  #end(error?: unknown): void {
    this.#error ??= error;
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    this.#waiting.forEach((wake) => wake());
  }

  /** Wait until there is something to look at; false where there is not for too long. */
  #something(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(came);
      };
      const wake = (): void => done(true);
      const timer = setTimeout(() => done(false), this.silenceMs);
      this.#waiting.add(wake);
    });
  }
}
