/**
 * Files on their way to a folder.
 *
 * A piece whose CRC-32C is wrong, or that is not the next one, is not written. What lies in the folder is not fetched again,
 * after a cut as after a restart.
 */

import { mkdir } from "node:fs/promises";

import { DamagedDataError, isPassing, UnavailableError } from "./errors.js";
import type { Incoming } from "./incoming.js";
import { Part, type Piece, type StoredFile } from "./part.js";
import { Backoff, pause, type Reconnecting } from "./reconnecting.js";
import { whenAborted } from "./signals.js";

// How often in a row calls may bring nothing.
const TRIES = 20;
const DAMAGED_TRIES = 3;
const REJECTED_FILES = 2;
const PARALLEL = 4;

/** How far an export is, what lay in the folder included. */
export interface ExportProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** The file that grew. */
  readonly fileName: string;
}

/** How to fetch files. */
export interface FetchOptions {
  /** Called whenever something came. */
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
}

/** A file to fetch: what the server says of it, and the call that asks for its bytes from a position on. */
export interface Remote {
  readonly file: StoredFile;
  readonly open: (position: bigint) => Promise<Incoming<Piece>>;
}

/** Have files in a folder, whole and verified; their paths. `closing` is given once the client is closed. */
export async function exportFiles(
  remotes: readonly Remote[],
  folder: string,
  options: FetchOptions & { readonly parallel?: number },
  reconnecting: Reconnecting,
  closing: AbortSignal,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const waiting = remotes.map(({ file, open }, number) => ({ part: new Part(folder, file, number), open }));
  const parts = waiting.map(({ part }) => part);
  const totalBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  const tell = (part: Part): void =>
    options.onProgress?.({
      doneBytes: parts.reduce((sum, each) => sum + each.position, 0),
      totalBytes,
      fileName: part.name,
    });
  // The first error ends all; what came stays in the folder.
  const stopping = new AbortController();
  const stopListening = whenAborted([options.signal, closing], (reason) => stopping.abort(reason));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await new Fetch(next.open, next.part, tell, stopping.signal, reconnecting).run();
    }
  };
  const workers = Array.from({ length: options.parallel ?? PARALLEL }, () =>
    work().catch((error: unknown) => {
      stopping.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  stopListening();
  stopping.signal.throwIfAborted();
  return parts.map((part) => part.path);
}

/** One file that is being fetched: as many calls as it takes. */
class Fetch {
  readonly #backoff: Backoff;
  #damaged = 0;
  #rejected = 0;

  constructor(
    private readonly open: Remote["open"],
    private readonly part: Part,
    private readonly tell: (part: Part) => void,
    private readonly stopping: AbortSignal,
    reconnecting: Reconnecting,
  ) {
    this.#backoff = new Backoff(reconnecting);
  }

  async run(): Promise<void> {
    const { part, stopping } = this;
    try {
      let isWhole = await part.look();
      this.tell(part);
      while (!isWhole && !stopping.aborted) {
        const waitMs = part.isComplete ? 0 : await this.#pull();
        isWhole = await this.#finish();
        if (!isWhole) {
          await pause(waitMs, stopping);
        }
      }
    } finally {
      await part.close();
    }
  }

  /** Make one call and take what it brings; how many milliseconds to wait before the next. */
  async #pull(): Promise<number> {
    const call = await this.open(BigInt(this.part.position));
    const cancel = (): void => call.cancel();
    this.stopping.addEventListener("abort", cancel, { once: true });
    try {
      for (let piece = await call.next(); piece !== undefined; piece = await call.next()) {
        await this.part.add(piece);
        if (piece.data.length > 0) {
          this.#backoff.reset();
          this.#damaged = 0;
        }
        this.tell(this.part);
      }
      return this.part.isComplete ? 0 : this.#failed(new UnavailableError("the export ended early"));
    } catch (error) {
      if (this.stopping.aborted) {
        return 0;
      }
      return error instanceof DamagedDataError && !this.part.isComplete ? this.#refused(error) : this.#failed(error);
    } finally {
      this.stopping.removeEventListener("abort", cancel);
      call.cancel();
    }
  }

  /** Give the file its name once all of it is there; whether it is. */
  async #finish(): Promise<boolean> {
    if (!this.part.isComplete || this.stopping.aborted) {
      return false;
    }
    const isRight = await this.part.finish();
    if (!isRight) {
      this.#rejected += 1;
      if (this.#rejected === REJECTED_FILES) {
        throw new DamagedDataError(`${this.part.name}: its SHA-256 is not what the server says`);
      }
    }
    return isRight;
  }

  #failed(error: unknown): number {
    if (!isPassing(error) || this.#backoff.tries >= TRIES) {
      throw error;
    }
    return this.#backoff.waitMs();
  }

  #refused(error: DamagedDataError): number {
    this.#damaged += 1;
    if (this.#damaged >= DAMAGED_TRIES) {
      throw error;
    }
    return this.#backoff.waitMs();
  }
}
