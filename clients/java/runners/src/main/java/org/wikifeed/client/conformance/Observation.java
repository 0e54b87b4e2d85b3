package org.wikifeed.client.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.wikifeed.client.CursorExpiredException;
import org.wikifeed.client.DamagedDataException;
import org.wikifeed.client.DeadlineExceededException;
import org.wikifeed.client.InvalidRequestException;
import org.wikifeed.client.NotFoundException;
import org.wikifeed.client.Outcome;
import org.wikifeed.client.PermissionDeniedException;
import org.wikifeed.client.QuotaExceededException;
import org.wikifeed.client.UnauthenticatedException;
import org.wikifeed.client.UnavailableException;
import org.wikifeed.client.WikifeedException;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.Change;

/** What came of one action; as JSON, what the suite reads. */
final class Observation {
  private static final Set<String> EXPORTS = Set.of("export", "export_batch");

  final List<Long> offsets = new ArrayList<>();
  final List<String> names = new ArrayList<>();
  final Map<String, Object> missing = new TreeMap<>();
  final Map<String, String> files = new TreeMap<>();
  final List<String> batches = new ArrayList<>();
  String account;
  Long checkpoint;
  Object error;

  void take(Change change) {
    offsets.add(change.getOffset());
    names.add(change.getArticle().getName());
  }

  void take(Batch batch) {
    Instant hour = Instant.ofEpochSecond(batch.getHour().getSeconds());
    batches.add(hour + " " + batch.getIdentifier());
  }

  void take(Outcome outcome) {
    outcome.article().ifPresent(article -> names.add(article.getName()));
    outcome
        .failure()
        .ifPresent(failure -> missing.put(String.valueOf(outcome.index()), described(failure)));
  }

  /** See what the action left in the folder. */
  void lookInto(Path folder, Action action) throws IOException {
    if (action.checkpoint != null) {
      action.checkpoint(folder).load().ifPresent(offset -> checkpoint = offset);
    }
    if (EXPORTS.contains(action.what)) {
      try (Stream<Path> paths = Files.list(folder)) {
        for (Path path : paths.toList()) {
          String name = path.getFileName().toString();
          if (!name.endsWith(".part")) {
            files.put(name, sha256(Files.readAllBytes(path)));
          }
        }
      }
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException("every Java has SHA-256", error);
    }
  }

  /** An error in the suite's words. */
  static Object described(WikifeedException error) {
    Map<String, Object> fields = new LinkedHashMap<>();
    String kind = "Other";
    if (!error.reason().isEmpty()) {
      fields.put("reason", error.reason());
    }
    if (error instanceof NotFoundException found) {
      kind = "NotFound";
      found.deletedAt().ifPresent(time -> fields.put("deleted_at", time.toString()));
    } else if (error instanceof InvalidRequestException invalid) {
      kind = "InvalidRequest";
      if (!invalid.violations().isEmpty()) {
        fields.put("violations", invalid.violations());
      }
    } else if (error instanceof CursorExpiredException expired) {
      kind = "CursorExpired";
      put(fields, "oldest_offset", expired.oldestOffset());
      if (!expired.snapshotIdentifier().isEmpty()) {
        fields.put("snapshot_identifier", expired.snapshotIdentifier());
      }
      put(fields, "snapshot_offset", expired.snapshotOffset());
    } else if (error instanceof QuotaExceededException quota) {
      kind = "QuotaExceeded";
      quota
          .retryAfter()
          .ifPresent(time -> fields.put("retry_after_seconds", time.toMillis() / 1000.0));
    } else if (error instanceof UnauthenticatedException) {
      kind = "Unauthenticated";
    } else if (error instanceof PermissionDeniedException) {
      kind = "PermissionDenied";
    } else if (error instanceof UnavailableException) {
      return Map.of("kind", "Unavailable", "fields", Map.of());
    } else if (error instanceof DeadlineExceededException) {
      return Map.of("kind", "DeadlineExceeded", "fields", Map.of());
    } else if (error instanceof DamagedDataException) {
      return Map.of("kind", "DamagedData", "fields", Map.of());
    } else {
      fields.put("code", error.code().name());
    }
    return Map.of("kind", kind, "fields", fields);
  }

  private static void put(Map<String, Object> fields, String name, long value) {
    if (value != 0) {
      fields.put(name, value);
    }
  }
}
