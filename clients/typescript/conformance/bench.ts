/**
 * What this client costs beside the bare stub: `bench.js ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]`
 * reads a project's log, or a snapshot into a folder, and prints one line of JSON: items, bytes, wall_seconds and cpu_seconds of
 * what is measured.
 */

import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";

import { credentials } from "@grpc/grpc-js";
import {
  ChangeServiceClient,
  ExportSnapshotRequest,
  type ExportSnapshotResponse,
  type GetChangeLogInfoResponse,
  SnapshotServiceClient,
  StreamChangesRequest,
  type StreamChangesResponse,
} from "@wikifeed/proto/v1";

import { Client } from "../src/index.js";

interface Counted {
  items: number;
  bytes: number;
}

const PROJECT = "enwiki";
const OPTIONS = { "grpc.max_receive_message_length": 64 << 20 };

async function changes(address: string): Promise<Counted> {
  const client = new Client(address);
  const { newestOffset: until } = await client.changeLog();
  const counted = { items: 0, bytes: 0 };
  for await (const _ of client.changes({ projects: [PROJECT], start: { after: 0 }, until })) {
    counted.items += 1;
  }
  client.close();
  return counted;
}

async function changesBare(address: string): Promise<Counted> {
  const stub = new ChangeServiceClient(address, credentials.createInsecure(), OPTIONS);
  const log = await new Promise<GetChangeLogInfoResponse>((resolve, reject) =>
    stub.getChangeLogInfo({}, (error, answer) => (error === null ? resolve(answer) : reject(error))),
  );
  const request = StreamChangesRequest.fromPartial({
    projects: [PROJECT],
    start: { $case: "afterOffset", value: 0n },
    untilOffset: log.newestOffset,
  });
  const counted = { items: 0, bytes: 0 };
  for await (const response of stub.streamChanges(request)) {
    counted.items += (response as StreamChangesResponse).changes.length;
  }
  stub.close();
  return counted;
}

async function exported(address: string, snapshot: string, folder: string): Promise<Counted> {
  const client = new Client(address);
  const { files } = await client.export(snapshot, folder);
  client.close();
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { items: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function exportBare(address: string, snapshot: string, folder: string): Promise<Counted> {
  const stub = new SnapshotServiceClient(address, credentials.createInsecure(), OPTIONS);
  const counted = { items: 0, bytes: 0 };
  let file: FileHandle | undefined;
  for await (const each of stub.exportSnapshot(ExportSnapshotRequest.fromPartial({ identifier: snapshot }))) {
    const piece = each as ExportSnapshotResponse;
    if (piece.position === 0n) {
      await file?.close();
      file = await open(join(folder, String(piece.chunkNumber)), "w");
      counted.items += 1;
    }
    await file?.writeFile(piece.data);
    counted.bytes += piece.data.length;
  }
  await file?.close();
  stub.close();
  return counted;
}

const [address = "", mode = "", snapshot = "", folder = ""] = process.argv.slice(2);
const modes: Readonly<Record<string, () => Promise<Counted>>> = {
  changes: () => changes(address),
  "changes-bare": () => changesBare(address),
  export: () => exported(address, snapshot, folder),
  "export-bare": () => exportBare(address, snapshot, folder),
};
const run = modes[mode];
if (run === undefined) {
  throw new Error("usage: bench.js ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]");
}
const before = process.cpuUsage();
const began = process.hrtime.bigint();
const counted = await run();
const { user, system } = process.cpuUsage(before);
const wall_seconds = Number(process.hrtime.bigint() - began) / 1e9;
process.stdout.write(`${JSON.stringify({ ...counted, wall_seconds, cpu_seconds: (user + system) / 1e6 })}\n`);
