/** The client: a connection, and what can be asked over it. */

import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from "@grpc/grpc-js";
import {
  type Article,
  type ArticleMatch,
  ArticleServiceClient,
  ChangeServiceClient,
  type GetChangeLogInfoResponse,
  type Snapshot,
  SnapshotServiceClient,
} from "@wikifeed/proto/v1";

import { batchGet, get, type GetOptions, list, type ListOptions, lookup, type LookupOptions, type Outcome, structured } from "./articles.js";
import { ChangeStream } from "./changes.js";
import type { CheckpointStore } from "./checkpoints.js";
import { type ClientOptions, type Settled, settled } from "./connecting.js";
import { errorOfCall } from "./errors.js";
import { createSnapshot, type Export, exportSnapshot, type ExportOptions, type SnapshotKind } from "./exporting.js";
import { Incoming } from "./incoming.js";
import { mirror, type MirrorOptions, type Sink } from "./mirror.js";
import { type Changes, changesRequest, type Key, type Start } from "./requests.js";
import { type SubscribeOptions, Subscription } from "./subscribing.js";

/** What to follow, and from where. */
export interface ChangesOptions extends Changes {
  /** Where to begin: "newest" unless set. What a checkpoint says goes before it. */
  readonly start?: Start;
  /** End once every change up to and including this offset was given. */
  readonly until?: bigint | number;
  /** Take what a compacted log has: of each page the last change only. */
  readonly allowCompacted?: boolean;
  /** Begin where it says, if it says something, and save there how far the caller is. */
  readonly checkpoint?: CheckpointStore;
  readonly signal?: AbortSignal;
}

type Method<Question, Answer> = (
  question: Question,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, answer: Answer) => void,
) => ClientUnaryCall;

/**
 * A connection to a server. Any number of calls may go on at once.
 *
 * ```ts
 * await using client = new Client("localhost:50051");
 * const article = await client.get("enwiki", "Anarchism");
 * ```
 */
export class Client implements AsyncDisposable {
  readonly #settled: Settled;
  readonly #articles: ArticleServiceClient;
  readonly #changes: ChangeServiceClient;
  readonly #snapshots: SnapshotServiceClient;

