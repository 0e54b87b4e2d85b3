import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.GetArticleRequest;
import org.wikifeed.v1.OpenSubscription;
import org.wikifeed.v1.StreamChangesRequest;
import org.wikifeed.v1.SubscribeRequest;
import org.wikifeed.v1.SubscribeResponse;

/** Calls a server with the generated stub alone, once in each way that there is, and prints what came. */
public final class Talk {
  private Talk() {}

  /** The arguments: the server's address, and the name of a subscription. */
  public static void main(String[] words) throws Exception {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(words[0]).usePlaintext().build();
    var articles = ArticleServiceGrpc.newBlockingStub(channel);
    String name = articles.getArticle(byTitle("Anarchism")).getArticle().getName();
    int code = 0;
    String reason = "";
    try {
      articles.getArticle(byTitle("No such page"));
    } catch (StatusRuntimeException failure) {
      code = failure.getStatus().getCode().value();
      reason = reasonOf(failure);
    }
    var request = StreamChangesRequest.newBuilder().setAfterOffset(0).setUntilOffset(3).build();
    List<Long> offsets = new ArrayList<>();
    ChangeServiceGrpc.newBlockingStub(channel)
        .streamChanges(request)
        .forEachRemaining(
            response -> response.getChangesList().forEach(change -> offsets.add(change.getOffset())));
    System.out.printf(
        "{\"name\": \"%s\", \"offsets\": %s, \"code\": %d, \"reason\": \"%s\", \"delivered\": %s, \"kept\": %b}%n",
        name, offsets, code, reason, subscribe(channel, words[1]), keepsUnknownFields());
    channel.shutdownNow();
  }

  private static GetArticleRequest byTitle(String title) {
    return GetArticleRequest.newBuilder().setProject("enwiki").setTitle(title).build();
  }

  private static String reasonOf(StatusRuntimeException failure) throws InvalidProtocolBufferException {
    for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        return detail.unpack(ErrorInfo.class).getReason();
      }
    }
    return "";
  }

  private static List<Long> subscribe(ManagedChannel channel, String name) throws Exception {
    List<Long> taken = new ArrayList<>();
    var ended = new CountDownLatch(1);
    var requests = new AtomicReference<StreamObserver<SubscribeRequest>>();
    var responses =
        new StreamObserver<SubscribeResponse>() {
          @Override
          public void onNext(SubscribeResponse response) {
            if (response.getDeliveryId() > 0 && taken.isEmpty()) {
              response.getChangesList().forEach(change -> taken.add(change.getOffset()));
              requests.get().onNext(SubscribeRequest.newBuilder().setAcknowledge(response.getDeliveryId()).build());
              requests.get().onCompleted();
            }
          }

          @Override
          public void onError(Throwable problem) {
            problem.printStackTrace();
            ended.countDown();
          }

          @Override
          public void onCompleted() {
            ended.countDown();
          }
        };
    requests.set(ChangeServiceGrpc.newStub(channel).subscribe(responses));
    var open = OpenSubscription.newBuilder().setName(name).setMaxBatchSize(1).setAfterOffset(0);
    requests.get().onNext(SubscribeRequest.newBuilder().setOpen(open).build());
    ended.await();
    return taken;
  }

  /** Whether a field of a later contract survives being read and written. */
  private static boolean keepsUnknownFields() throws InvalidProtocolBufferException {
    byte[] later = {(byte) 0xd2, (byte) 0xb2, 0x04, 0x05, 'l', 'a', 't', 'e', 'r'};
    return Article.parseFrom(later).toByteString().equals(ByteString.copyFrom(later));
  }
}
