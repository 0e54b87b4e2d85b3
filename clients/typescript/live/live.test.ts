/**
 * The client against servers that run: tests/clients/typescript starts them and tells where they are. `WIKIFEED_ADDRESS` has the
 * bundled pages, 16 articles and 14 redirects; `WIKIFEED_TLS_ADDRESS` the same for those who show a key, behind the authority
 * in `WIKIFEED_AUTHORITY`; `WIKIFEED_KEY` is such a key.
 */

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import Database from "better-sqlite3";

import * as wikifeed from "../src/index.js";
import { Client, SqliteCheckpoint, SqliteSink } from "../src/index.js";
import { told } from "./told.js";

const PROJECT = "enwiki";
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "wikifeed-"));

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(told("WIKIFEED_ADDRESS"));
  try {
    await work(client);
  } finally {
    client.close();
  }
}

async function titles(client: Client): Promise<string[]> {
  const found = [];
  for await (const article of client.list(PROJECT, { fields: ["name"], namespaces: [0], pageSize: 5 })) {
    found.push(article.name);
  }
  return found.sort();
}

test("articles come one by one and many at once", () =>
  withClient(async (client) => {
    const { url } = await client.get(PROJECT, "Anarchism", { fields: ["url"] });
    assert.equal(url, "https://en.wikipedia.org/wiki/Anarchism");
    const whole = await client.get(PROJECT, "Anarchism");
    const older = await client.get(PROJECT, whole.identifier, {
      revisionId: whole.version?.identifier,
      fields: ["name"],
    });
    assert.equal(older.name, "Anarchism");
    assert.ok((await client.structured(PROJECT, whole.identifier, { fields: ["sections"] })).sections.length > 0);
    assert.equal((await client.lookup("Anarchism")).length, 1);
    const outcomes = [];
    for await (const outcome of client.batchGet([
      [PROJECT, "Abacus"],
      [PROJECT, "No such page"],
      [PROJECT, whole.identifier],
    ])) {
      outcomes.push(outcome.article?.name ?? outcome.error?.reason);
    }
    assert.deepEqual(outcomes, ["Abacus", "ARTICLE_NOT_FOUND", "Anarchism"]);
    assert.equal((await titles(client)).length, 16);
  }));

test("a stream that was left goes on at its checkpoint", () =>
  withClient(async (client) => {
    const { newestOffset: until } = await client.changeLog();
    const checkpoint = new SqliteCheckpoint(new Database(":memory:"), "changes");
    const seen = new Set<bigint>();
    for (let last = 0n; last < until; ) {
      let taken = 0;
      for await (const { offset } of client.changes({
        projects: [PROJECT],
        noBody: true,
        start: "oldest",
        until,
        checkpoint,
      })) {
        // What was taken last was not said to be handled, so that it comes again.
        assert.ok(offset === last + 1n || (taken === 0 && offset === last), `${offset} after ${last}`);
        last = offset;
        seen.add(offset);
        taken += 1;
        if (taken === 8) {
          break;
        }
      }
    }
    assert.equal(BigInt(seen.size), until);
  }));

test("closing a stream ends it for who waits", () =>
  withClient(async (client) => {
    const stream = client.changes({ projects: [PROJECT] });
    const batches = stream.batches();
    await batches.next(); // what the server says at once: where the newest is
    const waiting = batches.next();
    stream.close();
    assert.equal((await waiting).done, true);
    const aborting = new AbortController();
    const aborted = client.changes({ projects: [PROJECT], signal: aborting.signal });
    aborting.abort();
    for await (const change of aborted) {
      assert.fail(`${change.offset} came`);
    }
  }));

test("a subscription goes on behind what was acknowledged", () =>
  withClient(async (client) => {
    const changes = { noBody: true, maxBatchSize: 10 };
    let through = 0n;
    let first: wikifeed.Delivery | undefined;
    for await (const delivery of client.subscribe("live", { changes, start: "oldest", credit: 10 })) {
      assert.ok(delivery.acknowledge());
      through = delivery.throughOffset;
      first = delivery;
      break;
    }
    assert.equal(first?.acknowledge(), false, "its call is over");
    const again = client.subscribe("live", { changes });
    for await (const delivery of again) {
      assert.equal(delivery.changes[0]?.offset, through + 1n);
      break;
    }
    assert.deepEqual([again.state?.name, again.shareCount], ["live", 64]);
  }));

