package org.wikifeed.client;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.wikifeed.v1.Chunk;
import org.wikifeed.v1.CreateSnapshotRequest;
import org.wikifeed.v1.CreateSnapshotResponse;
import org.wikifeed.v1.ExportSnapshotRequest;
import org.wikifeed.v1.ExportSnapshotResponse;
import org.wikifeed.v1.GetSnapshotRequest;
import org.wikifeed.v1.GetSnapshotResponse;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotServiceGrpc.SnapshotServiceImplBase;
import org.wikifeed.v1.SnapshotState;

/** A service that has snapshots of one article, whose name tells the snapshot's offset. */
final class MadeUpSnapshots extends SnapshotServiceImplBase {
  static final String IDENTIFIER = "enwiki_namespace_0";

  final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  /**
   * The snapshots by their offset: how often each is yet seen being written, and what it is then.
   */
  private final TreeMap<Long, Writing> snapshots = new TreeMap<>();

  /** The offset of one that is made, and what becomes of it. */
  volatile long madeOffset;

  volatile SnapshotState madeState = SnapshotState.SNAPSHOT_STATE_READY;

  /** The identifier that was asked for first. */
  volatile String asked;

  /** Why there is none. */
  volatile String missing = "SNAPSHOT_NOT_FOUND";

  private record Writing(int looks, SnapshotState becomes) {
    SnapshotState state() {
      return looks > 0 ? SnapshotState.SNAPSHOT_STATE_WRITING : becomes;
    }
  }

  synchronized void has(long offset, int looks, SnapshotState becomes) {
    snapshots.put(offset, new Writing(looks, becomes));
  }

  @Override
  public synchronized void getSnapshot(
      GetSnapshotRequest request, StreamObserver<GetSnapshotResponse> answer) {
    calls.add("GetSnapshot " + request.getOffset());
    asked = asked == null ? request.getIdentifier() : asked;
    if (snapshots.isEmpty()) {
      answer.onError(MadeUpStatus.of(Code.NOT_FOUND, missing));
      return;
    }
    long offset = request.getOffset() == 0 ? snapshots.lastKey() : request.getOffset();
    Writing writing = snapshots.get(offset);
    GetSnapshotResponse.Builder found =
        GetSnapshotResponse.newBuilder().setSnapshot(told(offset, writing.state()));
    if (writing.state() == SnapshotState.SNAPSHOT_STATE_READY) {
      found.addChunks(chunk(offset));
    }
    has(offset, Math.max(0, writing.looks() - 1), writing.becomes());
    answer.onNext(found.build());
    answer.onCompleted();
  }

  @Override
  public void createSnapshot(
      CreateSnapshotRequest request, StreamObserver<CreateSnapshotResponse> answer) {
    calls.add("CreateSnapshot");
    has(madeOffset, 1, madeState);
    Snapshot begun = told(madeOffset, SnapshotState.SNAPSHOT_STATE_WRITING);
    answer.onNext(CreateSnapshotResponse.newBuilder().setSnapshot(begun).build());
    answer.onCompleted();
  }

  @Override
  public void exportSnapshot(
      ExportSnapshotRequest request, StreamObserver<ExportSnapshotResponse> answer) {
    calls.add("ExportSnapshot " + request.getOffset());
    byte[] content = content(request.getOffset());
    CRC32C sum = new CRC32C();
    sum.update(content);
    answer.onNext(
        ExportSnapshotResponse.newBuilder()
            .setCrc32C((int) sum.getValue())
            .setData(ByteString.copyFrom(content))
            .build());
    answer.onCompleted();
  }

  private static Snapshot told(long offset, SnapshotState state) {
    Snapshot.Builder told =
        Snapshot.newBuilder().setIdentifier(IDENTIFIER).setOffset(offset).setState(state);
    if (state == SnapshotState.SNAPSHOT_STATE_FAILED) {
      told.setError("the disk is full");
    }
    return told.build();
  }

  private static Chunk chunk(long offset) {
    byte[] content = content(offset);
    return Chunk.newBuilder()
        .setFileName(IDENTIFIER + "_chunk_0.ndjson.gz")
        .setSizeBytes(content.length)
        .setSha256(sha256(content))
        .build();
  }

  private static byte[] content(long offset) {
    String line = "{\"identifier\":" + offset + ",\"name\":\"As of " + offset + "\"}\n";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
      packing.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return packed.toByteArray();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }
}
