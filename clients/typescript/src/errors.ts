/**
 * The errors of this package, and how a failed call becomes one.
 *
 * A server tells what went wrong as a `google.rpc.Status` with details; its `ErrorInfo` has a reason that does not change.
 * What carries no such status comes from the way there: the network, a proxy, gRPC itself.
 */

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type ServiceError, status as Code } from "@grpc/grpc-js";
import { Status } from "@wikifeed/proto/google/rpc";

const DOMAIN = "wikifeed";
const EXPIRED = "OFFSET_EXPIRED";
// What shares its code with quotas and is none: the client, or its place in a subscription, was too slow; a disk of the
// server's is full; and without a reason it is gRPC's own: a message is too large.
const NO_QUOTA = new Set(["SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE", "STORE_FULL", ""]);
// The server asks for another call with these.
const COME_AGAIN = new Set(["SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE"]);
// A stream that something on the way reset ends with one of these codes and gRPC's own words; a server's own errors of
// the same codes have a reason, or other words.
const RESET_CODES = new Set<Code>([Code.INTERNAL, Code.UNKNOWN, Code.CANCELLED]);
const RESET_WORDS = [
  "RST_STREAM",
  "GOAWAY",
  "Connection",
  "connection",
  "Stream removed",
  "Call ended without",
  "socket",
];

/** What belongs to an error of any kind. */
export interface ErrorFacts {
  /** The status of gRPC. */
  readonly code: Code;
  /** The server's stable name for what went wrong; "" where it named none. */
  readonly reason: string;
  /** What belongs to the reason. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The call's id in the server's log; "" where it told none. */
  readonly requestId: string;
}

const NO_FACTS: ErrorFacts = { code: Code.UNKNOWN, reason: "", metadata: {}, requestId: "" };

/** Base of all errors of this package, and what a call ends with that has no class of its own. */
export class WikifeedError extends Error implements ErrorFacts {
  readonly code: Code;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly requestId: string;

  constructor(message: string, facts: Partial<ErrorFacts> = {}) {
    const { code, reason, metadata, requestId } = { ...NO_FACTS, ...facts };
    super(`${message} (${reason || Code[code]})`);
    this.name = new.target.name;
    this.code = code;
    this.reason = reason;
    this.metadata = metadata;
    this.requestId = requestId;
  }
}

/** One field of a request that is wrong: its dotted path, and what is wrong with it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** What was asked for is not there. The reason says what: ARTICLE_NOT_FOUND, ARTICLE_DELETED, PROJECT_NOT_FOUND... */
export class NotFoundError extends WikifeedError {
  /** When the page was deleted, where it was. */
  deletedAt?: Date;
  /** What was looked for. */
  resourceName = "";
}

/** The request itself is wrong; the same request never succeeds. */
export class InvalidRequestError extends WikifeedError {
  /** The fields that are wrong. */
  violations: readonly FieldViolation[] = [];
}

/** The log no longer keeps what follows the start: take a snapshot and go on from its offset. */
export class CursorExpiredError extends WikifeedError {
  /** The oldest change kept. */
  oldestOffset = 0n;
  /** A snapshot from which a stream can go on; "" where there is none. */
  snapshotIdentifier = "";
  /** That snapshot's offset; 0 where there is none. */
  snapshotOffset = 0n;
}

/** More than the account, the address or the connection may have. */
export class QuotaExceededError extends WikifeedError {
  /** After how many seconds there is more. */
  retryAfterSeconds?: number;
}

/** No key or token was shown where one is needed, or one that is not good, or not any more. */
export class UnauthenticatedError extends WikifeedError {}

/** The account's plan does not allow this; `metadata.plan` names it. */
export class PermissionDeniedError extends WikifeedError {}

/** No server answers, or it stops. Try again; streams and exports do so by themselves. */
export class UnavailableError extends WikifeedError {
  /** What the server advises, where it does. */
  retryAfterSeconds?: number;

  constructor(message: string, facts: Partial<ErrorFacts> = {}) {
    super(message, { code: Code.UNAVAILABLE, ...facts });
  }
}

/** No answer came within the deadline. */
export class DeadlineExceededError extends WikifeedError {}

/** Bytes came or lie there that are not what their checksum says, and asking again did not help. */
export class DamagedDataError extends WikifeedError {
  constructor(message: string, facts: Partial<ErrorFacts> = {}) {
    super(message, { code: Code.DATA_LOSS, ...facts });
  }
}

type Kind = new (message: string, facts: Partial<ErrorFacts>) => WikifeedError;

const KINDS = new Map<Code, Kind>([
  [Code.NOT_FOUND, NotFoundError],
  [Code.INVALID_ARGUMENT, InvalidRequestError],
  [Code.RESOURCE_EXHAUSTED, QuotaExceededError],
  [Code.UNAUTHENTICATED, UnauthenticatedError],
  [Code.PERMISSION_DENIED, PermissionDeniedError],
  [Code.UNAVAILABLE, UnavailableError],
  [Code.DEADLINE_EXCEEDED, DeadlineExceededError],
  [Code.DATA_LOSS, DamagedDataError],
]);

