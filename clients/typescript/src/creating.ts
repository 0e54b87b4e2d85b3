/** Snapshots that the server is to make: which, and when they are written. */

import { status as Code } from "@grpc/grpc-js";
import {
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

/** What making a snapshot needs of the client. */
export interface Creating {
  /** Given once the client is closed. */
  readonly closing: AbortSignal;
  get(request: GetSnapshotRequest): Promise<GetSnapshotResponse>;
  create(request: CreateSnapshotRequest): Promise<CreateSnapshotResponse>;
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
export async function createSnapshot(
  client: Creating,
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
