/** One file of a snapshot, or that of a batch, on its way into a folder. */

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { crc32c } from "@node-rs/crc32";
import type { Chunk, ExportBatchResponse, ExportSnapshotResponse } from "@wikifeed/proto/v1";

import { syncFolder } from "./checkpoints.js";
import { DamagedDataError } from "./errors.js";

const READ_BYTES = 1 << 20;

/** What the server says of a file: a chunk says it, and a batch. */
export type StoredFile = Pick<Chunk, "fileName" | "sizeBytes" | "sha256">;

/** Bytes of a file. Those of a batch, which has one file, come without a chunk's number. */
export type Piece = ExportBatchResponse & Partial<Pick<ExportSnapshotResponse, "chunkNumber">>;

/**
 * A file has its name only when it is whole and its SHA-256 is what the server said; until then it is a hidden ".part" file,
 * named after that sum, so that parts of two snapshots never mix.
 */
export class Part {
  readonly path: string;
  readonly sizeBytes: number;
  position = 0;
  readonly #part: string;
  #file: FileHandle | undefined;
  #digest: Hash = createHash("sha256");

  constructor(
    folder: string,
    private readonly stored: StoredFile,
    private readonly number: number,
  ) {
    const name = stored.fileName;
    if (name === "" || name.startsWith(".") || basename(name) !== name) {
      throw new DamagedDataError(`the server names a file ${JSON.stringify(name)}, which is no plain file name`);
    }
    this.path = join(folder, name);
    this.sizeBytes = Number(stored.sizeBytes);
    this.#part = join(folder, `.${name}.${stored.sha256.slice(0, 16)}.part`);
  }

  get name(): string {
    return this.stored.fileName;
  }

  get isComplete(): boolean {
    return this.position === this.sizeBytes;
  }

  /** Take up what lies in the folder; whether the file is there whole. */
  async look(): Promise<boolean> {
    if ((await sizeOf(this.path)) === this.sizeBytes && (await this.#takeUp(this.path))) {
      return true;
    }
    const size = await sizeOf(this.#part);
    if (size !== undefined && size <= this.sizeBytes) {
      await this.#takeUp(this.#part);
    } else {
      await this.#beginAnew();
    }
    return false;
  }

  /** Write a piece. Throws DamagedDataError when it is not the next one, or not what its sum says. */
  async add(piece: Piece): Promise<void> {
    if ((piece.chunkNumber ?? 0) !== this.number || Number(piece.position) !== this.position) {
      throw new DamagedDataError(`${this.name}: a piece of another place came than byte ${this.position}`);
    }
    if (crc32c(piece.data as Buffer) !== piece.crc32c) {
      throw new DamagedDataError(`${this.name}: the piece at byte ${this.position} is damaged`);
    }
    if (this.position + piece.data.length > this.sizeBytes) {
      throw new DamagedDataError(`${this.name}: more came than its ${this.sizeBytes} bytes`);
    }
    this.#file ??= await open(this.#part, "a");
    try {
      await this.#file.appendFile(piece.data);
    } catch (error) {
      throw this.#told(error as Error);
    }
    this.#digest.update(piece.data);
    this.position += piece.data.length;
  }

  /** Give the whole file its name; whether it was what the server said. One that was not is begun anew. */
  async finish(): Promise<boolean> {
    if (this.#digest.digest("hex") !== this.stored.sha256) {
      await this.#beginAnew();
      return false;
    }
    this.#file ??= await open(this.#part, "a");
    await this.#file.sync();
    await this.close();
    await rename(this.#part, this.path);
    await syncFolder(dirname(this.path));
    return true;
  }

  /** Let go of the file. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Continue the sum over a file's bytes; whether it is that of the whole. */
  async #takeUp(path: string): Promise<boolean> {
    this.#digest = createHash("sha256");
    this.position = 0;
    const file = await open(path, "r");
    try {
      const block = Buffer.allocUnsafe(READ_BYTES);
      for (let { bytesRead } = await file.read(block); bytesRead > 0; { bytesRead } = await file.read(block)) {
        this.#digest.update(block.subarray(0, bytesRead));
        this.position += bytesRead;
      }
    } finally {
      await file.close();
    }
    return this.#digest.copy().digest("hex") === this.stored.sha256;
  }

  async #beginAnew(): Promise<void> {
    await this.close();
    await (await open(this.#part, "w")).close();
    this.#digest = createHash("sha256");
    this.position = 0;
  }

  /** The system's error with what it means for the export. What was written of a piece is right, for its sum was. */
  #told(error: Error): Error {
    const place = `${this.path}, at byte ${this.position} of ${this.sizeBytes}`;
    error.message += `: ${place}; what came is kept, and the next export goes on`;
    return error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