test("what the server has is listed", () =>
  withClient(async (client) => {
    assert.deepEqual(
      (await client.projects()).map((project) => project.identifier),
      [PROJECT],
    );
    const stub = client.stub(wikifeed.messages.CatalogServiceClient);
    const metadata = await client.metadata();
    const codes = await new Promise<wikifeed.messages.ListCodesResponse>((resolve, reject) =>
      stub.listCodes({}, metadata, (error, answer) => (error === null ? resolve(answer) : reject(error))),
    );
    assert.ok(codes.codes.some(({ identifier }) => identifier === "wiki"));
    for await (const delivery of client.subscribe("listed", { start: "oldest" })) {
      delivery.acknowledge();
      break;
    }
    const names = [];
    for await (const { name } of client.subscriptions()) {
      names.push(name);
    }
    assert.ok(names.includes("listed"), names.join());
    assert.ok((await client.subscription("listed")).acknowledgedOffset > 0n);
    await client.deleteSubscription("listed");
    await assert.rejects(client.subscription("listed"), wikifeed.NotFoundError);
    const made = await client.createSnapshot({ project: PROJECT });
    assert.equal((await client.snapshot(made.identifier)).offset, made.offset);
    const snapshots = [];
    for await (const { identifier } of client.snapshots({ projects: [PROJECT] })) {
      snapshots.push(identifier);
    }
    assert.ok(snapshots.includes("enwiki_namespace_0"), snapshots.join());
    const pages = client.listPages(PROJECT, { pageSize: 3 });
    assert.equal((await pages.next()).value?.offset, (await client.changeLog()).newestOffset);
  }));

test("an export holds what the list has", () =>
  withClient(async (client) => {
    const { SnapshotContent, SnapshotFormat } = wikifeed.messages;
    const kinds = [
      { project: PROJECT },
      { project: PROJECT, content: SnapshotContent.STRUCTURED, format: SnapshotFormat.NDJSON_ZST },
    ];
    for (const kind of kinds) {
      const { identifier, offset } = await client.createSnapshot(kind, { chunkSizeBytes: 200_000 });
      const seen: wikifeed.ExportProgress[] = [];
      const { files } = await client.export(identifier, await folder(), {
        offset,
        parallel: 2,
        onProgress: (progress) => seen.push(progress),
      });
      const names = [];
      for await (const article of wikifeed.readArticles(...files)) {
        names.push(article.name);
      }
      assert.deepEqual(names.sort(), await titles(client));
      const last = seen.at(-1);
      assert.ok(last !== undefined && last.totalBytes > 0);
      assert.equal(last.doneBytes, last.totalBytes);
    }
  }));

test("a folder that can't be written to is named", () =>
  withClient(async (client) => {
    const file = join(await folder(), "file");
    await writeFile(file, "");
    await client.createSnapshot({ project: PROJECT });
    await assert.rejects(client.export("enwiki_namespace_0", join(file, "folder")), (error: NodeJS.ErrnoException) =>
      error.message.includes(file),
    );
  }));

test("a mirror has every article", () =>
  withClient(async (client) => {
    const place = await folder();
    const { newestOffset: until } = await client.changeLog();
    const database = new Database(join(place, "mirror.db"));
    const sink = new SqliteSink(database);
    for (let run = 0; run < 2; run += 1) {
      await client.mirror(PROJECT, sink, { folder: join(place, "snapshot"), until });
    }
    const names = (database.prepare("SELECT name FROM article ORDER BY name").all() as { name: string }[]).map(
      (row) => row.name,
    );
    assert.deepEqual(names.sort(), await titles(client));
    assert.equal(sink.position(), until);
    assert.deepEqual(await readdir(join(place, "snapshot")), []);
    assert.equal(sink.get("AccessibleComputing"), undefined, "it is a redirect");
  }));

test("TLS, keys, and addresses that are wrong", async () => {
  const address = told("WIKIFEED_TLS_ADDRESS");
  const authority = await readFile(told("WIKIFEED_AUTHORITY"));
  const asked = async (options: wikifeed.ClientOptions, where = address): Promise<string> => {
    const client = new Client(where, options);
    try {
      return (await client.get(PROJECT, "Anarchism", { fields: ["name"] })).name;
    } finally {
      client.close();
    }
  };
  assert.equal(await asked({ authority, key: told("WIKIFEED_KEY") }), "Anarchism");
  assert.equal(await asked({ authority, tokens: async () => told("WIKIFEED_KEY") }), "Anarchism");
  await assert.rejects(asked({ authority, key: "wrong" }), wikifeed.UnauthenticatedError);
  await assert.rejects(asked({ authority }), wikifeed.UnauthenticatedError);
  await assert.rejects(asked({ tls: true, key: told("WIKIFEED_KEY") }), wikifeed.UnavailableError);
  await assert.rejects(asked({ tls: false, key: told("WIKIFEED_KEY") }), wikifeed.UnavailableError);
  await assert.rejects(asked({ tls: true }, told("WIKIFEED_ADDRESS")), wikifeed.UnavailableError);
  await assert.rejects(asked({}, "127.0.0.1:1"), wikifeed.UnavailableError);
});
