package org.wikifeed.client;

import java.time.Duration;
import java.util.Optional;

/** More than the account, the address or the connection may have. */
public final class QuotaExceededException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  /** After how long there is more; null where it is not known. */
  private final Duration retryAfter;

  QuotaExceededException(Failure failure, Duration retryAfter) {
    super(failure);
    this.retryAfter = retryAfter;
  }

  /**
   * When there is more.
   *
   * @return the time from then on; empty where the server told none
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
