package org.wikifeed.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;

/**
 * How failed calls become errors of the tree.
 *
 * <p>A server tells what went wrong as a {@code google.rpc.Status} with details; its {@code
 * ErrorInfo} has a reason that does not change. What carries no such status comes from the way
 * there: the network, a proxy, gRPC itself.
 */
final class Failures {
  private static final String DOMAIN = "wikifeed";
  private static final String EXPIRED = "OFFSET_EXPIRED";

  /**
   * What shares its code with quotas and is none: the client, or its place in a subscription, was
   * too slow; a disk of the server's is full; and without a reason it is gRPC's own: a message is
   * too large.
   */
  private static final Set<String> NO_QUOTA =
      Set.of("SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE", "STORE_FULL", "");

  private Failures() {}

  static WikifeedException of(StatusRuntimeException error) {
    return of(error.getStatus(), error.getTrailers());
  }

  /** The error that tells of a failed call. */
  static WikifeedException of(io.grpc.Status status, Metadata trailers) {
    Status told = StatusProto.fromStatusAndTrailers(status, trailers);
    if (told.getCode() != status.getCode().value() || told.getDetailsCount() == 0) {
      Throwable cause = status.getCause();
      String message = status.getDescription() != null ? status.getDescription() : "";
      if (cause != null && cause.getMessage() != null) {
        message = message + ": " + cause.getMessage();
      }
      // A connection that closes at some moments is UNKNOWN to gRPC, though nobody answered.
      Code code = cause instanceof IOException ? Code.UNAVAILABLE : status.getCode();
      told = Status.newBuilder().setCode(code.value()).setMessage(message).build();
    }
    return of(told);
  }

  /** The error that a {@code google.rpc.Status} tells of. */
  static WikifeedException of(Status status) {
    Code code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
    ErrorInfo info = detail(status, ErrorInfo.getDefaultInstance());
    String reason = info.getDomain().equals(DOMAIN) ? info.getReason() : "";
    Failure failure =
        new Failure(
            message(status, code, reason),
            code,
            reason,
            info.getMetadataMap(),
            detail(status, RequestInfo.getDefaultInstance()).getRequestId());
    if (reason.equals(EXPIRED)) {
      return expired(failure);
    }
    boolean isNoQuota = code == Code.RESOURCE_EXHAUSTED && NO_QUOTA.contains(reason);
    return isNoQuota ? new WikifeedException(failure) : byCode(failure, status);
  }

  static UnavailableException unavailable(String message) {
    return new UnavailableException(Failure.of(message, Code.UNAVAILABLE), null);
  }

  private static String message(Status status, Code code, String reason) {
    if (code == Code.UNIMPLEMENTED && reason.isEmpty()) {
      return "the server does not know this call, for it is older than this client ("
          + Version.TEXT
          + "): "
          + status.getMessage();
    }
    return status.getMessage();
  }

  private static WikifeedException byCode(Failure failure, Status status) {
    return switch (failure.code()) {
      case NOT_FOUND ->
          new NotFoundException(
              failure,
              time(failure.metadata().getOrDefault("deleted_at", "")),
              detail(status, ResourceInfo.getDefaultInstance()).getResourceName());
      case INVALID_ARGUMENT ->
          new InvalidRequestException(
              failure,
              detail(status, BadRequest.getDefaultInstance()).getFieldViolationsList().stream()
                  .map(Failures::violation)
                  .toList());
      case RESOURCE_EXHAUSTED -> new QuotaExceededException(failure, retryAfter(status));
      case UNAUTHENTICATED -> new UnauthenticatedException(failure);
      case PERMISSION_DENIED -> new PermissionDeniedException(failure);
      case UNAVAILABLE -> new UnavailableException(failure, retryAfter(status));
      case DEADLINE_EXCEEDED -> new DeadlineExceededException(failure);
      case DATA_LOSS -> new DamagedDataException(failure);
      default -> new WikifeedException(failure);
    };
  }

  private static InvalidRequestException.Violation violation(BadRequest.FieldViolation violation) {
    return new InvalidRequestException.Violation(violation.getField(), violation.getDescription());
  }

  private static CursorExpiredException expired(Failure failure) {
    return new CursorExpiredException(
        failure,
        number(failure.metadata().getOrDefault("oldest_offset", "")),
        failure.metadata().getOrDefault("snapshot_identifier", ""),
        number(failure.metadata().getOrDefault("snapshot_offset", "")));
  }

  /** The status's detail of a kind; an empty one where it has none, or one that can't be read. */
  private static <M extends Message> M detail(Status status, M none) {
    @SuppressWarnings("unchecked")
    Class<M> kind = (Class<M>) none.getClass();
    for (Any packed : status.getDetailsList()) {
      if (packed.is(kind)) {
        try {
          return packed.unpack(kind);
        } catch (InvalidProtocolBufferException error) {
          return none;
        }
      }
    }
    return none;
  }

  private static Duration retryAfter(Status status) {
    com.google.protobuf.Duration delay =
        detail(status, RetryInfo.getDefaultInstance()).getRetryDelay();
    Duration told = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
    return told.isZero() ? null : told;
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException error) {
      return null;
    }
  }
}
