package org.wikifeed.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.BatchServiceGrpc.BatchServiceImplBase;
import org.wikifeed.v1.ExportBatchRequest;
import org.wikifeed.v1.ExportBatchResponse;
import org.wikifeed.v1.GetBatchRequest;
import org.wikifeed.v1.GetBatchResponse;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.ListBatchesResponse;

/** A service that has one batch of each of three hours, and does to its bytes what it is told. */
final class MadeUpBatches extends BatchServiceImplBase {
  static final int PIECE = 1000;
  static final byte[] CONTENT = new byte[5 * PIECE + 1];
  static final Instant NEWEST = Instant.parse("2026-01-31T07:00:00Z");
  static final String IDENTIFIER = "enwiki_namespace_0";

  static {
    new Random(7).nextBytes(CONTENT);
  }

  final List<ListBatchesRequest> lists = Collections.synchronizedList(new ArrayList<>());
  final List<Long> positions = Collections.synchronizedList(new ArrayList<>());

  /** How many calls are yet to be cut off after two pieces. */
  volatile int cuts;

  /** How often the second piece is yet to be another than its CRC-32C says. */
  volatile int damages;

  /** Whether the whole is another than its SHA-256 says. */
  volatile boolean isAnother;

  static Batch batch(int hoursAgo) {
    return Batch.newBuilder()
        .setHour(Timestamp.newBuilder().setSeconds(NEWEST.getEpochSecond() - 3600L * hoursAgo))
        .setIdentifier(IDENTIFIER)
        .setFileName(IDENTIFIER + ".tar.gz")
        .setSizeBytes(CONTENT.length)
        .setSha256(sha256())
        .build();
  }

  @Override
  public void listBatches(ListBatchesRequest request, StreamObserver<ListBatchesResponse> answer) {
    lists.add(request);
    int number = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    ListBatchesResponse.Builder page = ListBatchesResponse.newBuilder();
    // A page may be empty, and not be the last: what was on it is gone.
    if (number != 1) {
      page.addBatches(batch(number));
    }
    answer.onNext(page.setNextPageToken(number < 2 ? String.valueOf(number + 1) : "").build());
    answer.onCompleted();
  }

  @Override
  public void getBatch(GetBatchRequest request, StreamObserver<GetBatchResponse> answer) {
    if (!request.getIdentifier().equals(IDENTIFIER)) {
      answer.onError(MadeUpStatus.of(Code.NOT_FOUND, "BATCH_NOT_FOUND"));
      return;
    }
    long hours = (NEWEST.getEpochSecond() - request.getHour().getSeconds() + 3599) / 3600;
    answer.onNext(GetBatchResponse.newBuilder().setBatch(batch((int) hours)).build());
    answer.onCompleted();
  }

  @Override
  public void exportBatch(ExportBatchRequest request, StreamObserver<ExportBatchResponse> answer) {
    long position = request.getStartPosition();
    positions.add(position);
    boolean isCut = cuts-- > 0;
    for (int number = 0; position < CONTENT.length; number++) {
      if (isCut && number == 2) {
        answer.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      ExportBatchResponse piece = piece((int) position, position == PIECE && damages-- > 0);
      answer.onNext(piece);
      position += piece.getData().size();
    }
    answer.onCompleted();
  }

  private ExportBatchResponse piece(int position, boolean isDamaged) {
    byte[] bytes = new byte[Math.min(PIECE, CONTENT.length - position)];
    System.arraycopy(CONTENT, position, bytes, 0, bytes.length);
    bytes[0] ^= (byte) (isAnother ? 1 : 0);
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    bytes[0] ^= (byte) (isDamaged ? 1 : 0);
    return ExportBatchResponse.newBuilder()
        .setPosition(position)
        .setCrc32C((int) sum.getValue())
        .setSizeBytes(CONTENT.length)
        .setData(ByteString.copyFrom(bytes))
        .build();
  }

  private static String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }
}
