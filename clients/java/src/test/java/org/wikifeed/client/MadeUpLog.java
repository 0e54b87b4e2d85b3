package org.wikifeed.client;

import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ChangeServiceGrpc.ChangeServiceImplBase;
import org.wikifeed.v1.GetChangeLogInfoRequest;
import org.wikifeed.v1.GetChangeLogInfoResponse;
import org.wikifeed.v1.StreamChangesRequest;
import org.wikifeed.v1.StreamChangesResponse;

/** A log from whose stream comes the last change that was asked for. */
final class MadeUpLog extends ChangeServiceImplBase {
  private final List<String> calls;

  /** The oldest offset that it keeps. */
  volatile long oldest = 1;

  /** A log whose calls are added to a list. */
  MadeUpLog(List<String> calls) {
    this.calls = calls;
  }

  @Override
  public void getChangeLogInfo(
      GetChangeLogInfoRequest request, StreamObserver<GetChangeLogInfoResponse> answer) {
    calls.add("GetChangeLogInfo");
    answer.onNext(GetChangeLogInfoResponse.newBuilder().setOldestOffset(oldest).build());
    answer.onCompleted();
  }

  @Override
  public void streamChanges(
      StreamChangesRequest request, StreamObserver<StreamChangesResponse> answer) {
    calls.add("StreamChanges " + request.getAfterOffset());
    if (request.getAfterOffset() + 1 < oldest) {
      answer.onError(MadeUpStatus.of(Code.OUT_OF_RANGE, "OFFSET_EXPIRED"));
      return;
    }
    long offset = request.getUntilOffset();
    Article article = Article.newBuilder().setIdentifier(offset).setName("At " + offset).build();
    answer.onNext(
        StreamChangesResponse.newBuilder()
            .addChanges(Change.newBuilder().setOffset(offset).setArticle(article))
            .setThroughOffset(offset)
            .build());
    answer.onCompleted();
  }
}
