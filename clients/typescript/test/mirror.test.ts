import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { status as Code } from "@grpc/grpc-js";
import { crc32c } from "@node-rs/crc32";
import * as wire from "@wikifeed/proto/v1";
import Database from "better-sqlite3";

import { NotFoundError, SqliteSink, WikifeedError } from "../src/index.js";
import { failure } from "./failure.js";
import { type Handlers, withServer, type Writable } from "./serving.js";

const { FAILED, READY, WRITING } = wire.SnapshotState;
const DATA = Buffer.from('{"identifier":1,"name":"Current"}\n');
const CHUNK = {
  fileName: "enwiki_namespace_0.ndjson",
  sizeBytes: BigInt(DATA.length),
  sha256: createHash("sha256").update(DATA).digest("hex"),
};
const MADE = 50n;

type Answer = (error: Error | null, answer?: object) => void;
type Asked<Question> = { request: Question };
type Streamed<Question, Message> = Asked<Question> & Writable<Message>;

/** What a site has: the states in which its snapshot is seen one after the other, the last of them for ever. */
interface Site {
  readonly offset?: bigint;
  readonly states: readonly wire.SnapshotState[];
  /** The same of one that is made; none can be unless set. */
  readonly made?: readonly wire.SnapshotState[];
  readonly oldest?: bigint;
}

/** A server with a snapshot, and the calls that it saw. Its log goes on for a change behind `MADE`. */
class MirroredSite {
  readonly calls: string[] = [];
  readonly handlers: Handlers;
  readonly #snapshots: { offset: bigint; states: wire.SnapshotState[] }[];

  constructor(site: Site) {
    const { offset = 40n, states, made, oldest = 1n } = site;
    this.#snapshots = states.length === 0 ? [] : [{ offset, states: [...states] }];
    this.handlers = {
      getSnapshot: ({ request }: Asked<wire.GetSnapshotRequest>, answer: Answer) => this.#get(request, answer),
      createSnapshot: ({ request }: Asked<wire.CreateSnapshotRequest>, answer: Answer) => {
        this.calls.push(`create ${request.project} ${request.namespace}`);
        if (made === undefined) {
          answer(failure(Code.RESOURCE_EXHAUSTED, "STORE_FULL"));
          return;
        }
        this.#snapshots.push({ offset: MADE, states: [...made] });
        answer(null, wire.CreateSnapshotResponse.fromPartial({ snapshot: told(MADE, WRITING) }));
      },
      getChangeLogInfo: (_: never, answer: Answer) => {
        this.calls.push("log");
        answer(null, wire.GetChangeLogInfoResponse.fromPartial({ oldestOffset: oldest }));
      },
      exportSnapshot: (call: Streamed<wire.ExportSnapshotRequest, wire.ExportSnapshotResponse>) => {
        this.calls.push(`export ${call.request.offset}`);
        call.write(wire.ExportSnapshotResponse.fromPartial({ data: DATA, crc32c: crc32c(DATA) }));
        call.end();
      },
      streamChanges: (call: Streamed<wire.StreamChangesRequest, wire.StreamChangesResponse>) => {
        this.calls.push(`changes ${call.request.start?.value}`);
        if (call.request.start?.value === 3n) {
          call.emit("error", failure(Code.OUT_OF_RANGE, "OFFSET_EXPIRED", { oldest_offset: "40" }));
          return;
        }
        const article = { identifier: 2n, name: "Later", namespace: {} };
        const changes = [{ offset: MADE + 5n, article }];
        call.write(wire.StreamChangesResponse.fromPartial({ changes, throughOffset: 60n } as never));
        call.end();
      },
    };
  }

  #get({ identifier, offset }: wire.GetSnapshotRequest, answer: Answer): void {
    this.calls.push(`get ${identifier} ${offset}`);
    const found = this.#snapshots.filter((each) => offset === 0n || each.offset === offset).at(-1);
    if (found === undefined) {
      answer(failure(Code.NOT_FOUND, "SNAPSHOT_NOT_FOUND"));
      return;
    }
    const state = (found.states.length > 1 ? found.states.shift() : found.states[0]) as wire.SnapshotState;
    const chunks = state === READY ? [CHUNK] : [];
    answer(null, wire.GetSnapshotResponse.fromPartial({ snapshot: told(found.offset, state), chunks }));
  }
}

function told(offset: bigint, state: wire.SnapshotState): wire.Snapshot {
  return wire.Snapshot.fromPartial({ identifier: "enwiki_namespace_0", offset, state, error: "the disk is full" });
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "wikifeed-"));
const sinkOf = (): SqliteSink => new SqliteSink(new Database(":memory:"));

function isNotReady(error: unknown): boolean {
  return (
    error instanceof WikifeedError && error.code === Code.FAILED_PRECONDITION && error.reason === "SNAPSHOT_NOT_READY"
  );
}

