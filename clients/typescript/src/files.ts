/** The calls that bring files: snapshots, and the batches of closed hours. */

import {
  type Batch,
  BatchServiceClient,
  ExportBatchRequest,
  ExportSnapshotRequest,
  GetBatchRequest,
  GetSnapshotRequest,
  ListBatchesRequest,
  ListSnapshotsRequest,
  type Snapshot,
  SnapshotServiceClient,
} from "@wikifeed/proto/v1";

import type { Connection } from "./connection.js";
import { createSnapshot, type SnapshotKind, snapshotOf, type Waiting, whenWritten } from "./creating.js";
import { DamagedDataError } from "./errors.js";
import { exportFiles, type FetchOptions, type Remote } from "./exporting.js";
import { pagesOf } from "./lists.js";
import { timestampOf } from "./requests.js";

/** How to export a snapshot. */
export interface ExportOptions extends FetchOptions {
  /** The snapshot's offset; unless set the newest that is ready or, where none is, the newest. */
  readonly offset?: bigint | number;
  /** How many files to fetch at once; 4 unless set. */
  readonly parallel?: number;
}

/** A snapshot that is in a folder: its files, in the order of their pages. */
export interface Export {
  readonly snapshot: Snapshot;
  readonly files: readonly string[];
}

/** Which batches to list. What is not said lets everything pass. */
export interface BatchesOptions {
  /** Any moment of the hour. */
  readonly hour?: Date;
  readonly projects?: readonly string[];
  readonly namespaces?: readonly (bigint | number)[];
  readonly signal?: AbortSignal;
}

/** The calls of `Client` that bring files. */
export class FileCalls {
  readonly #connection: Connection;
  readonly #batches: BatchServiceClient;
  readonly #snapshots: SnapshotServiceClient;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#batches = connection.stub(BatchServiceClient);
    this.#snapshots = connection.stub(SnapshotServiceClient);
  }

  /**
   * A snapshot: that of an offset; unless set the newest that is ready or, where none is, the newest. Throws NotFoundError.
   */
  async snapshot(
    identifier: string,
    options: { offset?: bigint | number; signal?: AbortSignal } = {},
  ): Promise<Snapshot> {
    const request = GetSnapshotRequest.fromPartial({ identifier, offset: BigInt(options.offset ?? 0) });
    return snapshotOf(await this.#waiting(options.signal).get(request));
  }

  /** The snapshots of some projects, or of all, those being written included. */
  async *snapshots(
    options: { projects?: readonly string[]; signal?: AbortSignal } = {},
  ): AsyncGenerator<Snapshot, void, undefined> {
    const ask = this.#connection.asking(this.#snapshots.listSnapshots.bind(this.#snapshots), options.signal);
    const request = ListSnapshotsRequest.fromPartial({ projects: [...(options.projects ?? [])] });
    for await (const page of pagesOf(ask, request)) {
      yield* page.snapshots;
    }
  }

  /** Have a snapshot made as of the newest offset, and wait until it is written. Throws WikifeedError where that fails. */
  async createSnapshot(
    kind: SnapshotKind,
    options: { chunkSizeBytes?: number; signal?: AbortSignal } = {},
  ): Promise<Snapshot> {
    const { signal } = options;
    const create = this.#connection.asking(this.#snapshots.createSnapshot.bind(this.#snapshots), signal);
    return createSnapshot({ ...this.#waiting(signal), create }, kind, options.chunkSizeBytes ?? 0);
  }

  /**
   * Have the files of a snapshot in a folder, whole and verified. What lies there of it is taken up. A snapshot that is being
   * written is waited for.
   *
   * Throws NotFoundError where there is no such snapshot, WikifeedError with the reason SNAPSHOT_NOT_READY where writing it
   * failed, DamagedDataError where bytes stay damaged, and the system's error where the disk is full: what came stays for the
   * next try.
   */
  async export(identifier: string, folder: string, options: ExportOptions = {}): Promise<Export> {
    const waiting = this.#waiting(options.signal);
    const { snapshot, chunks } = await whenWritten(waiting, identifier, BigInt(options.offset ?? 0));
    const remotes = chunks.map((file, firstChunk): Remote => {
      const chunk = { identifier: snapshot.identifier, offset: snapshot.offset, firstChunk, chunkCount: 1 };
      return {
        file,
        open: (startPosition) => {
          const request = ExportSnapshotRequest.fromPartial({ ...chunk, startPosition });
          return this.#connection.receiving((metadata) => this.#snapshots.exportSnapshot(request, metadata));
        },
      };
    });
    return { snapshot, files: await this.#fetch(remotes, folder, options) };
  }

  /** The batches of closed hours, the changes of each as files: the newest hour first. */
  async *batches(options: BatchesOptions = {}): AsyncGenerator<Batch, void, undefined> {
    const ask = this.#connection.asking(this.#batches.listBatches.bind(this.#batches), options.signal);
    const request = ListBatchesRequest.fromPartial({
      hour: options.hour === undefined ? undefined : timestampOf(options.hour),
      projects: [...(options.projects ?? [])],
      namespaces: (options.namespaces ?? []).map(BigInt),
    });
    for await (const page of pagesOf(ask, request)) {
      yield* page.batches;
    }
  }

  /** The batch "enwiki_namespace_0" of the hour that a moment is in. Throws NotFoundError where that hour has none. */
  async batch(hour: Date, identifier: string, signal?: AbortSignal): Promise<Batch> {
    const ask = this.#connection.asking(this.#batches.getBatch.bind(this.#batches), signal);
    const { batch } = await ask(GetBatchRequest.fromPartial({ hour: timestampOf(hour), identifier }));
    if (batch === undefined) {
      throw new DamagedDataError("the answer holds no batch");
    }
    return batch;
  }

  /**
   * Have the file of a batch in a folder, as `export` has those of a snapshot, and with the same errors; its path. Files of all
   * hours bear the same name: take a folder for each.
   */
  async exportBatch(batch: Batch, folder: string, options: FetchOptions = {}): Promise<string> {
    const { hour, identifier } = batch;
    const open: Remote["open"] = (startPosition) => {
      const request = ExportBatchRequest.fromPartial({ hour, identifier, startPosition });
      return this.#connection.receiving((metadata) => this.#batches.exportBatch(request, metadata));
    };
    const [path] = await this.#fetch([{ file: batch, open }], folder, options);
    return path;
  }

  #waiting(signal: AbortSignal | undefined): Waiting {
    const get = this.#connection.asking(this.#snapshots.getSnapshot.bind(this.#snapshots), signal);
    return { get, signals: [signal, this.#connection.closing] };
  }

  #fetch(remotes: readonly Remote[], folder: string, options: FetchOptions & { parallel?: number }): Promise<string[]> {
    const { closing, settled } = this.#connection;
    return exportFiles(remotes, folder, options, settled.reconnecting, closing);
  }
}
