package org.wikifeed.client;

import io.grpc.Status;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc;
import org.wikifeed.v1.SnapshotState;

/** Has a snapshot made, and waits until it is written. */
final class SnapshotMaking {
  // The milliseconds between looks whether it is written: soon at first, for most are small.
  private static final long[] READY_POLLS = {50, 100, 200, 500, 1000};
  private static final long LATER_POLLS = 2000;

  private final Connection connection;

  SnapshotMaking(Connection connection) {
    this.connection = connection;
  }

  Snapshot make(SnapshotKind kind, long chunkSizeBytes) {
    Snapshot snapshot =
        connection
            .ask(SnapshotServiceGrpc.getCreateSnapshotMethod(), kind.creation(chunkSizeBytes))
            .getSnapshot();
    for (int poll = 0; !isReady(snapshot); poll++) {
      sleep(poll < READY_POLLS.length ? READY_POLLS[poll] : LATER_POLLS);
      var request = Requests.snapshot(snapshot.getIdentifier(), snapshot.getOffset());
      snapshot = connection.ask(SnapshotServiceGrpc.getGetSnapshotMethod(), request).getSnapshot();
    }
    return snapshot;
  }

  private static boolean isReady(Snapshot snapshot) {
    if (snapshot.getState() == SnapshotState.SNAPSHOT_STATE_FAILED) {
      throw new StoreException(
          "writing " + snapshot.getIdentifier() + " failed: " + snapshot.getError());
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