/** Mirror a site into an empty sink; the calls that the site saw. */
async function mirroring(site: Site): Promise<string[]> {
  const { handlers, calls } = new MirroredSite(site);
  const sink = sinkOf();
  await withServer(handlers, (client) => client.mirror("enwiki", sink, { until: 60 }));
  assert.deepEqual([sink.position(), sink.get("Current")?.identifier, sink.get(2)?.name], [60n, 1n, "Later"]);
  return calls;
}

const GET = "get enwiki_namespace_0";
// One that is made and seen being written once: waited for, then exported and gone on from.
const MAKING = ["create enwiki 0", `${GET} 50`, `${GET} 50`, `${GET} 50`, "export 50", "changes 50"];

test("a snapshot that the log reaches is taken", async () => {
  const calls = [`${GET} 0`, "log", `${GET} 40`, "export 40", "changes 40"];
  assert.deepEqual(await mirroring({ states: [READY], oldest: 41n }), calls);
});

test("a snapshot that is being written is waited for, and none is made", async () => {
  const calls = [`${GET} 0`, "log", `${GET} 40`, `${GET} 40`, "export 40", "changes 40"];
  assert.deepEqual(await mirroring({ states: [WRITING, WRITING, READY] }), calls);
});

test("a snapshot is made where there is none, where writing it failed, and where the log does not reach it", async () => {
  const made = [WRITING, READY];
  assert.deepEqual(await mirroring({ states: [], made }), [`${GET} 0`, ...MAKING]);
  for (const site of [{ states: [FAILED] }, { states: [READY], oldest: 42n }, { states: [WRITING], oldest: 42n }]) {
    assert.deepEqual(await mirroring({ ...site, made }), [`${GET} 0`, "log", ...MAKING]);
  }
});

test("a snapshot whose writing fails while it is waited for ends the mirror, and leaves the sink as it was", async () => {
  const sites = [{ states: [WRITING, WRITING, FAILED] }, { states: [], made: [WRITING, FAILED] }];
  for (const site of sites) {
    const { handlers, calls } = new MirroredSite(site);
    const sink = sinkOf();
    sink.write([{ kind: "put", article: wire.Article.fromPartial({ name: "Old" }), offset: 3n }], undefined);
    await withServer(handlers, (client) => assert.rejects(client.mirror("enwiki", sink), isNotReady));
    assert.equal(sink.get("Old")?.name, "Old");
    assert.ok(!calls.some((call) => call.startsWith("export")), calls.join());
  }
});

test("a project that is not there is an error, and no snapshot of it is made", async () => {
  const { handlers, calls } = new MirroredSite({ states: [] });
  const getSnapshot = (_: never, answer: Answer): void => answer(failure(Code.NOT_FOUND, "PROJECT_NOT_FOUND"));
  await withServer({ ...handlers, getSnapshot }, (client) =>
    assert.rejects(
      client.mirror("enwiki", sinkOf()),
      (error) => error instanceof NotFoundError && error.reason === "PROJECT_NOT_FOUND",
    ),
  );
  assert.deepEqual(calls, []);
});

test("a mirror that is older than the log begins again where it is told to, and ends where not", async () => {
  const { handlers } = new MirroredSite({ states: [READY], offset: MADE, oldest: 40n });
  await withServer(handlers, async (client) => {
    const sink = sinkOf();
    const article = wire.Article.fromPartial({ identifier: 9n, name: "Gone since" });
    sink.write([{ kind: "put", article, offset: 3n }], 3n);
    await assert.rejects(client.mirror("enwiki", sink, { until: 60 }), /OFFSET_EXPIRED/);
    assert.deepEqual([sink.position(), sink.get("Gone since")?.identifier], [3n, 9n]);
    await client.mirror("enwiki", sink, { until: 60, onExpired: "begin-again" });
    assert.deepEqual([sink.position(), sink.get("Gone since")], [60n, undefined]);
    assert.deepEqual([sink.get("Current")?.identifier, sink.get(2)?.name], [1n, "Later"]);
  });
});

test("an export waits until the snapshot is written, though a newer one is ready by then", async () => {
  const { handlers, calls } = new MirroredSite({ states: [WRITING, READY], made: [READY] });
  const place = await folder();
  await withServer(handlers, async (client) => {
    const exported = client.export("enwiki_namespace_0", place);
    await client.createSnapshot({ project: "enwiki" });
    assert.equal((await exported).snapshot.offset, 40n);
  });
  assert.deepEqual(await readdir(place), [CHUNK.fileName]);
  assert.equal(calls.at(-1), "export 40");
});

test("what waits for a snapshot ends with its signal's reason, and with the client", async () => {
  const { handlers } = new MirroredSite({ states: [WRITING], made: [WRITING] });
  await withServer(handlers, async (client) => {
    const place = await folder();
    const stopping = new AbortController();
    const reason = new Error("enough");
    const stopped = assert.rejects(client.export("enwiki_namespace_0", place, { signal: stopping.signal }), reason);
    const closed = assert.rejects(client.createSnapshot({ project: "enwiki" }), /the client is closed/);
    await client.changeLog();
    stopping.abort(reason);
    await stopped;
    client.close();
    await closed;
    assert.deepEqual(await readdir(place), []);
  });
});
