import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { crc32c } from "@node-rs/crc32";
import { Article, Change, Chunk, EventType, ExportSnapshotResponse } from "@wikifeed/proto/v1";
import Database from "better-sqlite3";
import { pack } from "tar-stream";

import {
  articleFromJson,
  DamagedDataError,
  FileCheckpoint,
  readArticles,
  SqliteCheckpoint,
  SqliteSink,
} from "../src/index.js";
import { isThisMachine } from "../src/connecting.js";
import { snapshotIdentifier } from "../src/creating.js";
import { updateOf } from "../src/mirror.js";
import { Part } from "../src/part.js";

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "wikifeed-"));

async function archive(members: Readonly<Record<string, string>>): Promise<Buffer> {
  const made = pack();
  for (const [name, text] of Object.entries(members)) {
    made.entry({ name }, text);
  }
  made.finalize();
  const blocks: Buffer[] = [];
  for await (const block of made) {
    blocks.push(block as Buffer);
  }
  return gzipSync(Buffer.concat(blocks));
}

async function names(file: string, content: Uint8Array | string): Promise<string[]> {
  const path = join(await folder(), file);
  await writeFile(path, content);
  const found = [];
  for await (const article of readArticles(path)) {
    found.push(article.name);
  }
  return found;
}

test("articles come out of all files of an archive", async () => {
  const content = await archive({ one: '{"name":"A"}\n{"name":"B"}\n', empty: "", two: '{"name":"\u00c7"}' });
  assert.deepEqual(await names("x.tar.gz", content), ["A", "B", "\u00c7"]);
});

test("archives one behind the other are one", async () => {
  const parts = [await archive({ one: '{"name":"A"}\n' }), await archive({ two: '{"name":"B"}\n' })];
  assert.deepEqual(await names("x.tar.gz", Buffer.concat(parts)), ["A", "B"]);
});

test("a file that is cut short is an error", async () => {
  const long = Array.from({ length: 2000 }, (_, number) => `{"name":"Page ${number}"}\n`).join("");
  const content = await archive({ one: long });
  await assert.rejects(names("x.tar.gz", content.subarray(0, content.length / 2)));
});

test("plain and gzipped lines are read, and other kinds of files are not", async () => {
  assert.deepEqual(await names("x.ndjson", '{"name":"A"}\n\n{"name":"B"}'), ["A", "B"]);
  assert.deepEqual(await names("x.ndjson.gz", gzipSync('{"name":"A"}\n')), ["A"]);
  await assert.rejects(names("x.parquet", "PAR1"), /no file of NDJSON/);
});

test("frames of zstd are read, and one that is cut short is an error", async () => {
  // {"name":"A"} and a line's end, as `zstd` makes them of it: raw in one block.
  const line = Buffer.from('{"name":"A"}\n');
  const block = (line.length << 3) | 1;
  const frame = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, line.length, block, 0, 0]), line]);
  assert.deepEqual(await names("x.ndjson.zst", Buffer.concat([frame, frame])), ["A", "A"]);
  await assert.rejects(names("x.ndjson.zst", frame.subarray(0, frame.length - 3)));
});

test("JSON becomes the contract's article", () => {
  const article = articleFromJson(
    '{"name":"Moon","identifier":19331,"date_modified":"2026-01-02T03:04:05Z","unheard_of":[1],' +
      '"tables":[{"rows":[[{"value":"a","nested_table":{"rows":[[{"value":"b"}]]}}]]}]}',
  );
  assert.deepEqual([article.name, article.identifier, article.dateModified?.seconds], ["Moon", 19331n, 1_767_323_045n]);
  const nested = article.tables[0]?.rows[0]?.cells[0]?.nestedTable;
  assert.equal(nested?.rows[0]?.cells[0]?.value, "b");
});

test("parts of tables may be missing, null or empty", () => {
  const article = articleFromJson('{"tables":[{"rows":[[{"nested_table":null}],[]],"headers":null,"footers":[]}]}');
  const [table] = article.tables;
  assert.deepEqual([table?.headers, table?.footers], [[], []]);
  assert.deepEqual(
    table?.rows.map(({ cells }) => cells.map((cell) => cell.nestedTable)),
    [[undefined], []],
  );
  assert.deepEqual(articleFromJson('{"tables":null}').tables, []);
});

test("what is no article is damaged data", () => {
  for (const json of ["[1]", "{", "null", '{"identifier":"x"}', '{"date_modified":"x"}', '{"tables":[null]}']) {
    assert.throws(() => articleFromJson(json), DamagedDataError, json);
  }
});

