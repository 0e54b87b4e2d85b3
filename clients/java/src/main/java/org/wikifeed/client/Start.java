package org.wikifeed.client;

import java.time.Instant;

/** Where a stream of changes begins. */
public sealed interface Start {
  /** After the newest change. */
  Start NEWEST = Place.NEWEST;

  /** With the oldest change that the log keeps. */
  Start OLDEST = Place.OLDEST;

  /**
   * With the first change whose offset is greater.
   *
   * @param offset the offset; 0 is the beginning of the log
   * @return the start
   */
  static Start after(long offset) {
    return new After(offset);
  }

  /**
   * With the first change that was published at this time or later.
   *
   * @param time the time
   * @return the start
   */
  static Start since(Instant time) {
    return new Since(time);
  }

  /** A start named by its place. */
  enum Place implements Start {
    /** After the newest change. */
    NEWEST,
    /** With the oldest change that the log keeps. */
    OLDEST
  }

  /**
   * After an offset.
   *
   * @param offset the offset
   */
  record After(long offset) implements Start {}

  /**
   * Since a time.
   *
   * @param time the time
   */
  record Since(Instant time) implements Start {}
}
