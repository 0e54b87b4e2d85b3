/** Errors in the suite's words. */

import { status as Code } from "@grpc/grpc-js";

import * as wikifeed from "../src/index.js";
import type { ErrorSeen } from "./observation.js";

export function described(error: unknown): ErrorSeen {
  if (!(error instanceof wikifeed.WikifeedError)) {
    return { kind: "Other", fields: { message: String(error) } };
  }
  const [kind, fields] = kindOf(error);
  const isSet = ([, value]: [string, unknown]): boolean => value !== undefined && value !== "" && value !== 0;
  return { kind, fields: Object.fromEntries(Object.entries(fields).filter(isSet)) };
}

function kindOf(error: wikifeed.WikifeedError): [string, Record<string, unknown>] {
  const { reason } = error;
  if (error instanceof wikifeed.NotFoundError) {
    return ["NotFound", { reason, deleted_at: error.deletedAt?.toISOString().replace(".000Z", "Z") }];
  }
  if (error instanceof wikifeed.InvalidRequestError) {
    return ["InvalidRequest", { reason, violations: error.violations.length > 0 ? error.violations : undefined }];
  }
  if (error instanceof wikifeed.CursorExpiredError) {
    const fields = {
      oldest_offset: Number(error.oldestOffset),
      snapshot_identifier: error.snapshotIdentifier,
      snapshot_offset: Number(error.snapshotOffset),
    };
    return ["CursorExpired", { reason, ...fields }];
  }
  if (error instanceof wikifeed.QuotaExceededError) {
    return ["QuotaExceeded", { reason, retry_after_seconds: error.retryAfterSeconds }];
  }
  if (error instanceof wikifeed.UnauthenticatedError) {
    return ["Unauthenticated", { reason }];
  }
  if (error instanceof wikifeed.PermissionDeniedError) {
    return ["PermissionDenied", { reason }];
  }
  if (error instanceof wikifeed.UnavailableError) {
    return ["Unavailable", {}];
  }
  if (error instanceof wikifeed.DeadlineExceededError) {
    return ["DeadlineExceeded", {}];
  }
  if (error instanceof wikifeed.DamagedDataError) {
    return ["DamagedData", {}];
  }
  return ["Other", { reason, code: Code[error.code] }];
}
