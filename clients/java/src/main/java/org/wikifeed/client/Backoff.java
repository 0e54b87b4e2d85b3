package org.wikifeed.client;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The waits between tries, from the last thing that came on. Nothing here waits. */
final class Backoff {
  /** The server asks for another call with these. */
  private static final Set<String> COME_AGAIN =
      Set.of("SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE");

  /**
   * A stream that something on the way reset ends with one of these codes and gRPC's own words. A
   * server's own errors of the same codes have a reason, or other words.
   */
  private static final Set<Code> RESET_CODES =
      EnumSet.of(Code.INTERNAL, Code.UNKNOWN, Code.CANCELLED);

  private static final List<String> RESET_WORDS =
      List.of(
          "RST_STREAM",
          "Rst Stream",
          "HTTP/2 error code",
          "GOAWAY",
          "Connection reset",
          "unexpected EOS");

  private final Reconnecting options;
  private Duration next;
  private int tries;

  Backoff(Reconnecting options) {
    this.options = options;
    this.next = options.first();
  }

  /** Whether a stream that ended with this may be opened again as it was. */
  static boolean isPassing(WikifeedException error) {
    if (error instanceof UnavailableException || COME_AGAIN.contains(error.reason())) {
      return true;
    }
    return RESET_CODES.contains(error.code())
        && error.reason().isEmpty()
        && RESET_WORDS.stream().anyMatch(error.detail()::contains);
  }

  /** Something came: the next wait is the first again. */
  void reset() {
    next = options.first();
    tries = 0;
  }

  int tries() {
    return tries;
  }

  /** How long to wait before the next try. */
  Duration next() {
    Duration full = next;
    Duration doubled = full.multipliedBy(2);
    next = doubled.compareTo(options.most()) > 0 ? options.most() : doubled;
    tries++;
    double part = 1 - options.jitter().getAsDouble() / 2;
    return Duration.ofNanos((long) (full.toNanos() * part));
  }

  /** The same after a call that ended with {@code error}. Throws what stays. */
  Duration after(WikifeedException error) {
    if (!isPassing(error)) {
      throw error;
    }
    return next();
  }
}