test("a file holds the offset that was saved last", async () => {
  const place = await folder();
  const checkpoint = new FileCheckpoint(join(place, "offset"));
  assert.equal(await checkpoint.load(), undefined);
  for (const offset of [7n, 18_446_744_073_709_551_615n]) {
    await checkpoint.save(offset);
    assert.equal(await checkpoint.load(), offset);
  }
  assert.deepEqual(await readdir(place), ["offset"]);
  await writeFile(join(place, "offset"), "a poem");
  await assert.rejects(checkpoint.load(), /offset holds no offset: "a poem"/);
});

test("an offset and what it stands for are one transaction", () => {
  const database = new Database(":memory:");
  const checkpoint = new SqliteCheckpoint(database, "index");
  assert.equal(checkpoint.load(), undefined);
  checkpoint.save(5n);
  const broken = database.transaction(() => {
    checkpoint.put(9n);
    throw new Error("no");
  });
  assert.throws(broken, /no/);
  assert.equal(checkpoint.load(), 5n);
});

test("a sink has updates and their offset at once, or neither", () => {
  const sink = new SqliteSink(new Database(":memory:"));
  assert.equal(sink.position(), undefined);
  const article = Article.fromPartial({ identifier: 7n, name: "Ada", url: "u" });
  sink.write([{ kind: "put", article, offset: 3n }], 3n);
  assert.deepEqual([sink.position(), sink.get("Ada")?.url], [3n, "u"]);
  const unnamed = { ...article, identifier: 8n, name: null as unknown as string };
  assert.throws(() =>
    sink.write(
      [
        { kind: "remove", pageId: 7n, offset: 4n },
        { kind: "put", article: unnamed, offset: 4n },
      ],
      4n,
    ),
  );
  assert.deepEqual([sink.position(), sink.get("Ada")?.identifier], [3n, 7n]);
  sink.write([{ kind: "remove", pageId: 7n, offset: 4n }], 4n);
  assert.deepEqual([sink.position(), sink.get("Ada")], [4n, undefined]);
  sink.begin();
  assert.equal(sink.position(), undefined);
});

test("what a change is to a mirror of one namespace", () => {
  const article = { identifier: 7n, namespace: { identifier: 0n } };
  const kind = (change: object): string => updateOf(Change.fromPartial(change as never), 0n).kind;
  assert.equal(kind({ article }), "put");
  assert.equal(kind({ article, eventType: EventType.DELETE }), "remove");
  assert.equal(kind({ article, redirectTarget: "Elsewhere" }), "remove");
  assert.equal(kind({ article: { ...article, namespace: { identifier: 14n } } }), "remove");
});

test("a part goes on with what lies in the folder, and refuses what is damaged", async () => {
  const place = await folder();
  const content = Buffer.from("0123456789");
  const sha256 = createHash("sha256").update(content).digest("hex");
  const chunk = Chunk.fromPartial({ fileName: "x.tar.gz", sizeBytes: 10n, sha256 });
  const piece = (from: number, to: number): ExportSnapshotResponse => {
    const data = content.subarray(from, to);
    return ExportSnapshotResponse.fromPartial({ position: BigInt(from), data, crc32c: crc32c(data) });
  };
  const first = new Part(place, chunk, 0);
  assert.equal(await first.look(), false);
  await first.add(piece(0, 4));
  await assert.rejects(first.add(piece(5, 8)), DamagedDataError);
  await assert.rejects(first.add({ ...piece(4, 6), crc32c: 1 }), DamagedDataError);
  await assert.rejects(first.add({ ...piece(4, 6), chunkNumber: 1 }), DamagedDataError);
  await first.close();

  const second = new Part(place, chunk, 0);
  assert.equal(await second.look(), false);
  assert.equal(second.position, 4);
  await second.add(piece(4, 10));
  assert.equal(await second.finish(), true);
  assert.deepEqual(await readdir(place), ["x.tar.gz"]);
  assert.equal((await readFile(join(place, "x.tar.gz"))).toString(), "0123456789");
  assert.equal(await new Part(place, chunk, 0).look(), true);
});

test("a name that leads out of the folder is refused", () => {
  for (const fileName of ["../x", "a/b", ".hidden", ""]) {
    assert.throws(() => new Part("/", Chunk.fromPartial({ fileName }), 0), DamagedDataError);
  }
});

test("only addresses of this machine are spoken to openly", () => {
  for (const [address, isHere] of [
    ["localhost:50051", true],
    ["127.0.0.1:1", true],
    ["[::1]:50051", true],
    ["feed.example.org:443", false],
    ["127.0.0.1.example.org:443", false],
  ] as const) {
    assert.equal(isThisMachine(address), isHere, address);
  }
});

test("a snapshot's identifier follows from its kind", () => {
  assert.equal(snapshotIdentifier({ project: "enwiki" }), "enwiki_namespace_0");
});
