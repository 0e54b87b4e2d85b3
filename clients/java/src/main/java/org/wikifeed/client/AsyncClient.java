package org.wikifeed.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleMatch;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.DeleteSubscriptionRequest;
import org.wikifeed.v1.GetArticleResponse;
import org.wikifeed.v1.GetStructuredContentsResponse;
import org.wikifeed.v1.GetSubscriptionRequest;
import org.wikifeed.v1.GetSubscriptionResponse;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.LookupArticlesRequest;
import org.wikifeed.v1.LookupArticlesResponse;
import org.wikifeed.v1.Subscription;

/**
 * What {@link Client} does, for programs that wait for nothing: answers are futures, and streams
 * publishers that send no more than was asked for. All that {@code Client} promises holds here.
 *
 * <p>Each subscriber of a publisher has a stream, and a thread, of its own. An error of a call is
 * what the future, or {@code onError}, is given.
 */
public final class AsyncClient extends AsyncFileCalls {
  AsyncClient(Client client) {
    super(client);
  }

  /**
   * One article.
   *
   * @param key which page
   * @param fields the fields to get, as dotted paths; none means all
   * @return the article, or {@link NotFoundException}; cancelling it cancels the call
   */
  public CompletableFuture<Article> get(PageKey key, String... fields) {
    return connection()
        .askLater(ArticleServiceGrpc.getGetArticleMethod(), Requests.get(key, fields))
        .thenApply(GetArticleResponse::getArticle);
  }

  /**
   * One article as of a revision. A redirect page is answered as it stands, and not followed.
   *
   * @param key which page
   * @param revisionId the revision, one of that page
   * @param fields the fields to get, as dotted paths; none means all
   * @return the article, or {@link NotFoundException}
   */
  public CompletableFuture<Article> get(PageKey key, long revisionId, String... fields) {
    return connection()
        .askLater(ArticleServiceGrpc.getGetArticleMethod(), Requests.get(key, revisionId, fields))
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
    return connection()
        .askLater(
            ArticleServiceGrpc.getGetStructuredContentsMethod(), Requests.structured(key, fields))
        .thenApply(GetStructuredContentsResponse::getArticle);
  }

  /**
   * The structured contents of one article as of a revision, as {@link #get(PageKey, long,
   * String...)} has the article.
   *
   * @param key which page
   * @param revisionId the revision, one of that page
   * @param fields the fields to get, as dotted paths; none means all that are structured
   * @return the article with these, or {@link NotFoundException}
   */
  public CompletableFuture<Article> structured(PageKey key, long revisionId, String... fields) {
    return connection()
        .askLater(
            ArticleServiceGrpc.getGetStructuredContentsMethod(),
            Requests.structured(key, revisionId, fields))
        .thenApply(GetStructuredContentsResponse::getArticle);
  }

  /**
   * The articles of a title in all projects.
   *
   * @param title the title
   * @return the matches, or {@link NotFoundException}
   */
  public CompletableFuture<List<ArticleMatch>> lookup(String title) {
    return lookup(Requests.lookup(title));
  }

  /**
   * The articles of a title in some projects, languages or namespaces.
   *
   * @param request which
   * @return the matches, or {@link NotFoundException}
   */
  public CompletableFuture<List<ArticleMatch>> lookup(LookupArticlesRequest request) {
    return connection()
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
    return published(() -> client().batchGet(keys, fields));
  }

  /**
   * All articles of a project, as of one moment.
   *
   * @param project the project's identifier
   * @param fields the fields to get, as dotted paths; none means all
   * @return the articles
   */
  public Flow.Publisher<Article> list(String project, String... fields) {
    return published(() -> client().list(project, fields));
  }

  /**
   * Some articles of a project, as of one moment.
   *
   * @param request which; page after page is asked for
   * @return the articles
   */
  public Flow.Publisher<Article> list(ListArticlesRequest request) {
    return published(() -> client().list(request));
  }

  /**
   * Changes, each exactly once and in order, for ever.
   *
   * @param changes which
   * @param start where to begin
   * @return the changes
   */
  public Flow.Publisher<Change> changes(Changes changes, Start start) {
    return published(() -> client().changes(changes, start));
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
    return published(() -> client().changes(changes, start, checkpoint));
  }

  /**
   * What a durable subscription delivers, at least once, for ever.
   *
   * @param name the subscription's name
   * @param options how
   * @return the deliveries
   */
  public Flow.Publisher<Delivery> subscribe(String name, SubscribeOptions options) {
    return published(() -> client().subscribe(name, options));
  }

  /**
   * How far a durable subscription is.
   *
   * @param name the subscription's name
   * @return the subscription, or {@link NotFoundException}
   */
  public CompletableFuture<Subscription> subscription(String name) {
    return connection()
        .askLater(
            ChangeServiceGrpc.getGetSubscriptionMethod(),
            GetSubscriptionRequest.newBuilder().setName(name).build())
        .thenApply(GetSubscriptionResponse::getSubscription);
  }

  /**
   * All durable subscriptions, in the order of their names.
   *
   * @return the subscriptions
   */
  public Flow.Publisher<Subscription> subscriptions() {
    return published(() -> client().subscriptions());
  }

  /**
   * Has the server forget a durable subscription.
   *
   * @param name the subscription's name
   * @return ends once it is forgotten, or with {@link NotFoundException}
   */
  public CompletableFuture<Void> deleteSubscription(String name) {
    return connection()
        .askLater(
            ChangeServiceGrpc.getDeleteSubscriptionMethod(),
            DeleteSubscriptionRequest.newBuilder().setName(name).build())
        .thenApply(forgotten -> null);
  }

  /**
   * Keeps a copy of a project's namespace current.
   *
   * @param mirror what to mirror
   * @param sink where to
   * @return ends where the mirror does, or with {@link CursorExpiredException} as {@link
   *     Client#mirror} does
   */
  public CompletableFuture<Void> mirror(Mirror mirror, Sink sink) {
    return CompletableFuture.runAsync(() -> client().mirror(mirror, sink), workers());
  }
}
