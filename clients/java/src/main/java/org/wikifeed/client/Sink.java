package org.wikifeed.client;

import java.util.List;
import java.util.OptionalLong;

/** Where a mirror writes to. Write your own with these three methods, or take {@link SqlSink}. */
public interface Sink {
  /**
   * The offset through which everything is written.
   *
   * @return the offset; empty when the mirror is to begin anew
   */
  OptionalLong position();

  /** Forgets all there is: what follows is the whole. */
  void begin();

  /**
   * Writes updates, and that everything through an offset is written.
   *
   * @param updates the updates
   * @param throughOffset the offset; empty while the snapshot is not whole yet
   */
  void write(List<Update> updates, OptionalLong throughOffset);
}
