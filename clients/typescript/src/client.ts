/** The client: a connection, and what can be asked over it. */

import type { Metadata } from "@grpc/grpc-js";
import {
  AccountServiceClient,
  type Article,
  type ArticleMatch,
  ArticleServiceClient,
  CatalogServiceClient,
  ChangeServiceClient,
  type DailyUsage,
  DeleteSubscriptionRequest,
  type GetAccountResponse,
  type GetChangeLogInfoResponse,
  GetSubscriptionRequest,
  type ListArticlesResponse,
  ListProjectsRequest,
  ListSubscriptionsRequest,
  ListUsageRequest,
  type Project,
  type Subscription as SubscriptionState,
} from "@wikifeed/proto/v1";

import * as articles from "./articles.js";
import type { BatchGetOptions, GetOptions, ListOptions, LookupOptions, Outcome } from "./articles.js";
import { type ChangesOptions, ChangeStream } from "./changes.js";
import type { ClientOptions } from "./connecting.js";
import { Connection, type StubClass } from "./connection.js";
import { DamagedDataError } from "./errors.js";
import { FileCalls } from "./files.js";
import { pagesOf } from "./lists.js";
import { mirror, type MirrorOptions, type Sink } from "./mirror.js";
import { changesRequest, type Key, type SubscribeOptions } from "./requests.js";
import { Subscription } from "./subscribing.js";

/** Which days, UTC, as "2026-01-31". */
export interface UsageOptions {
  /** The first of the last day's month unless set. */
  readonly firstDay?: string;
  /** The last day, itself included; today unless set. */
  readonly lastDay?: string;
  readonly signal?: AbortSignal;
}

/**
 * A connection to a server. Any number of calls may go on at once.
 *
 * ```ts
 * await using client = new Client("localhost:50051");
 * const article = await client.get("enwiki", "Anarchism");
 * ```
 */
