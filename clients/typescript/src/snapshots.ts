/** Articles out of a snapshot's files, one after the other, without unpacking them to the disk. */

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import { Article } from "@wikifeed/proto/v1";
import { Decompress } from "fzstd";
import { extract } from "tar-stream";

import { DamagedDataError } from "./errors.js";

const TABLE_PARTS = ["headers", "rows", "footers"] as const;
const LINE_END = 10;

/**
 * The articles in `.tar.gz`, `.ndjson.gz`, `.zst` and `.ndjson` files, in order. Throws DamagedDataError for a line that is no
 * article, and an error for a file of another kind or one that is cut short.
 */
export async function* readArticles(...paths: string[]): AsyncGenerator<Article, void, undefined> {
  for await (const line of readLines(...paths)) {
    yield articleFromJson(line);
  }
}

/** The same as the lines of JSON that they are, which is several times as fast. */
export async function* readLines(...paths: string[]): AsyncGenerator<string, void, undefined> {
  for (const path of paths) {
    for await (const content of contentsOf(path)) {
      yield* linesOf(content);
    }
  }
}

/**
 * The article of one JSON object as Enterprise and snapshots have it. Fields that are not known are dropped. Throws
 * DamagedDataError when it is none.
 */
export function articleFromJson(json: string): Article {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      nameCells((value as { tables?: Table[] | null }).tables ?? []);
      return Article.fromJSON(value);
    }
  } catch (error) {
    // What is no JSON, and values that do not fit their fields: no kind of error is theirs alone.
    throw new DamagedDataError(`no article: ${(error as Error).message}`);
  }
  throw new DamagedDataError(`no article: ${json.slice(0, 60)}`);
}

type Bytes = AsyncIterable<Uint8Array>;

/** What a file holds: for an archive, one content after the other. */
async function* contentsOf(path: string): AsyncGenerator<Bytes, void, undefined> {
  if (path.endsWith(".tar.gz")) {
    // An error of what is read must reach what reads it, which pipe() alone does not do.
    const archive = extract();
    const unpacked = gunzipped(path).on("error", (error) => archive.destroy(error));
    unpacked.pipe(archive);
    for await (const entry of archive) {
      if (entry.header.type === "file") {
        yield entry as Bytes;
      }
      entry.resume();
    }
  } else if (path.endsWith(".gz")) {
    yield gunzipped(path);
  } else if (path.endsWith(".zst")) {
    yield decompressed(path);
  } else if (path.endsWith(".ndjson")) {
    yield createReadStream(path);
  } else {
    throw new Error(`${path} is no file of NDJSON`);
  }
}

function gunzipped(path: string) {
  const gunzip = createGunzip();
  createReadStream(path)
    .on("error", (error) => gunzip.destroy(error))
    .pipe(gunzip);
  return gunzip;
}

async function* decompressed(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  let ready: Uint8Array[] = [];
  const frames = new Decompress((block) => ready.push(block));
  for await (const packed of createReadStream(path)) {
    frames.push(packed as Uint8Array);
    yield* ready;
    ready = [];
  }
  frames.push(new Uint8Array(0), true);
  yield* ready;
}

/** The lines that are not empty. */
async function* linesOf(content: Bytes): AsyncGenerator<string, void, undefined> {
  let rest: Uint8Array[] = [];
  for await (const block of content) {
    let begin = 0;
    for (let end = block.indexOf(LINE_END); end >= 0; end = block.indexOf(LINE_END, begin)) {
      const line = textOf([...rest, block.subarray(begin, end)]);
      rest = [];
      begin = end + 1;
      if (line.trim() !== "") {
        yield line;
      }
    }
    rest.push(block.subarray(begin));
  }
  const last = textOf(rest);
  if (last.trim() !== "") {
    yield last;
  }
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8");
}

type Cell = { readonly nested_table?: Table | null };
type Table = { [Part in (typeof TABLE_PARTS)[number]]?: Cell[][] | { cells: Cell[] }[] | null };

/** Make of the rows, which JSON has as lists of cells, the messages that the contract has. */
function nameCells(tables: readonly Table[]): void {
  for (const table of tables) {
    for (const part of TABLE_PARTS) {
      const rows = table[part] as Cell[][] | null | undefined;
      if (rows) {
        nameCells(rows.flat().flatMap((cell) => cell.nested_table ?? []));
        table[part] = rows.map((cells) => ({ cells }));
      }
    }
  }
}
