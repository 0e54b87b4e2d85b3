package org.wikifeed.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleMatch;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.GetArticleResponse;
import org.wikifeed.v1.GetChangeLogInfoRequest;
import org.wikifeed.v1.GetChangeLogInfoResponse;
import org.wikifeed.v1.GetStructuredContentsResponse;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.LookupArticlesRequest;
import org.wikifeed.v1.LookupArticlesResponse;

/**
 * What {@link Client} does, for programs that wait for nothing: answers are futures, and streams
 * publishers that send no more than was asked for. All that {@code Client} promises holds here.
 *
 * <p>Each subscriber of a publisher has a stream, and a thread, of its own. An error of a call is
 * what the future, or {@code onError}, is given.
 */
public final class AsyncClient implements AutoCloseable {
  private final Client client;
  private final ExecutorService workers = Executors.newCachedThreadPool(Workers.named("wikifeed"));
  private final Set<Publication<?>> publications = ConcurrentHashMap.newKeySet();

  AsyncClient(Client client) {
    this.client = client;
  }

  /**
   * One article.
   *
   * @param key which page
   * @param fields the fields to get, as dotted paths; none means all
   * @return the article, or {@link NotFoundException}; cancelling it cancels the call
   */
  public CompletableFuture<Article> get(PageKey key, String... fields) {
    return client
        .connection()
        .askLater(ArticleServiceGrpc.getGetArticleMethod(), Requests.get(key, fields))
        .thenApply(GetArticleResponse::getArticle);
  }

  /**
   * The structured contents of one article.
   *
   * @param key which page
   * @param fields the fields to get, as dotted paths; none means all that are structured
   * @return the article with these, or {@link NotFoundException}
   */
  public CompletableFuture<Article> structured(PageKey key, String... fields) {
    return client
        .connection()
        .askLater(
            ArticleServiceGrpc.getGetStructuredContentsMethod(), Requests.structured(key, fields))
        .thenApply(GetStructuredContentsResponse::getArticle);
  }

  /**
   * The articles of a title in all projects.
   *
   * @param title the title
   * @return the matches, or {@link NotFoundException}
   */
  public CompletableFuture<List<ArticleMatch>> lookup(String title) {
    LookupArticlesRequest request = LookupArticlesRequest.newBuilder().setTitle(title).build();
    return client
        .connection()
        .askLater(ArticleServiceGrpc.getLookupArticlesMethod(), request)
        .thenApply(LookupArticlesResponse::getMatchesList);
  }

  /**
   * Many articles: an outcome for each key, in their order.
   *
   * @param keys which pages
   * @param fields the fields to get, as dotted paths; none means all
   * @return the outcomes
   */
  public Flow.Publisher<Outcome> batchGet(List<PageKey> keys, String... fields) {
    return published(() -> client.batchGet(keys, fields));
  }

  /**
   * Some articles of a project, as of one moment.
   *
   * @param request which; page after page is asked for
   * @return the articles
   */
  public Flow.Publisher<Article> list(ListArticlesRequest request) {
    return published(() -> client.list(request));
  }

  /**
   * Changes, each exactly once and in order, for ever.
   *
   * @param changes which
   * @param start where to begin
   * @return the changes
   */
  public Flow.Publisher<Change> changes(Changes changes, Start start) {
    return published(() -> client.changes(changes, start));
  }

  /**
   * The same with a checkpoint, which is saved when the subscriber asks for the next change.
   *
   * @param changes which
   * @param start where to begin if the checkpoint has nothing
   * @param checkpoint where to remember how far the subscriber is
   * @return the changes
   */
  public Flow.Publisher<Change> changes(Changes changes, Start start, CheckpointStore checkpoint) {
    return published(() -> client.changes(changes, start, checkpoint));
  }

  /**
   * Which offsets and times the log holds.
   *
   * @return what the server says
   */
  public CompletableFuture<GetChangeLogInfoResponse> changeLog() {
    return client
        .connection()
        .askLater(
            ChangeServiceGrpc.getGetChangeLogInfoMethod(),
            GetChangeLogInfoRequest.getDefaultInstance());
  }

  /**
   * What a durable subscription delivers, at least once, for ever.
   *
   * @param name the subscription's name
   * @param options how
   * @return the deliveries
   */
  public Flow.Publisher<Delivery> subscribe(String name, SubscribeOptions options) {
    return published(() -> client.subscribe(name, options));
  }

  /**
   * Has the files of a snapshot in a folder, whole and verified.
   *
   * @param identifier the snapshot's identifier
   * @param folder where to
   * @param options how
   * @return what is there
   */
  public CompletableFuture<Export> export(String identifier, Path folder, ExportOptions options) {
    return CompletableFuture.supplyAsync(() -> client.export(identifier, folder, options), workers);
  }

  /**
   * Keeps a copy of a project's namespace current.
   *
   * @param mirror what to mirror
   * @param sink where to
   * @return ends where the mirror does
   */
  public CompletableFuture<Void> mirror(Mirror mirror, Sink sink) {
    return CompletableFuture.runAsync(() -> client.mirror(mirror, sink), workers);
  }

  /** Ends what goes on, waits until what was acknowledged is stored, and closes the connection. */
  @Override
  public void close() {
    publications.forEach(Publication::cancel);
    publications.forEach(Publication::awaitEnd);
    client.close();
    workers.shutdown();
  }

  private <T> Flow.Publisher<T> published(Supplier<ItemStream<T>> streams) {
    return subscriber -> {
      Publication<T> publication = new Publication<>(streams.get(), subscriber);
      publications.add(publication);
      publication.begin(workers, () -> publications.remove(publication));
    };
  }
}
