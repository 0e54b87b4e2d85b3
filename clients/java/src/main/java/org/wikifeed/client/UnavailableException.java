package org.wikifeed.client;

import java.time.Duration;
import java.util.Optional;

/** No server answers, or it stops. Try again; streams and exports do so by themselves. */
public final class UnavailableException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  /** What the server advises; null where it does not. */
  private final Duration retryAfter;

  UnavailableException(Failure failure, Duration retryAfter) {
    super(failure);
    this.retryAfter = retryAfter;
  }

  /**
   * After which time the server advises to try again.
   *
   * @return the time from then on; empty where the server told none
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
