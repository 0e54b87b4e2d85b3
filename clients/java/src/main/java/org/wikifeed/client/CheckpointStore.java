package org.wikifeed.client;

import java.util.OptionalLong;

/**
 * Where a stream remembers how far its caller is. Write your own with these two methods.
 *
 * <p>A stream saves an offset when the caller asks for what follows, that is once the caller is
 * done with what came before. A program that dies between the two gets that again: <em>at least
 * once</em>. It is <em>exactly once</em> where the caller writes over the connection of a {@link
 * SqlCheckpoint} and puts the offset into the same transaction.
 */
public interface CheckpointStore {
  /**
   * The offset that was saved last.
   *
   * @return the offset; empty when none was
   */
  OptionalLong load();

  /**
   * Remembers an offset, durably when this returns.
   *
   * @param offset the offset
   */
  void save(long offset);
}
