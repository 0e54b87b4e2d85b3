import assert from "node:assert/strict";
import { test } from "node:test";

import { Metadata, status as Code, type ServiceError } from "@grpc/grpc-js";

import * as wikifeed from "../src/index.js";
import { errorOfCall, isPassing } from "../src/errors.js";
import { failure } from "./failure.js";

/** A failed call of something on the way. */
function bare(code: Code, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

test("an expired cursor tells the way out", () => {
  const pairs = { oldest_offset: "7", snapshot_identifier: "enwiki_namespace_0", snapshot_offset: "9" };
  const error = errorOfCall(failure(Code.OUT_OF_RANGE, "OFFSET_EXPIRED", pairs));
  assert.ok(error instanceof wikifeed.CursorExpiredError);
  assert.deepEqual(
    [error.oldestOffset, error.snapshotIdentifier, error.snapshotOffset],
    [7n, "enwiki_namespace_0", 9n],
  );
  assert.ok(!isPassing(error));
});

test("a deleted article tells when it was deleted", () => {
  const error = errorOfCall(failure(Code.NOT_FOUND, "ARTICLE_DELETED", { deleted_at: "2026-01-31T07:00:00Z" }));
  assert.ok(error instanceof wikifeed.NotFoundError);
  assert.equal(error.deletedAt?.getTime(), Date.UTC(2026, 0, 31, 7));
});

test("who was too slow may come again, and who used a quota up may not", () => {
  const slow = errorOfCall(failure(Code.RESOURCE_EXHAUSTED, "SUBSCRIBER_STALLED"));
  assert.ok(isPassing(slow) && !(slow instanceof wikifeed.QuotaExceededError));
  const quota = errorOfCall(failure(Code.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"));
  assert.ok(!isPassing(quota) && quota instanceof wikifeed.QuotaExceededError);
});

test("what something on the way ended passes, and a server's own error does not", () => {
  assert.ok(isPassing(errorOfCall(bare(Code.UNAVAILABLE, "a proxy's words"))));
  assert.ok(isPassing(errorOfCall(bare(Code.INTERNAL, "Received RST_STREAM with code 2"))));
  assert.ok(!isPassing(errorOfCall(bare(Code.INTERNAL, "oh no"))));
  assert.ok(!isPassing(errorOfCall(failure(Code.INTERNAL, "INTERNAL"))));
});

test("a foreign reason is none of ours", () => {
  const error = errorOfCall(failure(Code.OUT_OF_RANGE, "OFFSET_EXPIRED", {}, "example.org"));
  assert.ok(error instanceof wikifeed.WikifeedError && !(error instanceof wikifeed.CursorExpiredError));
  assert.equal(error.reason, "");
});

test("details that are none leave the code and the words", () => {
  const call = bare(Code.PERMISSION_DENIED, "a proxy's words");
  call.metadata.set("grpc-status-details-bin", Buffer.from([0xff]));
  const error = errorOfCall(call);
  assert.ok(error instanceof wikifeed.PermissionDeniedError);
  assert.match(error.message, /a proxy's words \(PERMISSION_DENIED\)/);
});

test("a call that the server does not know is told as such", () => {
  assert.match((errorOfCall(bare(Code.UNIMPLEMENTED, "no")) as Error).message, /older than this client/);
});

test("what is no failed call stays as it is", () => {
  const error = new TypeError("not a call");
  assert.equal(errorOfCall(error), error);
});
