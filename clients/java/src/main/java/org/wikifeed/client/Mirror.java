package org.wikifeed.client;

import java.nio.file.Path;

/**
 * What to mirror.
 *
 * @param project the project's identifier
 * @param namespace the namespace's number
 * @param folder where the snapshot's files lie while they are read; a folder of its own
 * @param untilOffset where to end: once everything through it is written; 0 means never
 * @param beginsAgain whether the mirror begins again, from a snapshot, where the sink is older than
 *     the log, in place of ending with {@link CursorExpiredException}
 */
public record Mirror(
    String project, long namespace, Path folder, long untilOffset, boolean beginsAgain) {
  /**
   * The main namespace of a project, for ever.
   *
   * @param project the project's identifier
   * @param folder where the snapshot's files lie while they are read; a folder of its own
   * @return what to mirror
   */
  public static Mirror of(String project, Path folder) {
    return new Mirror(project, 0, folder, 0, false);
  }

  /**
   * The same of another namespace.
   *
   * @param number the namespace's number
   * @return what to mirror
   */
  public Mirror inNamespace(long number) {
    return new Mirror(project, number, folder, untilOffset, beginsAgain);
  }

  /**
   * The same until an offset.
   *
   * @param offset where to end
   * @return what to mirror
   */
  public Mirror until(long offset) {
    return new Mirror(project, namespace, folder, offset, beginsAgain);
  }

  /**
   * The same, and where the sink is older than the log, for the mirror stood still for too long, it
   * begins again: the sink forgets all, the newest snapshot is taken, and the mirror goes on.
   *
   * @return what to mirror
   */
  public Mirror beginningAgain() {
    return new Mirror(project, namespace, folder, untilOffset, true);
  }
}