/** The error of this package that tells of a failed call. What is no failed call comes back as it is. */
export function errorOfCall(error: unknown): unknown {
  if (!isServiceError(error)) {
    return error;
  }
  const packed = error.metadata.get("grpc-status-details-bin")[0];
  if (packed instanceof Uint8Array) {
    const status = decoded(packed);
    if (status !== undefined) {
      return errorOfStatus(status);
    }
  }
  return errorOfStatus(Status.create({ code: error.code, message: error.details }));
}

/** The error of this package that a `google.rpc.Status` tells of. */
export function errorOfStatus(status: Status): WikifeedError {
  const details = new Map(status.details.map((each) => [each.typeUrl.split("/").pop() ?? "", fieldsOf(each.value)]));
  const info = details.get("google.rpc.ErrorInfo");
  const isOwn = info !== undefined && textOf(info, 2) === DOMAIN;
  const facts: ErrorFacts = {
    code: status.code in Code ? status.code : Code.UNKNOWN,
    reason: isOwn ? textOf(info, 1) : "",
    metadata: isOwn ? pairsOf(info, 3) : {},
    requestId: textOf(details.get("google.rpc.RequestInfo"), 1),
  };
  const made = new (kindOf(facts))(wordsOf(status), facts);
  addDetails(made, details);
  return made;
}

/** Whether a stream that ended with this may be opened again as it was. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof WikifeedError)) {
    return false;
  }
  if (error instanceof UnavailableError || COME_AGAIN.has(error.reason)) {
    return true;
  }
  return (
    RESET_CODES.has(error.code) && error.reason === "" && RESET_WORDS.some((words) => error.message.includes(words))
  );
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "metadata" in error && "details" in error;
}

function decoded(packed: Uint8Array): Status | undefined {
  try {
    return Status.decode(packed);
  } catch {
    return undefined; // not a Status, so a proxy's: the code and the text are what there is
  }
}

function wordsOf(status: Status): string {
  return status.code === Code.UNIMPLEMENTED
    ? `the server does not know this call, so it is older than this client: ${status.message}`
    : status.message;
}

function kindOf(facts: ErrorFacts): Kind {
  if (facts.reason === EXPIRED) {
    return CursorExpiredError;
  }
  const kind = KINDS.get(facts.code) ?? WikifeedError;
  return kind === QuotaExceededError && NO_QUOTA.has(facts.reason) ? WikifeedError : kind;
}

function addDetails(error: WikifeedError, details: ReadonlyMap<string, Fields>): void {
  const { metadata } = error;
  if (error instanceof NotFoundError) {
    error.resourceName = textOf(details.get("google.rpc.ResourceInfo"), 2);
    const deletedAt = new Date(metadata.deleted_at ?? "");
    if (!Number.isNaN(deletedAt.getTime())) {
      error.deletedAt = deletedAt;
    }
  } else if (error instanceof InvalidRequestError) {
    const violations = details.get("google.rpc.BadRequest")?.get(1) ?? [];
    error.violations = violations.map((each) => {
      const fields = fieldsOf(each as Uint8Array);
      return { field: textOf(fields, 1), description: textOf(fields, 2) };
    });
  } else if (error instanceof CursorExpiredError) {
    error.oldestOffset = numberOf(metadata.oldest_offset);
    error.snapshotIdentifier = metadata.snapshot_identifier ?? "";
    error.snapshotOffset = numberOf(metadata.snapshot_offset);
  } else if (error instanceof QuotaExceededError || error instanceof UnavailableError) {
    const delay = details.get("google.rpc.RetryInfo")?.get(1)?.[0];
    if (delay instanceof Uint8Array) {
      const fields = fieldsOf(delay);
      const seconds = Number(fields.get(1)?.[0] ?? 0) + Number(fields.get(2)?.[0] ?? 0) / 1e9;
      if (seconds > 0) {
        error.retryAfterSeconds = seconds;
      }
    }
  }
}

function numberOf(text: string | undefined): bigint {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : 0n;
}

/** The fields of a message by their numbers: what is of use of the details of google.rpc, for which there are no stubs. */
type Fields = ReadonlyMap<number, ReadonlyArray<Uint8Array | bigint>>;

function fieldsOf(message: Uint8Array): Fields {
  const found = new Map<number, (Uint8Array | bigint)[]>();
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const values = found.get(number) ?? [];
    found.set(number, values);
    if (type === WireType.LengthDelimited) {
      values.push(reader.bytes());
    } else if (type === WireType.Varint) {
      values.push(BigInt(reader.int64()));
    } else {
      reader.skip(type, number);
    }
  }
  return found;
}

function textOf(fields: Fields | undefined, number: number): string {
  const value = fields?.get(number)?.[0];
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}

function pairsOf(fields: Fields, number: number): Record<string, string> {
  const pairs = (fields.get(number) ?? []).map((entry) => {
    const pair = fieldsOf(entry as Uint8Array);
    return [textOf(pair, 1), textOf(pair, 2)];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}
