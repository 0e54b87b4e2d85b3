package org.wikifeed.client;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.BatchServiceGrpc;
import org.wikifeed.v1.Chunk;
import org.wikifeed.v1.ExportBatchRequest;
import org.wikifeed.v1.ExportSnapshotRequest;
import org.wikifeed.v1.ExportSnapshotResponse;
import org.wikifeed.v1.GetSnapshotResponse;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc;

/** The files of an export, and the call that brings their pieces. */
record ExportPlan<Q>(
    MethodDescriptor<Q, ExportSnapshotResponse> method, List<ServedFile<Q>> files) {
  // The two responses have the same fields, but for the number, which the one file of a batch has
  // no need of.
  private static final MethodDescriptor<ExportBatchRequest, ExportSnapshotResponse> EXPORT_BATCH =
      BatchServiceGrpc.getExportBatchMethod().toBuilder(
              BatchServiceGrpc.getExportBatchMethod().getRequestMarshaller(),
              ProtoUtils.marshaller(ExportSnapshotResponse.getDefaultInstance()))
          .build();

  /**
   * A file that a server has.
   *
   * @param number what its pieces have as their chunk's number
   * @param request what asks for its bytes from a position on
   */
  record ServedFile<Q>(
      String name, long sizeBytes, String sha256, int number, LongFunction<Q> request) {}

  static ExportPlan<ExportSnapshotRequest> of(GetSnapshotResponse found) {
    return new ExportPlan<>(
        SnapshotServiceGrpc.getExportSnapshotMethod(),
        IntStream.range(0, found.getChunksCount())
            .mapToObj(number -> file(found.getSnapshot(), number, found.getChunks(number)))
            .toList());
  }

  static ExportPlan<ExportBatchRequest> of(Batch batch) {
    LongFunction<ExportBatchRequest> request =
        position ->
            ExportBatchRequest.newBuilder()
                .setHour(batch.getHour())
                .setIdentifier(batch.getIdentifier())
                .setStartPosition(position)
                .build();
    return new ExportPlan<>(
        EXPORT_BATCH,
        List.of(
            new ServedFile<>(
                batch.getFileName(), batch.getSizeBytes(), batch.getSha256(), 0, request)));
  }

  private static ServedFile<ExportSnapshotRequest> file(
      Snapshot snapshot, int number, Chunk chunk) {
    return new ServedFile<>(
        chunk.getFileName(),
        chunk.getSizeBytes(),
        chunk.getSha256(),
        number,
        position ->
            ExportSnapshotRequest.newBuilder()
                .setIdentifier(snapshot.getIdentifier())
                .setOffset(snapshot.getOffset())
                .setFirstChunk(number)
                .setStartPosition(position)
                .setChunkCount(1)
                .build());
  }
}
