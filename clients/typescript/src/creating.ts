/** Snapshots that the server makes: which, and when they are written. */

import { status as Code } from "@grpc/grpc-js";
import {
  type Chunk,
  CreateSnapshotRequest,
  type CreateSnapshotResponse,
  GetSnapshotRequest,
  type GetSnapshotResponse,
  type Snapshot,
  SnapshotContent,
  SnapshotFormat,
  SnapshotState,
} from "@wikifeed/proto/v1";

import { DamagedDataError, WikifeedError } from "./errors.js";
import { pause } from "./reconnecting.js";

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

/** What waiting for a snapshot needs of the client. `get` is rejected once one of the signals is given. */
export interface Waiting {
  readonly signals: readonly (AbortSignal | undefined)[];
  get(request: GetSnapshotRequest): Promise<GetSnapshotResponse>;
}

/** What making a snapshot needs of the client. */
export interface Creating extends Waiting {
  create(request: CreateSnapshotRequest): Promise<CreateSnapshotResponse>;
}

/** A snapshot that is written. */
export interface Written {
  readonly snapshot: Snapshot;
  readonly chunks: readonly Chunk[];
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

/** Have a snapshot made, and wait until it is written. */
export async function createSnapshot(client: Creating, kind: SnapshotKind, chunkSizeBytes: number): Promise<Snapshot> {
  const request = CreateSnapshotRequest.fromPartial({
    project: kind.project,
    namespace: BigInt(kind.namespace ?? 0),
    content: kind.content ?? SnapshotContent.JSON,
    format: kind.format ?? SnapshotFormat.NDJSON_TAR_GZ,
    chunkSizeBytes: BigInt(chunkSizeBytes),
  });
  const { identifier, offset } = snapshotOf(await client.create(request));
  return (await whenWritten(client, identifier, offset)).snapshot;
}

/** A snapshot and its chunks once it is written; without an offset (0) the newest. Throws WikifeedError where that fails. */
export async function whenWritten(client: Waiting, identifier: string, offset: bigint): Promise<Written> {
  for (let poll = 0; ; poll += 1) {
    const found = await client.get(GetSnapshotRequest.fromPartial({ identifier, offset }));
    const snapshot = snapshotOf(found);
    if (isReady(snapshot)) {
      return { snapshot, chunks: found.chunks };
    }
    // The one that is waited for, though a newer one is made meanwhile.
    offset = snapshot.offset;
    await pause(READY_POLLS_MS[poll] ?? LATER_POLLS_MS, ...client.signals);
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
