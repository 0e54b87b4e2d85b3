import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { status as Code } from "@grpc/grpc-js";
import { crc32c } from "@node-rs/crc32";
import * as wire from "@wikifeed/proto/v1";

import { DamagedDataError, type ExportProgress, NotFoundError } from "../src/index.js";
import { failure } from "./failure.js";
import { type Handlers, withServer, type Writable } from "./serving.js";

const CONTENT = Buffer.from("0123456789");
const HOUR = Date.UTC(2026, 0, 31, 7);
const BATCH = wire.Batch.fromPartial({
  identifier: "enwiki_namespace_0",
  hour: { seconds: BigInt(HOUR / 1000) },
  fileName: "enwiki_namespace_0.tar.gz",
  sizeBytes: BigInt(CONTENT.length),
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
});
const PART = `.${BATCH.fileName}.${BATCH.sha256.slice(0, 16)}.part`;

type Answer = (error: Error | null, answer?: object) => void;
type ExportCall = Writable<wire.ExportBatchResponse> & { request: wire.ExportBatchRequest };

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "wikifeed-"));

function piece(from: number, to: number): wire.ExportBatchResponse {
  const data = CONTENT.subarray(from, to);
  return wire.ExportBatchResponse.fromPartial({ position: BigInt(from), data, crc32c: crc32c(data) });
}

/** A handler of ExportBatch: what each call does, from which position it was asked to begin, and for which batch. */
function exporting(...calls: ((call: ExportCall) => void)[]): { exportBatch: Handlers[string]; positions: bigint[] } {
  const positions: bigint[] = [];
  const exportBatch = (call: ExportCall): void => {
    const { hour, identifier, startPosition } = call.request;
    assert.deepEqual([hour?.seconds, identifier], [BATCH.hour?.seconds, BATCH.identifier]);
    positions.push(startPosition);
    const answer = calls[positions.length - 1] ?? ((one) => one.emit("error", failure(Code.INTERNAL, "INTERNAL")));
    answer(call);
  };
  return { exportBatch, positions };
}

const sends =
  (...pieces: wire.ExportBatchResponse[]) =>
  (call: ExportCall): void => {
    pieces.forEach((each) => call.write(each));
    call.end();
  };

test("batches are listed over all pages, each asked for the same", async () => {
  const asked: wire.ListBatchesRequest[] = [];
  const listBatches = ({ request }: { request: wire.ListBatchesRequest }, answer: Answer): void => {
    asked.push(request);
    const page = asked.length;
    const batches = [{ ...BATCH, identifier: `batch ${page}` }];
    answer(null, wire.ListBatchesResponse.fromPartial({ batches, nextPageToken: page < 3 ? `after ${page}` : "" }));
  };
  await withServer({ listBatches }, async (client) => {
    const identifiers = [];
    for await (const batch of client.batches({ hour: new Date(HOUR + 5), projects: ["enwiki"], namespaces: [14] })) {
      identifiers.push(batch.identifier);
    }
    assert.deepEqual(identifiers, ["batch 1", "batch 2", "batch 3"]);
  });
  assert.deepEqual(
    asked.map((request) => request.pageToken),
    ["", "after 1", "after 2"],
  );
  for (const { hour, projects, namespaces } of asked) {
    assert.deepEqual([hour?.seconds, hour?.nanos], [BigInt(HOUR / 1000), 5_000_000]);
    assert.deepEqual([projects, namespaces], [["enwiki"], [14n]]);
  }
});

test("a batch is asked for by hour and identifier, and one that is not there is not found", async () => {
  const getBatch = ({ request }: { request: wire.GetBatchRequest }, answer: Answer): void =>
    request.hour?.seconds === BATCH.hour?.seconds && request.identifier === BATCH.identifier
      ? answer(null, wire.GetBatchResponse.fromPartial({ batch: BATCH }))
      : answer(failure(Code.NOT_FOUND, "BATCH_NOT_FOUND"));
  await withServer({ getBatch }, async (client) => {
    assert.equal((await client.batch(new Date(HOUR), BATCH.identifier)).sha256, BATCH.sha256);
    await assert.rejects(client.batch(new Date(HOUR), "enwiki_namespace_14"), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.equal(error.reason, "BATCH_NOT_FOUND");
      return true;
    });
  });
});

