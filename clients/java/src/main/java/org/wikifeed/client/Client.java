package org.wikifeed.client;

import java.util.List;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleMatch;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.DeleteSubscriptionRequest;
import org.wikifeed.v1.GetSubscriptionRequest;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListArticlesResponse;
import org.wikifeed.v1.ListSubscriptionsRequest;
import org.wikifeed.v1.ListSubscriptionsResponse;
import org.wikifeed.v1.LookupArticlesRequest;
import org.wikifeed.v1.Subscription;

/**
 * A connection to a server. Any number of threads may use it at once.
 *
 * <pre>{@code
 * try (Client client = Client.connect("localhost:50051")) {
 *   Article article = client.get(PageKey.title("enwiki", "Anarchism"));
 * }
 * }</pre>
 *
 * <p>Calls that answer once are tried four times where the server is unavailable, and end after 30
 * s.
 */
public final class Client extends FileCalls {
  Client(Connection connection) {
    super(connection);
  }

  /**
   * A client as it is without options.
   *
   * @param address the server, "host:port"
   * @return the client; close it
   */
  public static Client connect(String address) {
    return builder(address).build();
  }

  /**
   * Options of a client.
   *
   * @param address the server, "host:port"
   * @return the options
   */
  public static ClientBuilder builder(String address) {
    return new ClientBuilder(address);
  }

  /**
   * One article.
   *
   * @param key which page
   * @param fields the fields to get, as dotted paths ("name", "version.editor.name"); none means
   *     all
   * @return the article
   * @throws NotFoundException where there is none; it tells whether there was one
   */
  public Article get(PageKey key, String... fields) {
    return connection()
        .ask(ArticleServiceGrpc.getGetArticleMethod(), Requests.get(key, fields))
        .getArticle();
  }

  /**
   * One article as of a revision. A redirect page is answered as it stands, and not followed.
   *
   * @param key which page
   * @param revisionId the revision, one of that page
   * @param fields the fields to get, as dotted paths; none means all
   * @return the article
   * @throws NotFoundException where there is none, or the log does not keep that revision any more
   */
  public Article get(PageKey key, long revisionId, String... fields) {
    return connection()
        .ask(ArticleServiceGrpc.getGetArticleMethod(), Requests.get(key, revisionId, fields))
        .getArticle();
  }

  /**
   * The structured contents of one article: infoboxes, sections, tables, references.
   *
   * @param key which page
   * @param fields the fields to get, as dotted paths; none means all that are structured
   * @return the article with these
   * @throws NotFoundException where there is none
   */
  public Article structured(PageKey key, String... fields) {
    return connection()
        .ask(ArticleServiceGrpc.getGetStructuredContentsMethod(), Requests.structured(key, fields))
        .getArticle();
  }

  /**
   * The structured contents of one article as of a revision, as {@link #get(PageKey, long,
   * String...)} has the article.
   *
   * @param key which page
   * @param revisionId the revision, one of that page
   * @param fields the fields to get, as dotted paths; none means all that are structured
   * @return the article with these
   * @throws NotFoundException where there is none, or the log does not keep that revision any more
   */
  public Article structured(PageKey key, long revisionId, String... fields) {
    return connection()
        .ask(
            ArticleServiceGrpc.getGetStructuredContentsMethod(),
            Requests.structured(key, revisionId, fields))
        .getArticle();
  }

  /**
   * The articles of a title in all projects.
   *
   * @param title the title
   * @return the matches
   * @throws NotFoundException where no project has one
   */
  public List<ArticleMatch> lookup(String title) {
    return lookup(Requests.lookup(title));
  }

  /**
   * The articles of a title in some projects, languages or namespaces.
   *
   * @param request which
   * @return the matches
   * @throws NotFoundException where there is none
   */
  public List<ArticleMatch> lookup(LookupArticlesRequest request) {
    return connection().ask(ArticleServiceGrpc.getLookupArticlesMethod(), request).getMatchesList();
  }

  /**
   * Many articles, however many: an outcome for each key, in their order. It goes on where a call
   * is cut.
   *
   * @param keys which pages
   * @param fields the fields to get, as dotted paths; none means all
   * @return the outcomes; close them
   */
  public ItemStream<Outcome> batchGet(List<PageKey> keys, String... fields) {
    return new OutcomeStream(connection(), List.copyOf(keys), fields);
  }

