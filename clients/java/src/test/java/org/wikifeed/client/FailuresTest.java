package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private static WikifeedException told(Code code, String reason, Map<String, String> metadata) {
    return told(code, reason, metadata, "wikifeed");
  }

  private static WikifeedException told(
      Code code, String reason, Map<String, String> metadata, String domain) {
    ErrorInfo info =
        ErrorInfo.newBuilder().setReason(reason).setDomain(domain).putAllMetadata(metadata).build();
    return Failures.of(
        Status.newBuilder().setCode(code.value()).addDetails(Any.pack(info)).build());
  }

  @Test
  void anExpiredCursorTellsTheWayOut() {
    var metadata =
        Map.of("oldest_offset", "7", "snapshot_identifier", "enwiki", "snapshot_offset", "9");
    var error =
        assertInstanceOf(
            CursorExpiredException.class, told(Code.OUT_OF_RANGE, "OFFSET_EXPIRED", metadata));
    assertEquals(7, error.oldestOffset());
    assertEquals("enwiki", error.snapshotIdentifier());
    assertEquals(9, error.snapshotOffset());
    assertFalse(Backoff.isPassing(error));
  }

  @Test
  void aDeletedArticleTellsWhenItWasDeleted() {
    var error =
        assertInstanceOf(
            NotFoundException.class,
            told(Code.NOT_FOUND, "ARTICLE_DELETED", Map.of("deleted_at", "2026-01-31T07:00:00Z")));
    assertEquals(Optional.of(Instant.parse("2026-01-31T07:00:00Z")), error.deletedAt());
  }

  @Test
  void whoWasTooSlowMayComeAgainAndWhoUsedAQuotaUpMayNot() {
    assertTrue(Backoff.isPassing(told(Code.RESOURCE_EXHAUSTED, "SUBSCRIBER_STALLED", Map.of())));
    var quota = told(Code.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED", Map.of());
    assertInstanceOf(QuotaExceededException.class, quota);
    assertFalse(Backoff.isPassing(quota));
  }

  @Test
  void aForeignReasonIsNoneOfOurs() {
    var error = told(Code.OUT_OF_RANGE, "OFFSET_EXPIRED", Map.of(), "example.org");
    assertEquals(WikifeedException.class, error.getClass());
    assertEquals("", error.reason());
  }

  @Test
  void aConnectionThatClosesIsAServerThatIsUnavailable() {
    var status = io.grpc.Status.UNKNOWN.withDescription("channel closed");
    var error = Failures.of(status.withCause(new ClosedChannelException()), new Metadata());
    assertInstanceOf(UnavailableException.class, error);
    assertEquals("channel closed", error.detail());
    assertFalse(Backoff.isPassing(Failures.of(status, new Metadata())));
  }

  @Test
  void aCallThatTheServerDoesNotKnowIsToldAsSuch() {
    var error = Failures.of(io.grpc.Status.UNIMPLEMENTED, new Metadata());
    assertTrue(error.getMessage().contains("older than this client"), error.getMessage());
  }
}