export class Client extends FileCalls implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #accounts: AccountServiceClient;
  readonly #articles: ArticleServiceClient;
  readonly #catalog: CatalogServiceClient;
  readonly #changes: ChangeServiceClient;

  /** A client of the server at `address`, "host:port". It connects with the first call. */
  constructor(address: string, options: ClientOptions = {}) {
    const connection = new Connection(address, options);
    super(connection);
    this.#connection = connection;
    this.#accounts = connection.stub(AccountServiceClient);
    this.#articles = connection.stub(ArticleServiceClient);
    this.#catalog = connection.stub(CatalogServiceClient);
    this.#changes = connection.stub(ChangeServiceClient);
  }

  /** One article. Throws NotFoundError where there is none: `deletedAt` tells that there was one. */
  async get(project: string, page: string | bigint | number, options: GetOptions = {}): Promise<Article> {
    const call = this.#articles.getArticle.bind(this.#articles);
    return articles.get(this.#connection.asking(call, options.signal), project, page, options);
  }

  /** The structured contents of one article: infoboxes, sections, tables, references. Throws as `get`. */
  async structured(project: string, page: string | bigint | number, options: GetOptions = {}): Promise<Article> {
    const call = this.#articles.getStructuredContents.bind(this.#articles);
    return articles.structured(this.#connection.asking(call, options.signal), project, page, options);
  }

  /** The articles of a title in all projects. Throws NotFoundError where no project has one. */
  async lookup(title: string, options: LookupOptions = {}): Promise<ArticleMatch[]> {
    const call = this.#articles.lookupArticles.bind(this.#articles);
    return articles.lookup(this.#connection.asking(call, options.signal), title, options);
  }

  /** Many articles, however many: an outcome for each key, in the order of the keys. It goes on where a call is cut. */
  batchGet(keys: Iterable<Key>, options: BatchGetOptions = {}): AsyncGenerator<Outcome, void, undefined> {
    const { closing, settled } = this.#connection;
    return articles.batchGet(
      (request) =>
        this.#connection.receiving(
          (metadata) => this.#articles.batchGetArticles(request, metadata),
          [options.signal, closing],
        ),
      settled.reconnecting,
      keys,
      options,
    );
  }

  /** All articles of a project, as of one moment, page after page. */
  async *list(project: string, options: ListOptions = {}): AsyncGenerator<Article, void, undefined> {
    for await (const page of this.listPages(project, options)) {
      yield* page.articles;
    }
  }

  /** The same by pages: each tells the offset as of which the whole list is exact, so that `changes` can go on behind it. */
  listPages(project: string, options: ListOptions = {}): AsyncGenerator<ListArticlesResponse, void, undefined> {
    const call = this.#articles.listArticles.bind(this.#articles);
    return pagesOf(this.#connection.asking(call, options.signal), articles.listRequest(project, options));
  }

  /** The projects that the server has. */
  async projects(options: { languages?: readonly string[]; signal?: AbortSignal } = {}): Promise<Project[]> {
    const ask = this.#connection.asking(this.#catalog.listProjects.bind(this.#catalog), options.signal);
    return (await ask(ListProjectsRequest.fromPartial({ languages: [...(options.languages ?? [])] }))).projects;
  }

  /**
   * Changes, each exactly once and in order, for ever.
   *
   * It reconnects with growing waits where the connection is cut, the server stops, or nothing came for too long, and goes on
   * after the last change it gave. It ends with the first error that does not pass, CursorExpiredError among them, which
   * names a snapshot to begin from; and, where `until` says so, at an offset.
   */
  changes(options: ChangesOptions = {}): ChangeStream {
    const { closing, settled } = this.#connection;
    return new ChangeStream(
      (request) => this.#connection.receiving((metadata) => this.#changes.streamChanges(request, metadata)),
      changesRequest(options, options.start ?? "newest"),
      settled.reconnecting,
      options.checkpoint,
      [options.signal, closing],
    );
  }

  /** Which offsets and times the log holds, and how long it keeps them. */
  async changeLog(signal?: AbortSignal): Promise<GetChangeLogInfoResponse> {
    return this.#connection.asking(this.#changes.getChangeLogInfo.bind(this.#changes), signal)({});
  }

  /**
   * What a durable subscription delivers, at least once, for ever.
   *
   * The server makes it where there is none of that name; one that exists goes on behind what was acknowledged. Several
   * clients of one name share the pages. Deliveries that were not acknowledged when a call is cut come again. It reconnects as
   * `changes` does, and ends with the same errors, and with NotFoundError where the subscription was deleted and made anew
   * meanwhile.
   */
  subscribe(name: string, options: SubscribeOptions = {}): Subscription {
    const { closing, settled } = this.#connection;
    const open = async () => this.#changes.subscribe(await settled.metadata());
    const oldestOffset = async () => (await this.changeLog(options.signal)).oldestOffset;
    return new Subscription({ reconnecting: settled.reconnecting, closing, open, oldestOffset }, name, options);
  }

  /** How far a subscription is. Throws NotFoundError. */
  async subscription(name: string, signal?: AbortSignal): Promise<SubscriptionState> {
    const ask = this.#connection.asking(this.#changes.getSubscription.bind(this.#changes), signal);
    const { subscription } = await ask(GetSubscriptionRequest.fromPartial({ name }));
    if (subscription === undefined) {
      throw new DamagedDataError("the answer holds no subscription");
    }
    return subscription;
  }

  /** All subscriptions, in the order of their names. */
  async *subscriptions(signal?: AbortSignal): AsyncGenerator<SubscriptionState, void, undefined> {
    const ask = this.#connection.asking(this.#changes.listSubscriptions.bind(this.#changes), signal);
    for await (const page of pagesOf(ask, ListSubscriptionsRequest.create())) {
      yield* page.subscriptions;
    }
  }

  /** Have the server forget a subscription. Throws NotFoundError. */
  async deleteSubscription(name: string, signal?: AbortSignal): Promise<void> {
    const ask = this.#connection.asking(this.#changes.deleteSubscription.bind(this.#changes), signal);
    await ask(DeleteSubscriptionRequest.fromPartial({ name }));
  }

  /**
   * Keep a copy of a project's namespace current: begin with a snapshot where the sink is empty, and go on with the changes
   * behind it, or behind what the sink has. It ends as `changes` does: with CursorExpiredError after a pause longer than the
   * log, unless `onExpired` says to begin anew.
   */
  async mirror(project: string, sink: Sink, options: MirrorOptions = {}): Promise<void> {
    await mirror(this, project, sink, options);
    this.#connection.closing.throwIfAborted();
  }

  /** The account that calls: its plan, what it used this month, and what is left. Throws UnauthenticatedError. */
  async account(signal?: AbortSignal): Promise<GetAccountResponse> {
    return this.#connection.asking(this.#accounts.getAccount.bind(this.#accounts), signal)({});
  }

  /** What the account that calls used on each day, UTC. Days on which it used nothing are left out. */
  async usage(options: UsageOptions = {}): Promise<DailyUsage[]> {
    const ask = this.#connection.asking(this.#accounts.listUsage.bind(this.#accounts), options.signal);
    return (await ask(ListUsageRequest.fromPartial({ firstDay: options.firstDay, lastDay: options.lastDay }))).days;
  }

  /**
   * The generated stub of a service, for what there is no method for here, on the same connection. Its calls show
   * `await client.metadata()`.
   */
  stub<Stub>(kind: StubClass<Stub>): Stub {
    return this.#connection.stub(kind);
  }

  /** What each call shows: the key, or the token of the moment. */
  async metadata(): Promise<Metadata> {
    return this.#connection.settled.metadata();
  }

  /** Close the connection: loops over streams end, and all else that goes on is rejected. */
  close(): void {
    this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