  /**
   * All articles of a project, as of one moment.
   *
   * @param project the project's identifier
   * @param fields the fields to get, as dotted paths; none means all
   * @return the articles; close them
   */
  public ItemStream<Article> list(String project, String... fields) {
    return list(Requests.list(project, fields));
  }

  /**
   * Some articles of a project, as of one moment.
   *
   * @param request which; page after page is asked for
   * @return the articles; close them
   */
  public ItemStream<Article> list(ListArticlesRequest request) {
    return new PageList<>(
        request.getPageToken(),
        token ->
            connection()
                .ask(
                    ArticleServiceGrpc.getListArticlesMethod(),
                    request.toBuilder().setPageToken(token).build()),
        ListArticlesResponse::getArticlesList,
        ListArticlesResponse::getNextPageToken);
  }

  /**
   * Changes, each exactly once and in order, for ever.
   *
   * <p>The stream reconnects with growing waits where the connection is cut, the server stops, or
   * nothing came for too long ({@link Reconnecting}), and goes on after the last change it gave. It
   * throws the first error that does not pass, {@link CursorExpiredException} among them, which
   * names a snapshot to begin from; and it ends where {@link Changes.Builder#untilOffset} says so.
   *
   * @param changes which
   * @param start where to begin
   * @return the changes; close them
   */
  public ChangeStream changes(Changes changes, Start start) {
    return new ChangeStream(connection(), changes.request(start), null);
  }

  /**
   * The same, beginning where a checkpoint says, if it says something. The checkpoint is saved when
   * the next change is asked for, that is once the one before was handled: a program that dies in
   * between gets that one again.
   *
   * @param changes which
   * @param start where to begin if the checkpoint has nothing
   * @param checkpoint where to remember how far the caller is
   * @return the changes; close them
   */
  public ChangeStream changes(Changes changes, Start start, CheckpointStore checkpoint) {
    var saved = checkpoint.load();
    Start from = saved.isPresent() ? Start.after(saved.getAsLong()) : start;
    return new ChangeStream(connection(), changes.request(from), checkpoint);
  }

  /**
   * What a durable subscription delivers, at least once, for ever.
   *
   * <p>The server makes it where there is none of that name; one that exists goes on behind what
   * was acknowledged. Several clients of one name share the pages. Deliveries that were not
   * acknowledged when a call is cut come again. It reconnects as {@link #changes} does, and throws
   * the same errors. Closing it waits until the server stored what was acknowledged, 5 s at most.
   *
   * @param name the subscription's name
   * @param options how
   * @return the deliveries; close them
   */
  public SubscriptionStream subscribe(String name, SubscribeOptions options) {
    return new SubscriptionStream(connection(), options.opening(name));
  }

  /**
   * How far a durable subscription is.
   *
   * @param name the subscription's name
   * @return the subscription
   * @throws NotFoundException where there is none of that name
   */
  public Subscription subscription(String name) {
    return connection()
        .ask(
            ChangeServiceGrpc.getGetSubscriptionMethod(),
            GetSubscriptionRequest.newBuilder().setName(name).build())
        .getSubscription();
  }

  /**
   * All durable subscriptions, in the order of their names.
   *
   * @return the subscriptions; close them
   */
  public ItemStream<Subscription> subscriptions() {
    return new PageList<>(
        "",
        token ->
            connection()
                .ask(
                    ChangeServiceGrpc.getListSubscriptionsMethod(),
                    ListSubscriptionsRequest.newBuilder().setPageToken(token).build()),
        ListSubscriptionsResponse::getSubscriptionsList,
        ListSubscriptionsResponse::getNextPageToken);
  }

  /**
   * Has the server forget a durable subscription.
   *
   * @param name the subscription's name
   * @throws NotFoundException where there is none of that name
   */
  public void deleteSubscription(String name) {
    connection()
        .ask(
            ChangeServiceGrpc.getDeleteSubscriptionMethod(),
            DeleteSubscriptionRequest.newBuilder().setName(name).build());
  }

  /**
   * Keeps a copy of a project's namespace current, for ever: begins with a snapshot where the sink
   * is empty, and goes on with the changes behind it, or behind what the sink has.
   *
   * @param mirror what to mirror
   * @param sink where to
   * @throws CursorExpiredException where the sink is older than the log, for the mirror stood still
   *     for too long, unless {@link Mirror#beginningAgain} was said
   */
  public void mirror(Mirror mirror, Sink sink) {
    new Mirroring(this, mirror, sink).run();
  }
}
