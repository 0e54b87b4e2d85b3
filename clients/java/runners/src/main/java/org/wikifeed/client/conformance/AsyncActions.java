package org.wikifeed.client.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.wikifeed.client.AsyncClient;
import org.wikifeed.client.Delivery;
import org.wikifeed.client.Export;
import org.wikifeed.client.WikifeedException;
import org.wikifeed.v1.Article;

/** Does an action with the client that waits for nothing. */
record AsyncActions(AsyncClient client, Action action, Path folder, Observation seen) {
  void perform() throws IOException {
    switch (action.what) {
      case "get" -> seen.names.add(waited(get()).getName());
      case "batch_get" -> each(client.batchGet(action.keys(), action.fields()), seen::take);
      case "structured" -> seen.names.add(waited(structured()).getName());
      case "lookup" ->
          waited(client.lookup(action.lookup()))
              .forEach(match -> seen.names.add(match.getArticle().getName()));
      case "list" ->
          each(client.list(action.list()), article -> seen.names.add(article.getName()));
      case "changes" -> changes();
      case "subscribe" -> subscribe();
      default -> bringFiles();
    }
  }

  /** Do an action with snapshots or batches, or another. */
  private void bringFiles() throws IOException {
    switch (action.what) {
      case "snapshots" -> each(client.snapshots(action.projects()), seen::take);
      case "make_snapshot" -> seen.take(waited(client.createSnapshot(action.kind(), action.chunkSizeBytes)));
      case "export" -> export();
      case "batches" -> each(client.batches(action.batches()), seen::take);
      case "export_batch" ->
          waited(
              client
                  .batch(action.hour(), action.identifier)
                  .thenCompose(batch -> client.exportBatch(batch, folder)));
      case "read" -> seen.read(export());
      case "mirror" -> waited(client.mirror(action.mirror(folder), action.sink(folder)));
      default -> ask();
    }
  }

  /** Do an action that asks for what the server knows. */
  private void ask() {
    switch (action.what) {
      case "projects" -> waited(client.projects(action.languages())).forEach(seen::take);
      case "change_log" -> seen.take(waited(client.changeLog()));
      case "subscriptions" -> each(client.subscriptions(), seen::take);
      case "subscription" -> seen.take(waited(client.subscription(action.name)));
      case "delete_subscription" -> waited(client.deleteSubscription(action.name));
      case "account" -> seen.account = waited(client.account()).getAccount().getUsername();
      case "usage" -> waited(client.usage(action.usage())).forEach(seen::take);
      default -> throw new IllegalArgumentException("there is no action " + action.what);
    }
  }

  private CompletableFuture<Article> get() {
    return action.revisionId == null
        ? client.get(action.key(), action.fields())
        : client.get(action.key(), action.revisionId, action.fields());
  }

  private CompletableFuture<Article> structured() {
    return action.revisionId == null
        ? client.structured(action.key(), action.fields())
        : client.structured(action.key(), action.revisionId, action.fields());
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
        client.subscribe(action.name, action.subscribing()),
        (Delivery delivery) -> {
          taken[0]++;
          delivery.changes().forEach(seen::take);
          if (action.isAcknowledged(taken[0])) {
            delivery.acknowledge();
          }
          return taken[0] < action.take;
        });
  }

  private Export export() {
    return waited(client.export(action.identifier, folder, action.exporting()));
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

  /** Take items until there are no more or one says that it is enough. */
  private static <T> void all(Flow.Publisher<T> publisher, Predicate<T> isMoreWanted) {
    Taking<T> taking = new Taking<>(isMoreWanted);
    publisher.subscribe(taking);
    waited(taking.ended());
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
}
