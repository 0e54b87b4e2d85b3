package org.wikifeed.client;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.BatchServiceGrpc;
import org.wikifeed.v1.GetSnapshotResponse;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.ListBatchesResponse;
import org.wikifeed.v1.ListSnapshotsRequest;
import org.wikifeed.v1.ListSnapshotsResponse;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc;

/** The calls that bring files: snapshots and hourly batches. */
abstract class FileCalls extends ServerCalls {
  FileCalls(Connection connection) {
    super(connection);
  }

  /**
   * All snapshots, those being written included, the newest first within each identifier.
   *
   * @param projects of these projects only; none means all
   * @return the snapshots; close them
   */
  public ItemStream<Snapshot> snapshots(String... projects) {
    ListSnapshotsRequest request =
        ListSnapshotsRequest.newBuilder().addAllProjects(Arrays.asList(projects)).build();
    return new PageList<>(
        request.getPageToken(),
        token ->
            connection()
                .ask(
                    SnapshotServiceGrpc.getListSnapshotsMethod(),
                    request.toBuilder().setPageToken(token).build()),
        ListSnapshotsResponse::getSnapshotsList,
        ListSnapshotsResponse::getNextPageToken);
  }

  /**
   * A snapshot and its files.
   *
   * @param identifier the snapshot's identifier
   * @param offset the snapshot's offset; 0 means the newest
   * @return the snapshot with its chunks
   * @throws NotFoundException where there is no such snapshot
   */
  public GetSnapshotResponse snapshot(String identifier, long offset) {
    return connection()
        .ask(SnapshotServiceGrpc.getGetSnapshotMethod(), Requests.snapshot(identifier, offset));
  }

  /**
   * Has a snapshot made, and waits until it is written.
   *
   * @param kind which
   * @param chunkSizeBytes how much of what lines hold goes into one file; 0 means all
   * @return the snapshot
   * @throws WikifeedException where writing it fails (SNAPSHOT_NOT_READY)
   */
  public Snapshot createSnapshot(SnapshotKind kind, long chunkSizeBytes) {
    Snapshot begun =
        connection()
            .ask(SnapshotServiceGrpc.getCreateSnapshotMethod(), kind.creation(chunkSizeBytes))
            .getSnapshot();
    return new SnapshotWait(connection())
        .written(begun.getIdentifier(), begun.getOffset())
        .getSnapshot();
  }

  /**
   * Has the files of a snapshot in a folder, whole and verified. What lies there of it is taken up.
   * One that is being written is waited for.
   *
   * @param identifier the snapshot's identifier
   * @param folder where to; it is made where there is none
   * @param options how
   * @return what is there
   * @throws NotFoundException where there is no such snapshot
   * @throws WikifeedException where writing it failed (SNAPSHOT_NOT_READY)
   * @throws DamagedDataException where bytes stay damaged
   * @throws java.io.UncheckedIOException where the disk is full: what came stays for the next try
   */
  public Export export(String identifier, Path folder, ExportOptions options) {
    GetSnapshotResponse found =
        new SnapshotWait(connection()).written(identifier, options.offset());
    var exporter = new Exporter<>(connection(), ExportPlan.of(found), folder, options.progress());
    return new Export(found.getSnapshot(), exporter.run(options.parallel()));
  }

  /**
   * The batches of closed hours: the changes of an hour of a project and namespace as a file each.
   *
   * @param projects of these projects only; none means all
   * @return the batches, the newest hour first; close them
   */
  public ItemStream<Batch> batches(String... projects) {
    return batches(ListBatchesRequest.newBuilder().addAllProjects(Arrays.asList(projects)).build());
  }

  /**
   * Some batches of closed hours.
   *
   * @param request which; page after page is asked for
   * @return the batches, the newest hour first; close them
   */
  public ItemStream<Batch> batches(ListBatchesRequest request) {
    return new PageList<>(
        request.getPageToken(),
        token ->
            connection()
                .ask(
                    BatchServiceGrpc.getListBatchesMethod(),
                    request.toBuilder().setPageToken(token).build()),
        ListBatchesResponse::getBatchesList,
        ListBatchesResponse::getNextPageToken);
  }

  /**
   * One batch.
   *
   * @param hour any moment of the hour
   * @param identifier the batch's identifier: "enwiki_namespace_0"
   * @return the batch
   * @throws NotFoundException where there is none (BATCH_NOT_FOUND): the hour is not over, it is
   *     older than batches are kept, or nothing changed there
   */
  public Batch batch(Instant hour, String identifier) {
    return connection()
        .ask(BatchServiceGrpc.getGetBatchMethod(), Requests.batch(hour, identifier))
        .getBatch();
  }

  /**
   * Has the file of a batch in a folder, whole and verified. What lies there of it is taken up.
   *
   * <p>Files of all hours bear the same name: take a folder for each.
   *
   * @param batch the batch
   * @param folder where to; it is made where there is none
   * @return the file, whose lines are the hour's changes
   * @throws NotFoundException where the server has the batch no longer
   * @throws DamagedDataException where bytes stay damaged
   * @throws java.io.UncheckedIOException where the disk is full: what came stays for the next try
   */
  public Path exportBatch(Batch batch, Path folder) {
    return exportBatch(batch, folder, told -> {});
  }

  /**
   * The same, and somebody is told whenever bytes came.
   *
   * @param batch the batch
   * @param folder where to; it is made where there is none
   * @param progress who
   * @return the file, whose lines are the hour's changes
   */
  public Path exportBatch(Batch batch, Path folder, Consumer<ExportProgress> progress) {
    return new Exporter<>(connection(), ExportPlan.of(batch), folder, progress).run(1).get(0);
  }
}
