/** What a call brings, one message after the other, with an eye on how long nothing came. */

import type { ClientDuplexStream, ClientReadableStream } from "@grpc/grpc-js";

import { errorOfCall, UnavailableError } from "./errors.js";

/** A call whose messages are taken one at a time. How long the caller takes between two does not count as silence. */
export class Incoming<Message> {
  #error: unknown;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(
    private readonly call: ClientReadableStream<Message> | ClientDuplexStream<never, Message>,
    private readonly silenceMs: number,
  ) {
    const wake = (): void => this.#wake?.();
    call.on("readable", wake);
    call.on("end", () => {
      this.#isOver = true;
      wake();
    });
    call.on("error", (error: unknown) => {
      this.#error ??= errorOfCall(error);
      this.#isOver = true;
      wake();
    });
  }

  /** The next message; undefined at the end. Throws what the call ended with, and UnavailableError for silence. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const message = this.call.read() as Message | null;
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
    this.call.cancel();
  }

  /** Wait until there is something to look at; false where there is not for too long. */
  #something(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(came);
      };
      const timer = setTimeout(() => done(false), this.silenceMs);
      this.#wake = () => done(true);
    });
  }
}
