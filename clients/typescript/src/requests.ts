/** Arguments as the contract's requests. */

import { Duration, Timestamp } from "@wikifeed/proto/google/protobuf";
import {
  ChangeFilter,
  type EventType,
  OpenSubscription,
  StartPosition,
  StreamChangesRequest,
} from "@wikifeed/proto/v1";

// How many changes of a subscription may be on their way or untaken.
const CREDIT = 1000;
// Nanoseconds in a second.
const NANOS = 1_000_000_000n;

/** Where a stream begins: after an offset (0 is the beginning of the log), at a time, or at an end of the log. */
export type Start = { readonly after: bigint | number } | { readonly since: Date } | "oldest" | "newest";

/** Which changes of the log to send. What is not said lets everything pass. */
export interface Filter {
  readonly projects?: readonly string[];
  readonly namespaces?: readonly (bigint | number)[];
  readonly languages?: readonly string[];
  readonly eventTypes?: readonly EventType[];
  readonly pageIds?: readonly (bigint | number)[];
}

/** Which changes of the log to send, and what of them. */
export interface Changes extends Filter {
  /** This consumer's part of the pages: all changes of a page go to the same of `count`, counted from 0. */
  readonly share?: { readonly index: number; readonly count: number };
  /** The fields of the article to send, as dotted paths; none means all. */
  readonly fields?: readonly string[];
  /** Leave out the text of pages and the structured parts: that costs the server least. */
  readonly noBody?: boolean;
  /** How many changes may come at once; the server decides unless set. */
  readonly maxBatchSize?: number;
  /** How long a change may wait for others to come with it; the server decides unless set. */
  readonly maxDelayMs?: number;
}

/** How a subscription is opened. Without `changes` it keeps the filter that it has. */
export interface SubscribeOptions {
  /** Which changes to deliver, and what of them. The clients of a subscription share its pages without a `share`. */
  readonly changes?: Omit<Changes, "share">;
  /** Where a subscription begins that is made for it; after the newest change unless set. */
  readonly start?: Start;
  /** How many changes may be on their way or untaken: 1,000 unless set, without bound with 0. */
  readonly credit?: number;
  /** How many changes may wait for their acknowledgement; the server's default unless set. */
  readonly maxUnacknowledged?: number;
  readonly signal?: AbortSignal;
}

/** A page's project, and its title or page id. */
export type Key = readonly [project: string, page: string | bigint | number];

export function changesRequest(
  changes: Changes & { readonly until?: bigint | number; readonly allowCompacted?: boolean },
  start: Start,
): StreamChangesRequest {
  const request = StreamChangesRequest.fromPartial({
    ...filterOf(changes),
    share: changes.share,
    noBody: changes.noBody ?? false,
    untilOffset: BigInt(changes.until ?? 0),
    maxBatchSize: changes.maxBatchSize ?? 0,
    allowCompacted: changes.allowCompacted ?? false,
    maxDelay: durationOf(changes.maxDelayMs),
  });
  request.readMask = maskOf(changes.fields);
  if (start === "oldest" || start === "newest") {
    request.start = { $case: "position", value: start === "oldest" ? StartPosition.OLDEST : StartPosition.NEWEST };
  } else if ("after" in start) {
    request.start = { $case: "afterOffset", value: BigInt(start.after) };
  } else {
    request.start = { $case: "since", value: timestampOf(start.since) };
  }
  return request;
}

export function openRequest(name: string, options: SubscribeOptions): OpenSubscription {
  const { changes } = options;
  const opening = OpenSubscription.fromPartial({
    name,
    credit: BigInt(options.credit ?? CREDIT),
    maxUnacknowledged: options.maxUnacknowledged ?? 0,
    noBody: changes?.noBody ?? false,
    maxBatchSize: changes?.maxBatchSize ?? 0,
    maxDelay: durationOf(changes?.maxDelayMs),
  });
  opening.readMask = maskOf(changes?.fields);
  opening.filter = changes === undefined ? undefined : filterOf(changes);
  return opening;
}

export function filterOf(filter: Filter): ChangeFilter {
  return ChangeFilter.fromPartial({
    projects: [...(filter.projects ?? [])],
    namespaces: (filter.namespaces ?? []).map(BigInt),
    languages: [...(filter.languages ?? [])],
    eventTypes: [...(filter.eventTypes ?? [])],
    pageIds: (filter.pageIds ?? []).map(BigInt),
  });
}

/** A page as requests name it. */
export function pageOf(
  page: string | bigint | number,
): { $case: "title"; value: string } | { $case: "pageId"; value: bigint } {
  return typeof page === "string" ? { $case: "title", value: page } : { $case: "pageId", value: BigInt(page) };
}

/** A mask of these paths; none where there are none. */
export function maskOf(fields: readonly string[] | undefined): string[] | undefined {
  return fields === undefined || fields.length === 0 ? undefined : [...fields];
}

export function timestampOf(time: Date): Timestamp {
  const milliseconds = time.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  return Timestamp.fromPartial({ seconds: BigInt(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 });
}

export function durationOf(milliseconds: number | undefined): Duration | undefined {
  if (milliseconds === undefined) {
    return undefined;
  }
  // Rounded as a whole: 999.9999999 ms are a second, not the billion nanoseconds that a Duration may not have.
  const nanoseconds = BigInt(Math.round(milliseconds * 1_000_000));
  return Duration.fromPartial({ seconds: nanoseconds / NANOS, nanos: Number(nanoseconds % NANOS) });
}
