package org.wikifeed.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How streams are opened again.
 *
 * @param first the wait before the first try
 * @param most the longest wait: it doubles from the first to this, and begins anew once something
 *     came
 * @param silence after how long without a message a stream is taken for dead; servers send
 *     something every 20 seconds
 * @param jitter numbers from 0 to 1, which shorten each wait by up to half, so that many clients do
 *     not come back at once
 */
public record Reconnecting(Duration first, Duration most, Duration silence, DoubleSupplier jitter) {

  /** 0.1 seconds to 10 seconds, and 45 seconds of silence. */
  public static final Reconnecting DEFAULT =
      new Reconnecting(
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          Duration.ofSeconds(45),
          () -> ThreadLocalRandom.current().nextDouble());

  /**
   * The same with other waits.
   *
   * @param first the wait before the first try
   * @param most the longest wait
   * @return the options
   */
  public Reconnecting withWaits(Duration first, Duration most) {
    return new Reconnecting(first, most, silence, jitter);
  }

  /**
   * The same with another bound on silence.
   *
   * @param silence after how long without a message a stream is taken for dead
   * @return the options
   */
  public Reconnecting withSilence(Duration silence) {
    return new Reconnecting(first, most, silence, jitter);
  }
}