test("an export of a batch goes on with what lies in the folder, and asks again for a piece that is damaged", async () => {
  const place = join(await folder(), "new");
  const cut = (call: ExportCall): void => {
    call.write(piece(0, 4));
    call.emit("error", failure(Code.PERMISSION_DENIED, "PLAN_DOES_NOT_ALLOW"));
  };
  const damaged = { ...piece(6, 8), crc32c: 1 };
  const { exportBatch, positions } = exporting(cut, sends(piece(4, 6), damaged), sends(piece(6, 10)));
  await withServer({ exportBatch }, async (client) => {
    await assert.rejects(client.exportBatch(BATCH, place), /PLAN_DOES_NOT_ALLOW/);
    assert.deepEqual(await readdir(place), [PART]);
    const seen: ExportProgress[] = [];
    const path = await client.exportBatch(BATCH, place, { onProgress: (progress) => seen.push(progress) });
    assert.equal(path, join(place, BATCH.fileName));
    assert.deepEqual(await readFile(path), CONTENT);
    assert.deepEqual(
      seen.map((progress) => progress.doneBytes),
      [4, 6, 10],
    );
    assert.deepEqual(seen.at(-1), { doneBytes: 10, totalBytes: 10, fileName: BATCH.fileName });
    assert.equal(await client.exportBatch(BATCH, place), path, "it is there");
  });
  assert.deepEqual(positions, [0n, 4n, 6n]);
  assert.deepEqual(await readdir(place), [BATCH.fileName]);
});

test("a batch whose bytes stay damaged is an error, and gets no name", async () => {
  const place = await folder();
  const damaged = sends({ ...piece(0, 4), crc32c: 1 });
  const { exportBatch, positions } = exporting(damaged, damaged, damaged);
  await withServer({ exportBatch }, (client) => assert.rejects(client.exportBatch(BATCH, place), DamagedDataError));
  assert.equal(positions.length, 3);
  assert.deepEqual(await readdir(place), [PART]);
});

test("a batch's file whose SHA-256 is wrong is fetched anew", async () => {
  const place = await folder();
  await writeFile(join(place, PART), "9876");
  const { exportBatch, positions } = exporting(sends(piece(4, 10)), sends(piece(0, 10)));
  await withServer({ exportBatch }, async (client) => {
    assert.deepEqual(await readFile(await client.exportBatch(BATCH, place)), CONTENT);
  });
  assert.deepEqual(positions, [4n, 0n]);
});

test("an account is told, and what it used on which days", async () => {
  const asked: wire.ListUsageRequest[] = [];
  const handlers: Handlers = {
    getAccount: (_: never, answer: Answer) =>
      answer(null, wire.GetAccountResponse.fromPartial({ account: { username: "ada" }, left: { onDemand: 7n } })),
    listUsage: ({ request }: { request: wire.ListUsageRequest }, answer: Answer) => {
      asked.push(request);
      answer(null, wire.ListUsageResponse.fromPartial({ days: [{ day: "2026-01-31", counts: { onDemand: 3n } }] }));
    },
  };
  await withServer(handlers, async (client) => {
    const { account, left } = await client.account();
    assert.deepEqual([account?.username, left?.onDemand, left?.streams], ["ada", 7n, undefined]);
    const days = await client.usage({ firstDay: "2026-01-01", lastDay: "2026-01-31" });
    assert.deepEqual(
      days.map(({ day, counts }) => [day, counts?.onDemand]),
      [["2026-01-31", 3n]],
    );
    await client.usage();
  });
  assert.deepEqual(
    asked.map(({ firstDay, lastDay }) => [firstDay, lastDay]),
    [
      ["2026-01-01", "2026-01-31"],
      ["", ""],
    ],
  );
});
