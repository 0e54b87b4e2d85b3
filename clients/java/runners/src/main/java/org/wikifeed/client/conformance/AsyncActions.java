package org.wikifeed.client.conformance;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.wikifeed.client.AsyncClient;
import org.wikifeed.client.Delivery;
import org.wikifeed.client.ExportOptions;
import org.wikifeed.client.WikifeedException;
import org.wikifeed.v1.ListArticlesRequest;

/** Does an action with the client that waits for nothing. */
record AsyncActions(AsyncClient client, Action action, Path folder, Observation seen) {
  void perform() {
    switch (action.what) {
      case "get" -> seen.names.add(waited(client.get(action.key(), action.fields())).getName());
      case "batch_get" -> each(client.batchGet(action.keys(), action.fields()), seen::take);
      case "lookup" ->
          waited(client.lookup(action.title))
              .forEach(match -> seen.names.add(match.getArticle().getName()));
      case "list" -> list();
      case "changes" -> changes();
      case "subscribe" -> subscribe();
      case "export" -> waited(client.export(action.identifier, folder, ExportOptions.defaults()));
      case "batches" -> each(client.batches(action.batches()), seen::take);
      case "export_batch" ->
          waited(
              client
                  .batch(action.hour(), action.identifier)
                  .thenCompose(batch -> client.exportBatch(batch, folder)));
      case "account" -> seen.account = waited(client.account()).getAccount().getUsername();
      default -> throw new IllegalArgumentException("there is no action " + action.what);
    }
  }

  private void list() {
    var request =
        ListArticlesRequest.newBuilder()
            .setProject(action.project)
            .setPageSize(action.pageSize)
            .build();
    all(client.list(request), article -> seen.names.add(article.getName()));
  }

  private void changes() {
    var publisher =
        action.checkpoint == null
            ? client.changes(action.changes(), action.start())
            : client.changes(action.changes(), action.start(), action.checkpoint(folder));
    all(
        publisher,
        change -> {
          seen.take(change);
          return seen.offsets.size() < action.take;
        });
  }

  private void subscribe() {
    int[] taken = {0};
    all(
        client.subscribe(action.name, action.options()),
        (Delivery delivery) -> {
          taken[0]++;
          delivery.changes().forEach(seen::take);
          if (action.isAcknowledged(taken[0])) {
            delivery.acknowledge();
          }
          return taken[0] < action.take;
        });
  }

  /** Take items to the end. */
  private static <T> void each(Flow.Publisher<T> publisher, Consumer<T> take) {
    all(
        publisher,
        item -> {
          take.accept(item);
          return true;
        });
  }

  /** Take items, one asked for after the other, until there are no more or one says that it is enough. */
  private static <T> void all(Flow.Publisher<T> publisher, Predicate<T> isMoreWanted) {
    Taking<T> taking = new Taking<>(isMoreWanted);
    publisher.subscribe(taking);
    waited(taking.ended);
  }

  private static <T> T waited(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException error) {
      if (error.getCause() instanceof WikifeedException failure) {
        throw failure;
      }
      throw error;
    }
  }

  private static final class Taking<T> implements Flow.Subscriber<T> {
    private final Predicate<T> isMoreWanted;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Flow.Subscription subscription;

    Taking(Predicate<T> isMoreWanted) {
      this.isMoreWanted = isMoreWanted;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(T item) {
      if (isMoreWanted.test(item)) {
        subscription.request(1);
      } else {
        subscription.cancel();
        ended.complete(null);
      }
    }

    @Override
    public void onError(Throwable error) {
      ended.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }
}
