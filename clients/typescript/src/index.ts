/**
 * The client of Wikifeed for Node.js: articles on demand, changes that resume exactly, verified snapshots, mirrors.
 *
 * @packageDocumentation
 */

export type { BatchGetOptions, GetOptions, ListOptions, LookupOptions, Outcome } from "./articles.js";
export { type ChangesOptions, ChangeStream } from "./changes.js";
export { type CheckpointStore, FileCheckpoint, SqliteCheckpoint, type SqliteDatabase } from "./checkpoints.js";
export { Client, type UsageOptions } from "./client.js";
export type { ClientOptions } from "./connecting.js";
export type { StubClass } from "./connection.js";
export { snapshotIdentifier, type SnapshotKind } from "./creating.js";
export * from "./errors.js";
export type { ExportProgress, FetchOptions } from "./exporting.js";
export type { BatchesOptions, Export, ExportOptions } from "./files.js";
export { type MirrorOptions, type Sink, SqliteSink, type Update } from "./mirror.js";
export type { Reconnecting } from "./reconnecting.js";
export type { Changes, Filter, Key, Start, SubscribeOptions } from "./requests.js";
export type { ChangeBatch } from "./resuming.js";
export { articleFromJson, readArticles, readLines } from "./snapshots.js";
export { type Delivery, Subscription } from "./subscribing.js";
export { VERSION } from "./version.js";
/** The messages of the contract. */
export * as messages from "@wikifeed/proto/v1";
