package org.wikifeed.client;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.BatchServiceGrpc;
import org.wikifeed.v1.GetBatchResponse;
import org.wikifeed.v1.GetSnapshotResponse;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc;

/** The calls that bring files: snapshots and hourly batches. */
abstract class AsyncFileCalls extends AsyncServerCalls {
  AsyncFileCalls(Client client) {
    super(client);
  }

  /**
   * All snapshots, those being written included, the newest first within each identifier.
   *
   * @param projects of these projects only; none means all
   * @return the snapshots
   */
  public Flow.Publisher<Snapshot> snapshots(String... projects) {
    return published(() -> client().snapshots(projects));
  }

  /**
   * A snapshot and its files.
   *
   * @param identifier the snapshot's identifier
   * @param offset the snapshot's offset; 0 means the newest
   * @return the snapshot with its chunks, or {@link NotFoundException}
   */
  public CompletableFuture<GetSnapshotResponse> snapshot(String identifier, long offset) {
    return connection()
        .askLater(
            SnapshotServiceGrpc.getGetSnapshotMethod(), Requests.snapshot(identifier, offset));
  }

  /**
   * Has a snapshot made.
   *
   * @param kind which
   * @param chunkSizeBytes how much of what lines hold goes into one file; 0 means all
   * @return the snapshot, once it is written; {@link WikifeedException} where that fails
   */
  public CompletableFuture<Snapshot> createSnapshot(SnapshotKind kind, long chunkSizeBytes) {
    return CompletableFuture.supplyAsync(
        () -> client().createSnapshot(kind, chunkSizeBytes), workers());
  }

  /**
   * Has the files of a snapshot in a folder, whole and verified. One that is being written is
   * waited for.
   *
   * @param identifier the snapshot's identifier
   * @param folder where to
   * @param options how
   * @return what is there
   */
  public CompletableFuture<Export> export(String identifier, Path folder, ExportOptions options) {
    return CompletableFuture.supplyAsync(
        () -> client().export(identifier, folder, options), workers());
  }

  /**
   * The batches of closed hours: the changes of an hour of a project and namespace as a file each.
   *
   * @param projects of these projects only; none means all
   * @return the batches, the newest hour first
   */
  public Flow.Publisher<Batch> batches(String... projects) {
    return published(() -> client().batches(projects));
  }

  /**
   * Some batches of closed hours.
   *
   * @param request which; page after page is asked for
   * @return the batches, the newest hour first
   */
  public Flow.Publisher<Batch> batches(ListBatchesRequest request) {
    return published(() -> client().batches(request));
  }

  /**
   * One batch.
   *
   * @param hour any moment of the hour
   * @param identifier the batch's identifier: "enwiki_namespace_0"
   * @return the batch, or {@link NotFoundException} (BATCH_NOT_FOUND)
   */
  public CompletableFuture<Batch> batch(Instant hour, String identifier) {
    return connection()
        .askLater(BatchServiceGrpc.getGetBatchMethod(), Requests.batch(hour, identifier))
        .thenApply(GetBatchResponse::getBatch);
  }

  /**
   * Has the file of a batch in a folder, whole and verified. Files of all hours bear the same name:
   * take a folder for each.
   *
   * @param batch the batch
   * @param folder where to
   * @return the file, whose lines are the hour's changes
   */
  public CompletableFuture<Path> exportBatch(Batch batch, Path folder) {
    return exportBatch(batch, folder, told -> {});
  }

  /**
   * The same, and somebody is told whenever bytes came.
   *
   * @param batch the batch
   * @param folder where to
   * @param progress who
   * @return the file, whose lines are the hour's changes
   */
  public CompletableFuture<Path> exportBatch(
      Batch batch, Path folder, Consumer<ExportProgress> progress) {
    return CompletableFuture.supplyAsync(
        () -> client().exportBatch(batch, folder, progress), workers());
  }
}
