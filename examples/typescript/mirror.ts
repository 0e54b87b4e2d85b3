/**
 * Keeps a project's articles in a SQLite database: all of a snapshot first, then each change, in one transaction with its offset.
 * So each counts exactly once, however often this is killed.
 *
 *     node dist/mirror.js [HOST:PORT [PROJECT [FILE]]]
 */

import { Client, SqliteSink, type Update } from "@wikifeed/client";
import Database from "better-sqlite3";

const [server = "localhost:50051", project = "enwiki", file = "mirror.db"] = process.argv.slice(2);

/** A sink that tells what goes into the database. */
class Told extends SqliteSink {
  override write(updates: readonly Update[], throughOffset: bigint | undefined): void {
    super.write(updates, throughOffset);
    console.log(`${updates.length} updates, through offset ${throughOffset ?? "none yet"}`);
  }
}

const client = new Client(server);
await client.mirror(project, new Told(new Database(file)), { folder: `${file}.snapshot`, onExpired: "begin-again" });
