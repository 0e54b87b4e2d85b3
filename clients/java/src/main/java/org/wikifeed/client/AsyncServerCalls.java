package org.wikifeed.client;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.wikifeed.v1.AccountServiceGrpc;
import org.wikifeed.v1.CatalogServiceGrpc;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.DailyUsage;
import org.wikifeed.v1.GetAccountRequest;
import org.wikifeed.v1.GetAccountResponse;
import org.wikifeed.v1.GetChangeLogInfoRequest;
import org.wikifeed.v1.GetChangeLogInfoResponse;
import org.wikifeed.v1.ListProjectsResponse;
import org.wikifeed.v1.ListUsageRequest;
import org.wikifeed.v1.ListUsageResponse;
import org.wikifeed.v1.Project;

/** The client that waits, those who wait for it, and what a server tells of itself. */
abstract class AsyncServerCalls implements AutoCloseable {
  private final Client client;
  private final ExecutorService workers = Executors.newCachedThreadPool(Workers.named("wikifeed"));
  private final Set<Publication<?>> publications = ConcurrentHashMap.newKeySet();

  AsyncServerCalls(Client client) {
    this.client = client;
  }

  /**
   * The projects that the server has.
   *
   * @param languages of these languages only ("en"); none means all
   * @return the projects, in the order of their identifiers
   */
  public CompletableFuture<List<Project>> projects(String... languages) {
    return connection()
        .askLater(CatalogServiceGrpc.getListProjectsMethod(), Requests.projects(languages))
        .thenApply(ListProjectsResponse::getProjectsList);
  }

  /**
   * Which offsets and times the log holds.
   *
   * @return what the server says
   */
  public CompletableFuture<GetChangeLogInfoResponse> changeLog() {
    return connection()
        .askLater(
            ChangeServiceGrpc.getGetChangeLogInfoMethod(),
            GetChangeLogInfoRequest.getDefaultInstance());
  }

  /**
   * The account that calls: its plan, what it used this month and what is left.
   *
   * @return what the server says, or {@link UnauthenticatedException}
   */
  public CompletableFuture<GetAccountResponse> account() {
    return connection()
        .askLater(AccountServiceGrpc.getGetAccountMethod(), GetAccountRequest.getDefaultInstance());
  }

  /**
   * What the account that calls used this month until today (UTC).
   *
   * @return the days on which it used anything, or {@link UnauthenticatedException}
   */
  public CompletableFuture<List<DailyUsage>> usage() {
    return usage(ListUsageRequest.getDefaultInstance());
  }

  /**
   * What the account that calls used, by day (UTC).
   *
   * @param firstDay the first day
   * @param lastDay the last day, itself included
   * @return the days on which it used anything, or {@link UnauthenticatedException}
   */
  public CompletableFuture<List<DailyUsage>> usage(LocalDate firstDay, LocalDate lastDay) {
    return usage(Requests.usage(firstDay, lastDay));
  }

  /**
   * The same of the days of a request, which may name one end only.
   *
   * @param request which days
   * @return the days on which it used anything, or {@link UnauthenticatedException}
   */
  public CompletableFuture<List<DailyUsage>> usage(ListUsageRequest request) {
    return connection()
        .askLater(AccountServiceGrpc.getListUsageMethod(), request)
        .thenApply(ListUsageResponse::getDaysList);
  }

  /** Ends what goes on, waits until what was acknowledged is stored, and closes the connection. */
  @Override
  public void close() {
    publications.forEach(Publication::cancel);
    publications.forEach(Publication::awaitEnd);
    client.close();
    workers.shutdown();
  }

  Client client() {
    return client;
  }

  Connection connection() {
    return client.connection();
  }

  ExecutorService workers() {
    return workers;
  }

  <T> Flow.Publisher<T> published(Supplier<ItemStream<T>> streams) {
    return subscriber -> {
      Publication<T> publication = new Publication<>(streams.get(), subscriber);
      publications.add(publication);
      publication.begin(workers, () -> publications.remove(publication));
    };
  }
}
