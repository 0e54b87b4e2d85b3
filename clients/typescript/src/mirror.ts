/** A project's namespace as it is, kept so: a snapshot first, then every change from its offset on. */

import { mkdtemp, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Article, type Change, EventType, type Snapshot, SnapshotState } from "@wikifeed/proto/v1";

import type { ChangesOptions, ChangeStream } from "./changes.js";
import type { SqliteDatabase } from "./checkpoints.js";
import { snapshotIdentifier } from "./creating.js";
import { CursorExpiredError, NotFoundError } from "./errors.js";
import type { FileCalls } from "./files.js";
import { readArticles } from "./snapshots.js";

const AT_ONCE = 500;

/** What happened to a page. The offset is the change's, or the snapshot's. */
export type Update =
  | { readonly kind: "put"; readonly article: Article; readonly offset: bigint }
  /** The page is gone: deleted, moved to another namespace, or a redirect by now. */
  | { readonly kind: "remove"; readonly pageId: bigint; readonly offset: bigint };

/** Where a mirror writes to. */
export interface Sink {
  /** The offset through which everything is written; undefined when the mirror is to begin anew. */
  position(): bigint | undefined | Promise<bigint | undefined>;
  /** Forget all there is: what follows is the whole. */
  begin(): void | Promise<void>;
  /** Write updates, and that everything through an offset is; undefined while the snapshot is not whole yet. */
  write(updates: readonly Update[], throughOffset: bigint | undefined): void | Promise<void>;
}

/** How to mirror. */
export interface MirrorOptions {
  /**
   * Where the snapshot's files lie until they were read: a mirror that was killed while they came goes on there. A folder of the
   * system's for temporary files unless set.
   */
  readonly folder?: string;
  /** The namespace; the main one unless set. */
  readonly namespace?: bigint | number;
  /** End once everything through this offset is written. */
  readonly until?: bigint | number;
  /**
   * What becomes of a sink that is older than the log: unless set, CursorExpiredError is thrown; "begin-again" has the sink
   * forget all, takes the newest snapshot and goes on.
   */
  readonly onExpired?: "throw" | "begin-again";
  readonly signal?: AbortSignal;
}

/**
 * Articles in a table of SQLite's: `article(identifier, name, offset, data)`, `data` the serialized Article. Updates and the
 * offset are one transaction: killed at any point, the mirror goes on without loss or repeat.
 *
 * The database is one of `better-sqlite3` or of `node:sqlite`.
 */
export class SqliteSink implements Sink {
  constructor(private readonly database: SqliteDatabase) {
    database.exec(
      "CREATE TABLE IF NOT EXISTS article (" +
        "  identifier INTEGER PRIMARY KEY, name TEXT NOT NULL, offset INTEGER NOT NULL, data BLOB NOT NULL);" +
        "CREATE INDEX IF NOT EXISTS article_name ON article (name);" +
        "CREATE TABLE IF NOT EXISTS mirror (through_offset TEXT NOT NULL)",
    );
  }

  /** The offset through which everything is written. */
  position(): bigint | undefined {
    const row = this.database.prepare("SELECT through_offset AS place FROM mirror").get();
    return row === undefined ? undefined : BigInt((row as { place: string }).place);
  }

  /** Forget all articles. */
  begin(): void {
    this.#transaction(() => this.database.exec("DELETE FROM mirror; DELETE FROM article"));
  }

  /** Write updates and the offset in one transaction. */
  write(updates: readonly Update[], throughOffset: bigint | undefined): void {
    this.#transaction(() => {
      const put = this.database.prepare("INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?)");
      const remove = this.database.prepare("DELETE FROM article WHERE identifier = ?");
      for (const update of updates) {
        if (update.kind === "put") {
          const { article, offset } = update;
          put.run(article.identifier, article.name, offset, Buffer.from(Article.encode(article).finish()));
        } else {
          remove.run(update.pageId);
        }
      }
      if (throughOffset !== undefined) {
        this.database.exec("DELETE FROM mirror");
        this.database.prepare("INSERT INTO mirror VALUES (?)").run(String(throughOffset));
      }
    });
  }

  /** The article of a title or a page id; undefined where there is none. */
  get(page: string | bigint | number): Article | undefined {
    const column = typeof page === "string" ? "name" : "identifier";
    const row = this.database.prepare(`SELECT data FROM article WHERE ${column} = ?`).get(page);
    return row === undefined ? undefined : Article.decode((row as { data: Uint8Array }).data);
  }

  #transaction(work: () => void): void {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      work();
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
    this.database.exec("COMMIT");
  }
}

