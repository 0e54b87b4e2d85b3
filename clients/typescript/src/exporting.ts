/**
 * Snapshots on their way to a folder.
 *
 * A piece whose CRC-32C is wrong, or that is not the next one, is not written. What lies in the folder is not fetched again,
 * after a cut as after a restart.
 */

import { mkdir } from "node:fs/promises";

import { status as Code } from "@grpc/grpc-js";
import {
  CreateSnapshotRequest,
  type CreateSnapshotResponse,
  type ExportSnapshotRequest,
  type ExportSnapshotResponse,
  GetSnapshotRequest,
  type GetSnapshotResponse,
  type Snapshot,
  SnapshotContent,
  SnapshotFormat,
  SnapshotState,
} from "@wikifeed/proto/v1";

import { DamagedDataError, isPassing, UnavailableError, WikifeedError } from "./errors.js";
import type { Incoming } from "./incoming.js";
import { Part } from "./part.js";
import { Backoff, pause, type Reconnecting } from "./reconnecting.js";
import { whenAborted } from "./signals.js";

// How often in a row calls may bring nothing.
const TRIES = 8;
const DAMAGED_TRIES = 3;
const REJECTED_FILES = 2;
const PARALLEL = 4;
// The milliseconds between looks whether a snapshot is written: soon at first, for most are small.
const READY_POLLS_MS = [50, 100, 200, 500, 1000];
const LATER_POLLS_MS = 2000;

/** Which snapshot of a project's namespace: what it holds of each article, and the form of its files. */
export interface SnapshotKind {
  readonly project: string;
  readonly namespace?: bigint | number;
  readonly content?: SnapshotContent;
  readonly format?: SnapshotFormat;
}

/** How far an export is, what lay in the folder included. */
export interface ExportProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** The file that grew. */
  readonly fileName: string;
}

/** How to export. */
export interface ExportOptions {
  /** The snapshot's offset; the newest that is ready unless set. */
  readonly offset?: bigint | number;
  /** How many files to fetch at once; 4 unless set. */
  readonly parallel?: number;
  /** Called whenever something came. */
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
}

/** A snapshot that is in a folder: its files, in the order of their pages. */
export interface Export {
  readonly snapshot: Snapshot;
  readonly files: readonly string[];
}

/** What an export needs of the client. */
export interface Exporting {
  readonly reconnecting: Reconnecting;
  /** Given once the client is closed. */
  readonly closing: AbortSignal;
  get(request: GetSnapshotRequest): Promise<GetSnapshotResponse>;
  create(request: CreateSnapshotRequest): Promise<CreateSnapshotResponse>;
  open(request: ExportSnapshotRequest): Promise<Incoming<ExportSnapshotResponse>>;
}

/** The identifier that the server gives snapshots of this kind. */
export function snapshotIdentifier(kind: SnapshotKind): string {
  const contents: Partial<Record<SnapshotContent, string>> = {
    [SnapshotContent.WIKITEXT]: "_wikitext",
    [SnapshotContent.HTML]: "_html",
    [SnapshotContent.STRUCTURED]: "_structured",
  };
  const formats: Partial<Record<SnapshotFormat, string>> = {
    [SnapshotFormat.NDJSON_ZST]: "_zst",
    [SnapshotFormat.PARQUET]: "_parquet",
  };
  const content = contents[kind.content ?? SnapshotContent.JSON] ?? "";
  return `${kind.project}_namespace_${kind.namespace ?? 0}${content}${formats[kind.format ?? SnapshotFormat.NDJSON_TAR_GZ] ?? ""}`;
}

export async function createSnapshot(
  client: Exporting,
  kind: SnapshotKind,
  chunkSizeBytes: number,
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  const request = CreateSnapshotRequest.fromPartial({
    project: kind.project,
    namespace: BigInt(kind.namespace ?? 0),
    content: kind.content ?? SnapshotContent.JSON,
    format: kind.format ?? SnapshotFormat.NDJSON_TAR_GZ,
    chunkSizeBytes: BigInt(chunkSizeBytes),
  });
  let snapshot = snapshotOf(await client.create(request));
  for (let poll = 0; !isReady(snapshot); poll += 1) {
    await pause(READY_POLLS_MS[poll] ?? LATER_POLLS_MS, signal ?? client.closing);
    signal?.throwIfAborted();
    const { identifier, offset } = snapshot;
    snapshot = snapshotOf(await client.get(GetSnapshotRequest.fromPartial({ identifier, offset })));
  }
  return snapshot;
}

export async function exportSnapshot(
  client: Exporting,
  identifier: string,
  folder: string,
  options: ExportOptions,
): Promise<Export> {
  const found = await client.get(GetSnapshotRequest.fromPartial({ identifier, offset: BigInt(options.offset ?? 0) }));
  const snapshot = snapshotOf(found);
  await mkdir(folder, { recursive: true });
  const parts = found.chunks.map((chunk, number) => new Part(folder, snapshot, number, chunk));
  const totalBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  const tell = (part: Part): void =>
    options.onProgress?.({
      doneBytes: parts.reduce((sum, each) => sum + each.position, 0),
      totalBytes,
      fileName: part.name,
    });
  // The first error ends all; what came stays in the folder.
  const stopping = new AbortController();
  const stopListening = whenAborted([options.signal, client.closing], (reason) => stopping.abort(reason));
  const waiting = [...parts];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      await new Fetch(client, part, tell, stopping.signal).run();
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
  return { snapshot, files: parts.map((part) => part.path) };
}

/** One file that is being fetched: as many calls as it takes. */
class Fetch {
  readonly #backoff: Backoff;
  #damaged = 0;
  #rejected = 0;

  constructor(
    private readonly client: Exporting,
    private readonly part: Part,
    private readonly tell: (part: Part) => void,
    private readonly stopping: AbortSignal,
  ) {
    this.#backoff = new Backoff(client.reconnecting);
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
    const call = await this.client.open(this.part.request());
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

export function snapshotOf(answer: { snapshot?: Snapshot | undefined }): Snapshot {
  if (answer.snapshot === undefined) {
    throw new DamagedDataError("the answer holds no snapshot");
  }
  return answer.snapshot;
}

function isReady(snapshot: Snapshot): boolean {
  if (snapshot.state === SnapshotState.FAILED) {
    const message = `writing ${snapshot.identifier} failed: ${snapshot.error}`;
    throw new WikifeedError(message, { code: Code.FAILED_PRECONDITION, reason: "SNAPSHOT_NOT_READY" });
  }
  return snapshot.state === SnapshotState.READY;
}
