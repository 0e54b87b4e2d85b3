package org.wikifeed.client;

/**
 * The log no longer keeps what follows the start: take a snapshot and go on from its offset. It is
 * never retried.
 */
public final class CursorExpiredException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  /** The oldest change kept. */
  private final long oldestOffset;

  /** A snapshot to begin from. */
  private final String snapshotIdentifier;

  /** That snapshot's offset. */
  private final long snapshotOffset;

  CursorExpiredException(
      Failure failure, long oldestOffset, String snapshotIdentifier, long snapshotOffset) {
    super(failure);
    this.oldestOffset = oldestOffset;
    this.snapshotIdentifier = snapshotIdentifier;
    this.snapshotOffset = snapshotOffset;
  }

  /**
   * The oldest change that is kept.
   *
   * @return its offset
   */
  public long oldestOffset() {
    return oldestOffset;
  }

  /**
   * A snapshot from which a stream can go on.
   *
   * @return its identifier; empty where there is none
   */
  public String snapshotIdentifier() {
    return snapshotIdentifier;
  }

  /**
   * The offset of that snapshot.
   *
   * @return the offset; 0 where there is none
   */
  public long snapshotOffset() {
    return snapshotOffset;
  }
}
