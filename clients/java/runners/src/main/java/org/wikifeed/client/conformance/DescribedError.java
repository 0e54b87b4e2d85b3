package org.wikifeed.client.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import org.wikifeed.client.CursorExpiredException;
import org.wikifeed.client.DamagedDataException;
import org.wikifeed.client.DeadlineExceededException;
import org.wikifeed.client.InvalidRequestException;
import org.wikifeed.client.NotFoundException;
import org.wikifeed.client.PermissionDeniedException;
import org.wikifeed.client.QuotaExceededException;
import org.wikifeed.client.UnauthenticatedException;
import org.wikifeed.client.UnavailableException;
import org.wikifeed.client.WikifeedException;

/** An error in the suite's words. */
record DescribedError(String kind, Map<String, Object> fields) {
  static DescribedError of(WikifeedException error) {
    if (error instanceof UnavailableException) {
      return new DescribedError("Unavailable", Map.of());
    }
    if (error instanceof DeadlineExceededException) {
      return new DescribedError("DeadlineExceeded", Map.of());
    }
    if (error instanceof DamagedDataException) {
      return new DescribedError("DamagedData", Map.of());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    put(fields, "reason", error.reason());
    return new DescribedError(kind(error, fields), fields);
  }

  /** The kind of an error that has a reason; its other fields are added to these. */
  private static String kind(WikifeedException error, Map<String, Object> fields) {
    if (error instanceof NotFoundException found) {
      found.deletedAt().ifPresent(time -> fields.put("deleted_at", time.toString()));
      return "NotFound";
    }
    if (error instanceof InvalidRequestException invalid) {
      if (!invalid.violations().isEmpty()) {
        fields.put("violations", invalid.violations());
      }
      return "InvalidRequest";
    }
    if (error instanceof CursorExpiredException expired) {
      put(fields, "oldest_offset", expired.oldestOffset());
      put(fields, "snapshot_identifier", expired.snapshotIdentifier());
      put(fields, "snapshot_offset", expired.snapshotOffset());
      return "CursorExpired";
    }
    if (error instanceof QuotaExceededException quota) {
      quota
          .retryAfter()
          .ifPresent(time -> fields.put("retry_after_seconds", time.toMillis() / 1000.0));
      return "QuotaExceeded";
    }
    if (error instanceof UnauthenticatedException) {
      return "Unauthenticated";
    }
    if (error instanceof PermissionDeniedException) {
      return "PermissionDenied";
    }
    fields.put("code", error.code().name());
    return "Other";
  }

  private static void put(Map<String, Object> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  private static void put(Map<String, Object> fields, String name, long value) {
    if (value != 0) {
      fields.put(name, value);
    }
  }
}
