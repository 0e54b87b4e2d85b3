package org.wikifeed.client;

import io.grpc.Status;
import java.util.Map;
import org.wikifeed.v1.GetSnapshotResponse;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc;
import org.wikifeed.v1.SnapshotState;

/** Waits until a snapshot is written. */
final class SnapshotWait {
  private static final String NOT_READY = "SNAPSHOT_NOT_READY";
  // The milliseconds between looks whether it is written: soon at first, for most are small.
  private static final long[] READY_POLLS = {50, 100, 200, 500, 1000};
  private static final long LATER_POLLS = 2000;

  private final Connection connection;

  SnapshotWait(Connection connection) {
    this.connection = connection;
  }

  /**
   * A snapshot and its files once it is written; where {@code offset} is 0, the one that is the
   * newest at first. Throws where writing it failed.
   */
  GetSnapshotResponse written(String identifier, long offset) {
    GetSnapshotResponse found = look(identifier, offset);
    for (int poll = 0; !isReady(found.getSnapshot()); poll++) {
      sleep(poll < READY_POLLS.length ? READY_POLLS[poll] : LATER_POLLS);
      found = look(identifier, found.getSnapshot().getOffset());
    }
    return found;
  }

  private GetSnapshotResponse look(String identifier, long offset) {
    return connection.ask(
        SnapshotServiceGrpc.getGetSnapshotMethod(), Requests.snapshot(identifier, offset));
  }

  private static boolean isReady(Snapshot snapshot) {
    if (snapshot.getState() == SnapshotState.SNAPSHOT_STATE_FAILED) {
      String message = "writing " + snapshot.getIdentifier() + " failed: " + snapshot.getError();
      throw new WikifeedException(
          new Failure(message, Status.Code.FAILED_PRECONDITION, NOT_READY, Map.of(), ""));
    }
    return snapshot.getState() == SnapshotState.SNAPSHOT_STATE_READY;
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new WikifeedException(
          Failure.of("the thread was interrupted", Status.Code.CANCELLED), error);
    }
  }
}