  /** A client of the server at `address`, "host:port". It connects with the first call. */
  constructor(address: string, options: ClientOptions = {}) {
    this.#settled = settled(address, options);
    const { credentials, channel } = this.#settled;
    this.#articles = new ArticleServiceClient(address, credentials, channel);
    const shared = { ...channel, channelOverride: this.#articles.getChannel() };
    this.#changes = new ChangeServiceClient(address, credentials, shared);
    this.#snapshots = new SnapshotServiceClient(address, credentials, shared);
  }

  /** One article. Throws NotFoundError where there is none: `deletedAt` tells that there was one. */
  async get(project: string, page: string | bigint | number, options: GetOptions = {}): Promise<Article> {
    return get(this.#asking(this.#articles.getArticle.bind(this.#articles), options.signal), project, page, options);
  }

  /** The structured contents of one article: infoboxes, sections, tables, references. Throws as `get`. */
  async structured(project: string, page: string | bigint | number, options: GetOptions = {}): Promise<Article> {
    const call = this.#articles.getStructuredContents.bind(this.#articles);
    return structured(this.#asking(call, options.signal), project, page, options);
  }

  /** The articles of a title in all projects. Throws NotFoundError where no project has one. */
  async lookup(title: string, options: LookupOptions = {}): Promise<ArticleMatch[]> {
    return lookup(this.#asking(this.#articles.lookupArticles.bind(this.#articles), options.signal), title, options);
  }

  /** Many articles, however many: an outcome for each key, in the order of the keys. It goes on where a call is cut. */
  batchGet(keys: Iterable<Key>, options: GetOptions = {}): AsyncGenerator<Outcome, void, undefined> {
    const { reconnecting } = this.#settled;
    return batchGet(
      async (request) => {
        const call = this.#articles.batchGetArticles(request, await this.#settled.metadata());
        return new Incoming(call, reconnecting.silenceMs);
      },
      reconnecting,
      keys,
      options,
    );
  }

  /** All articles of a project, as of one moment, page after page. */
  list(project: string, options: ListOptions = {}): AsyncGenerator<Article, void, undefined> {
    return list(this.#asking(this.#articles.listArticles.bind(this.#articles), options.signal), project, options);
  }

  /**
   * Changes, each exactly once and in order, for ever.
   *
   * It reconnects with growing waits where the connection is cut, the server stops, or nothing came for too long, and goes on
   * after the last change it gave. It ends with the first error that does not pass, CursorExpiredError among them, which
   * names a snapshot to begin from; and, where `until` says so, at an offset.
   */
  changes(options: ChangesOptions = {}): ChangeStream {
    const { reconnecting } = this.#settled;
    return new ChangeStream(
      async (request) => new Incoming(this.#changes.streamChanges(request, await this.#settled.metadata()), reconnecting.silenceMs),
      changesRequest(options, options.start ?? "newest"),
      reconnecting,
      options.checkpoint,
      options.signal,
    );
  }

  /** Which offsets and times the log holds, and how long it keeps them. */
  async changeLog(signal?: AbortSignal): Promise<GetChangeLogInfoResponse> {
    return this.#asking(this.#changes.getChangeLogInfo.bind(this.#changes), signal)({});
  }

  /**
   * What a durable subscription delivers, at least once, for ever.
   *
   * The server makes it where there is none of that name; one that exists goes on behind what was acknowledged. Several
   * clients of one name share the pages. Deliveries that were not acknowledged when a call is cut come again. It reconnects as
   * `changes` does, and ends with the same errors, and with one where the subscription was deleted and made anew meanwhile.
   */
  subscribe(name: string, options: SubscribeOptions = {}): Subscription {
    const open = async () => this.#changes.subscribe(await this.#settled.metadata());
    const oldestOffset = async () => (await this.changeLog()).oldestOffset;
    return new Subscription({ reconnecting: this.#settled.reconnecting, open, oldestOffset }, name, options);
  }

  /**
   * Have the files of a snapshot in a folder, whole and verified. What lies there of it is taken up.
   *
   * Throws NotFoundError where there is no such snapshot, DamagedDataError where bytes stay damaged, and the system's error
   * where the disk is full: what came stays for the next try.
   */
  async export(identifier: string, folder: string, options: ExportOptions = {}): Promise<Export> {
    return exportSnapshot(this.#exporting(options.signal), identifier, folder, options);
  }

  /** Have a snapshot made, and wait until it is written. */
  async createSnapshot(kind: SnapshotKind, options: { chunkSizeBytes?: number; signal?: AbortSignal } = {}): Promise<Snapshot> {
    return createSnapshot(this.#exporting(options.signal), kind, options.chunkSizeBytes ?? 0, options.signal);
  }

  /**
   * Keep a copy of a project's namespace current: begin with a snapshot where the sink is empty, and go on with the changes
   * behind it, or behind what the sink has. It ends as `changes` does: with CursorExpiredError after a pause longer than the
   * log, where to begin anew is the caller's to decide.
   */
  async mirror(project: string, sink: Sink, options: MirrorOptions): Promise<void> {
    return mirror(this, project, sink, options);
  }

  /** Close the connection; calls that go on end. */
  close(): void {
    this.#articles.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #exporting(signal: AbortSignal | undefined) {
    const { reconnecting } = this.#settled;
    const snapshots = this.#snapshots;
    return {
      reconnecting,
      get: this.#asking(snapshots.getSnapshot.bind(snapshots), signal),
      create: this.#asking(snapshots.createSnapshot.bind(snapshots), signal),
      open: async (request: Parameters<SnapshotServiceClient["exportSnapshot"]>[0]) =>
        new Incoming(snapshots.exportSnapshot(request, await this.#settled.metadata()), reconnecting.silenceMs),
    };
  }

  /** A method that answers once, as a function of its question. gRPC makes it again where the server is unavailable. */
  #asking<Question, Answer>(method: Method<Question, Answer>, signal: AbortSignal | undefined) {
    return async (question: Question): Promise<Answer> => {
      const metadata = await this.#settled.metadata();
      return new Promise<Answer>((resolve, reject) => {
        const deadline = Date.now() + this.#settled.deadlineMs;
        const call = method(question, metadata, { deadline }, (error, answer) => {
          signal?.removeEventListener("abort", cancel);
          if (error === null) {
            resolve(answer);
          } else {
            reject(errorOfCall(error));
          }
        });
        const cancel = (): void => call.cancel();
        signal?.addEventListener("abort", cancel, { once: true });
      });
    };
  }
}
