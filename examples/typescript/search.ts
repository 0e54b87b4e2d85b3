/**
 * Fills a full-text index with the passages of a project's articles, keeps it current, and finds in it what a search page or a
 * language model would be given.
 *
 *     node dist/search.js fill [HOST:PORT [PROJECT [FILE]]]
 *     node dist/search.js find FILE WORD ...
 */

import { Client, messages, readArticles, SqliteCheckpoint } from "@wikifeed/client";
import Database from "better-sqlite3";

// `section` is the path of headings that leads to the passage.
const TABLES = `
  CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(title, section, text, url UNINDEXED);
  CREATE TABLE IF NOT EXISTS page_passage (page INTEGER, passage INTEGER, PRIMARY KEY (page, passage)) WITHOUT ROWID;
`;
const FIELDS = ["name", "identifier", "url", "namespace", "sections"];
const FIND = `
  SELECT title, section, snippet(passage, 2, '[', ']', '...', 24) AS text, url FROM passage
  WHERE passage MATCH ? ORDER BY rank LIMIT 5`;

class Index {
  readonly #database: Database.Database;
  readonly place: SqliteCheckpoint;

  constructor(file: string) {
    this.#database = new Database(file);
    this.#database.exec(TABLES);
    this.place = new SqliteCheckpoint(this.#database, "passages");
  }

  /** Begin what is one transaction with its offset, so that each change counts exactly once. */
  begin(): void {
    this.#database.exec("BEGIN");
  }

  /** End it: all through the offset is known. */
  commit(offset: bigint): void {
    this.place.put(offset);
    this.#database.exec("COMMIT");
  }

  put(article: messages.Article): void {
    const insert = this.#database.prepare("INSERT INTO passage VALUES (?, ?, ?, ?)");
    const remember = this.#database.prepare("INSERT INTO page_passage VALUES (?, ?)");
    for (const [section, text] of article.sections.flatMap((part) => passages(part, []))) {
      const { lastInsertRowid } = insert.run(article.name, section, text, article.url);
      remember.run(article.identifier, lastInsertRowid);
    }
  }

  remove(pageId: bigint): void {
    const passagesOf = "SELECT passage FROM page_passage WHERE page = ?";
    this.#database.prepare(`DELETE FROM passage WHERE rowid IN (${passagesOf})`).run(pageId);
    this.#database.prepare("DELETE FROM page_passage WHERE page = ?").run(pageId);
  }

  replace(change: messages.Change): void {
    const { article } = change;
    if (article !== undefined) {
      this.remove(article.identifier);
      const isThere = change.eventType !== messages.EventType.DELETE && change.redirectTarget === "";
      if (isThere && article.namespace?.identifier === 0n) {
        this.put(article);
      }
    }
  }

  find(words: readonly string[]): { title: string; section: string; text: string; url: string }[] {
    const query = words.map((word) => `"${word.replaceAll('"', "")}"`).join(" ");
    return this.#database.prepare(FIND).all(query) as { title: string; section: string; text: string; url: string }[];
  }
}

/** The passages of a section and of those within it, each with the headings that lead to it. */
function passages(part: messages.Part, above: readonly string[]): [section: string, text: string][] {
  const path = part.name === "" ? above : [...above, part.name];
  return part.hasParts.flatMap((each): [string, string][] => {
    if (each.type === "section") {
      return passages(each, path);
    }
    const text = textOf(each);
    return text === "" ? [] : [[path.join(" > "), text]];
  });
}

function textOf(part: messages.Part): string {
  return [part.value, ...part.hasParts.map(textOf)].filter((text) => text !== "").join("\n");
}

async function fill(server = "localhost:50051", project = "enwiki", file = "search.db"): Promise<void> {
  const index = new Index(file);
  const client = new Client(server);
  if (index.place.load() === undefined) {
    const snapshot = await client.createSnapshot({ project, content: messages.SnapshotContent.STRUCTURED });
    const { identifier, offset } = snapshot;
    const { files } = await client.export(identifier, `${file}.snapshot`, { offset });
    let count = 0;
    index.begin();
    for await (const article of readArticles(...files)) {
      index.put(article);
      count += 1;
    }
    index.commit(offset);
    console.log(`${count} articles at offset ${offset}`);
  }
  const start = { after: index.place.load() ?? 0n };
  const stream = client.changes({ projects: [project], fields: FIELDS, start });
  for await (const { changes, throughOffset } of stream.batches()) {
    index.begin();
    changes.forEach((change) => index.replace(change));
    index.commit(throughOffset);
    console.log(`${changes.length} changes, through offset ${throughOffset}`);
  }
}

const [command, ...words] = process.argv.slice(2);
if (command === "fill") {
  await fill(...words);
} else if (command === "find" && words.length > 1) {
  const [file = "", ...wanted] = words;
  for (const { title, section, text, url } of new Index(file).find(wanted)) {
    console.log(
      `${[title, section].filter((each) => each !== "").join(" > ")}\n  ${text.replaceAll("\n", " ")}\n  ${url}`,
    );
  }
} else {
  console.error("usage: search.js fill [HOST:PORT [PROJECT [FILE]]] | search.js find FILE WORD ...");
  process.exitCode = 2;
}