/** What a mirror needs of the client. */
export interface Origin extends Pick<FileCalls, "snapshot" | "createSnapshot" | "export"> {
  changes(options: ChangesOptions): ChangeStream;
  changeLog(signal?: AbortSignal): Promise<{ readonly oldestOffset: bigint }>;
}

export async function mirror(client: Origin, project: string, sink: Sink, options: MirrorOptions): Promise<void> {
  const namespace = BigInt(options.namespace ?? 0);
  let after = await sink.position();
  for (;;) {
    after ??= await fill(client, { project, namespace }, sink, options);
    try {
      return await follow(client, { project, namespace }, sink, after, options);
    } catch (error) {
      if (!(error instanceof CursorExpiredError) || options.onExpired !== "begin-again") {
        throw error;
      }
      after = undefined;
    }
  }
}

type Kind = { readonly project: string; readonly namespace: bigint };

/**
 * Write every change after an offset into the sink. Of all namespaces: a page that moves out of the one that is mirrored is seen
 * to leave it. Snapshots hold whole articles without their structured parts, so the stream leaves these out as well.
 */
async function follow(client: Origin, kind: Kind, sink: Sink, after: bigint, options: MirrorOptions): Promise<void> {
  const { until, signal } = options;
  const stream = client.changes({ projects: [kind.project], fields: FIELDS, start: { after }, until, signal });
  for await (const { changes, throughOffset } of stream.batches()) {
    const updates = changes.map((change) => updateOf(change, kind.namespace));
    await sink.write(updates, throughOffset);
  }
  signal?.throwIfAborted();
}

const STRUCTURED = new Set(["infoboxes", "sections", "references", "tables", "links"]);
const FIELDS = Object.keys(Article.create())
  .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  .filter((name) => !name.startsWith("_") && !STRUCTURED.has(name));

/** Have the sink hold a snapshot; its offset. */
async function fill(client: Origin, kind: Kind, sink: Sink, options: MirrorOptions): Promise<bigint> {
  const { signal } = options;
  const { identifier, offset } = await usable(client, kind, signal);
  const scratch = options.folder === undefined ? await mkdtemp(join(tmpdir(), "wikifeed-")) : undefined;
  try {
    const { files } = await client.export(identifier, scratch ?? options.folder ?? "", { offset, signal });
    await sink.begin();
    let waiting: Update[] = [];
    for await (const article of readArticles(...files)) {
      signal?.throwIfAborted();
      waiting.push({ kind: "put", article, offset });
      if (waiting.length === AT_ONCE) {
        await sink.write(waiting, undefined);
        waiting = [];
      }
    }
    await sink.write(waiting, offset);
    await Promise.all(files.map((file) => unlink(file)));
    return offset;
  } finally {
    if (scratch !== undefined) {
      await rm(scratch, { recursive: true });
    }
  }
}

/**
 * The newest snapshot, though it is still being written, where the log has every change after it, else one that is made for
 * this.
 */
async function usable(client: Origin, kind: Kind, signal: AbortSignal | undefined): Promise<Snapshot> {
  let found;
  try {
    found = await client.snapshot(snapshotIdentifier(kind), { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError && error.reason === "SNAPSHOT_NOT_FOUND")) {
      throw error;
    }
    return client.createSnapshot(kind, { signal });
  }
  const { oldestOffset } = await client.changeLog(signal);
  return found.state !== SnapshotState.FAILED && found.offset + 1n >= oldestOffset
    ? found
    : client.createSnapshot(kind, { signal });
}

/** What a change is to the mirror of a namespace. */
export function updateOf(change: Change, namespace: bigint): Update {
  const { article, offset } = change;
  const isThere = change.eventType !== EventType.DELETE && change.redirectTarget === "";
  if (article !== undefined && isThere && (article.namespace?.identifier ?? 0n) === namespace) {
    return { kind: "put", article, offset };
  }
  return { kind: "remove", pageId: article?.identifier ?? 0n, offset };
}
