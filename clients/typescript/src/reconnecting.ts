/** After which wait a stream that ended is opened again. */

import { whenAborted } from "./signals.js";

/**
 * How streams are opened again.
 *
 * The wait doubles from `firstMs` to `longestMs`, and each is shortened by up to half at random, so that many clients do not
 * come back at once. A stream on which nothing came for `silenceMs` is taken for dead: servers send something every 20
 * seconds. Silence is measured by a clock that does not jump.
 */
export interface Reconnecting {
  /** The first wait; 100 unless set. */
  readonly firstMs: number;
  /** The longest wait; 10,000 unless set. */
  readonly longestMs: number;
  /** After how long without a message a stream counts as cut; 45,000 unless set. */
  readonly silenceMs: number;
}

export const RECONNECTING: Reconnecting = { firstMs: 100, longestMs: 10_000, silenceMs: 45_000 };

/** The waits between tries, from the last thing that came on. */
export class Backoff {
  #next: number;
  tries = 0;

  constructor(
    private readonly options: Reconnecting,
    private readonly jitter: () => number = Math.random,
  ) {
    this.#next = options.firstMs;
  }

  /** Something came: the next wait is the first again. */
  reset(): void {
    this.#next = this.options.firstMs;
    this.tries = 0;
  }

  /** How many milliseconds to wait before the next try. */
  waitMs(): number {
    const full = Math.min(this.#next, this.options.longestMs);
    this.#next = Math.min(full * 2, this.options.longestMs);
    this.tries += 1;
    return full * (1 - this.jitter() / 2);
  }
}

/** Wait, or until one of the signals is given. */
export async function pause(milliseconds: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  let stopListening = (): void => undefined;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stopListening = whenAborted(signals, () => {
      clearTimeout(timer);
      resolve();
    });
  });
  stopListening();
}
