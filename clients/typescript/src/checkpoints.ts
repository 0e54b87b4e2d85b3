/**
 * Where a stream remembers how far its caller is.
 *
 * A stream saves an offset when the caller asks for what follows, that is once the caller is done with what came before. A
 * program that dies between the two gets that again: *at least once*. It is *exactly once* where the caller writes what it
 * makes of changes and the offset (`SqliteCheckpoint.put`) in one transaction.
 */

import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** What a stream needs of a place to remember an offset in. Write your own with these two methods. */
export interface CheckpointStore {
  /** The offset saved last; undefined when none was. */
  load(): bigint | undefined | Promise<bigint | undefined>;
  /** Remember the offset, durably when this is done. */
  save(offset: bigint): void | Promise<void>;
}

/** An offset in a file of its own, which is replaced in one step: a crash leaves the old one or the next. */
export class FileCheckpoint implements CheckpointStore {
  constructor(private readonly path: string) {}

  /** The offset saved last; undefined when there is no file. Throws when the file holds no offset. */
  async load(): Promise<bigint | undefined> {
    let text;
    try {
      text = await readFile(this.path, "ascii");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        return undefined;
      }
      throw error;
    }
    if (!/^\d+\n?$/.test(text)) {
      throw new Error(`${this.path} holds no offset: ${JSON.stringify(text.slice(0, 40))}`);
    }
    return BigInt(text.trim());
  }

  /** Replace the file. */
  async save(offset: bigint): Promise<void> {
    const fresh = `${this.path}.tmp`;
    const file = await open(fresh, "w");
    try {
      await file.writeFile(`${offset}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.path);
    await syncFolder(dirname(this.path));
  }
}

/** What is used of a database of `better-sqlite3` or of `node:sqlite`. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: unknown[]): unknown; get(...values: unknown[]): unknown };
}

/** An offset in a table of the caller's database, under a name. */
export class SqliteCheckpoint implements CheckpointStore {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly name = "default",
  ) {
    database.exec("CREATE TABLE IF NOT EXISTS wikifeed_checkpoint (name TEXT PRIMARY KEY, offset TEXT NOT NULL)");
  }

  /** The offset saved last; undefined when none was. */
  load(): bigint | undefined {
    const row = this.database.prepare("SELECT offset FROM wikifeed_checkpoint WHERE name = ?").get(this.name);
    return row === undefined ? undefined : BigInt((row as { offset: string }).offset);
  }

  /** Write the offset, inside the transaction that is open or as one of its own. */
  put(offset: bigint): void {
    this.database
      .prepare("INSERT INTO wikifeed_checkpoint VALUES (?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset")
      .run(this.name, String(offset));
  }

  /** Write the offset. */
  save(offset: bigint): void {
    this.put(offset);
  }
}

/** Have the disk know the names in a folder: a file that was renamed is then under its name after a crash. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") {
    return; // folders can't be opened there
  }
  const opened = await open(folder, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
