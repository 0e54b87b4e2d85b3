/** Articles on demand. */

import {
  type Article,
  type ArticleMatch,
  ArticleKey,
  type ArticleOutcome,
  BatchGetArticlesRequest,
  type BatchGetArticlesResponse,
  GetArticleRequest,
  type GetArticleResponse,
  GetStructuredContentsRequest,
  type GetStructuredContentsResponse,
  ListArticlesRequest,
  LookupArticlesRequest,
  type LookupArticlesResponse,
} from "@wikifeed/proto/v1";

import { DamagedDataError, errorOfStatus, isPassing, UnavailableError, type WikifeedError } from "./errors.js";
import type { Incoming } from "./incoming.js";
import { Backoff, pause, type Reconnecting } from "./reconnecting.js";
import { type Key, maskOf, pageOf } from "./requests.js";

// How many keys a call may have.
const BATCH_KEYS = 10_000;
const TRIES = 4;

/** What of many articles to get. */
export interface BatchGetOptions {
  /** The fields to get, as dotted paths ("name", "version.editor.name"); none means all. */
  readonly fields?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What of an article to get. */
export interface GetOptions extends BatchGetOptions {
  /** An older revision. */
  readonly revisionId?: bigint | number;
}

/** Which articles of a title to find. What is not said lets everything pass. */
export interface LookupOptions {
  readonly projects?: readonly string[];
  readonly languages?: readonly string[];
  readonly namespaces?: readonly (bigint | number)[];
  /** How many matches at most; the server decides unless set. */
  readonly limit?: number;
  readonly fields?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Which articles of a project to list. */
export interface ListOptions {
  readonly namespaces?: readonly (bigint | number)[];
  readonly fields?: readonly string[];
  /** How many articles come in an answer; the server decides unless set. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/** What became of one key: an article, or why there is none. */
export interface Outcome {
  /** Which key, counted from 0. */
  readonly index: number;
  readonly key: Key;
  readonly article: Article | undefined;
  readonly error: WikifeedError | undefined;
  /** The title of the redirect that led to it; "" where none did. */
  readonly redirectedFrom: string;
}

type Ask<Question, Answer> = (question: Question) => Promise<Answer>;
type Page = string | bigint | number;

export async function get(
  ask: Ask<GetArticleRequest, GetArticleResponse>,
  project: string,
  page: Page,
  options: GetOptions,
): Promise<Article> {
  return articleOf((await ask(GetArticleRequest.fromPartial(pageRequest(project, page, options) as never))).article);
}

export async function structured(
  ask: Ask<GetStructuredContentsRequest, GetStructuredContentsResponse>,
  project: string,
  page: Page,
  options: GetOptions,
): Promise<Article> {
  return articleOf(
    (await ask(GetStructuredContentsRequest.fromPartial(pageRequest(project, page, options) as never))).article,
  );
}

export async function lookup(
  ask: Ask<LookupArticlesRequest, LookupArticlesResponse>,
  title: string,
  options: LookupOptions,
): Promise<ArticleMatch[]> {
  const request = LookupArticlesRequest.fromPartial({
    title,
    projects: [...(options.projects ?? [])],
    languages: [...(options.languages ?? [])],
    namespaces: (options.namespaces ?? []).map(BigInt),
    limit: options.limit ?? 0,
  });
  request.readMask = maskOf(options.fields);
  return (await ask(request)).matches;
}

export function listRequest(project: string, options: ListOptions): ListArticlesRequest {
  const request = ListArticlesRequest.fromPartial({
    project,
    namespaces: (options.namespaces ?? []).map(BigInt),
    pageSize: options.pageSize ?? 0,
  });
  request.readMask = maskOf(options.fields);
  return request;
}

export async function* batchGet(
  open: (request: BatchGetArticlesRequest) => Promise<Incoming<BatchGetArticlesResponse>>,
  reconnecting: Reconnecting,
  keys: Iterable<Key>,
  options: BatchGetOptions,
): AsyncGenerator<Outcome, void, undefined> {
  const all = [...keys];
  const backoff = new Backoff(reconnecting);
  for (let done = 0; done < all.length; ) {
    const part = all.slice(done, done + BATCH_KEYS);
    const first = done;
    const request = BatchGetArticlesRequest.fromPartial({ keys: part.map(keyOf) });
    request.readMask = maskOf(options.fields);
    const call = await open(request);
    try {
      for (let response = await call.next(); response !== undefined; response = await call.next()) {
        backoff.reset();
        for (const outcome of response.outcomes) {
          done += 1;
          yield outcomeOf(outcome, first, all);
        }
      }
      if (done < first + part.length) {
        throw new UnavailableError("the answer ended early");
      }
    } catch (error) {
      if (!isPassing(error) || backoff.tries + 1 >= TRIES) {
        throw error;
      }
      await pause(backoff.waitMs(), options.signal);
      options.signal?.throwIfAborted();
    } finally {
      call.cancel();
    }
  }
}

function pageRequest(project: string, page: Page, options: GetOptions) {
  const { revisionId, fields } = options;
  return {
    project,
    key: pageOf(page),
    revisionId: revisionId === undefined ? undefined : BigInt(revisionId),
    readMask: maskOf(fields),
  };
}

function keyOf([project, page]: Key): ArticleKey {
  return ArticleKey.fromPartial({ project, key: pageOf(page) } as never);
}

function outcomeOf(outcome: ArticleOutcome, first: number, keys: readonly Key[]): Outcome {
  const index = first + outcome.index;
  const found = outcome.outcome;
  return {
    index,
    key: keys[index] as Key,
    article: found?.$case === "article" ? found.value : undefined,
    error: found?.$case === "error" ? errorOfStatus(found.value) : undefined,
    redirectedFrom: outcome.redirectedFrom,
  };
}

function articleOf(article: Article | undefined): Article {
  if (article === undefined) {
    throw new DamagedDataError("the answer holds no article");
  }
  return article;
}
