package org.wikifeed.client.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.wikifeed.client.ChangeStream;
import org.wikifeed.client.Client;
import org.wikifeed.client.Delivery;
import org.wikifeed.client.Export;
import org.wikifeed.client.ItemStream;
import org.wikifeed.client.SubscriptionStream;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Change;

/** Does an action with the client that blocks. */
record BlockingActions(Client client, Action action, Path folder, Observation seen) {
  void perform() throws IOException {
    switch (action.what) {
      case "get" -> seen.names.add(get().getName());
      case "batch_get" -> each(client.batchGet(action.keys(), action.fields()), seen::take);
      case "structured" -> seen.names.add(structured().getName());
      case "lookup" ->
          client
              .lookup(action.lookup())
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
      case "make_snapshot" -> seen.take(client.createSnapshot(action.kind(), action.chunkSizeBytes));
      case "export" -> export();
      case "batches" -> each(client.batches(action.batches()), seen::take);
      case "export_batch" ->
          client.exportBatch(client.batch(action.hour(), action.identifier), folder);
      case "read" -> seen.read(export());
      case "mirror" -> client.mirror(action.mirror(folder), action.sink(folder));
      default -> ask();
    }
  }

  /** Do an action that asks for what the server knows. */
  private void ask() {
    switch (action.what) {
      case "projects" -> client.projects(action.languages()).forEach(seen::take);
      case "change_log" -> seen.take(client.changeLog());
      case "subscriptions" -> each(client.subscriptions(), seen::take);
      case "subscription" -> seen.take(client.subscription(action.name));
      case "delete_subscription" -> client.deleteSubscription(action.name);
      case "account" -> seen.account = client.account().getAccount().getUsername();
      case "usage" -> client.usage(action.usage()).forEach(seen::take);
      default -> throw new IllegalArgumentException("there is no action " + action.what);
    }
  }

  private Article get() {
    return action.revisionId == null
        ? client.get(action.key(), action.fields())
        : client.get(action.key(), action.revisionId, action.fields());
  }

  private Article structured() {
    return action.revisionId == null
        ? client.structured(action.key(), action.fields())
        : client.structured(action.key(), action.revisionId, action.fields());
  }

  private void changes() {
    try (ChangeStream stream =
        action.checkpoint == null
            ? client.changes(action.changes(), action.start())
            : client.changes(action.changes(), action.start(), action.checkpoint(folder))) {
      for (Change change : stream) {
        seen.take(change);
        if (seen.offsets.size() == action.take) {
          break;
        }
      }
    }
  }

  private void subscribe() {
    int taken = 0;
    try (SubscriptionStream stream = client.subscribe(action.name, action.subscribing())) {
      for (Delivery delivery : stream) {
        taken++;
        delivery.changes().forEach(seen::take);
        if (action.isAcknowledged(taken)) {
          delivery.acknowledge();
        }
        if (taken == action.take) {
          break;
        }
      }
    }
  }

  private Export export() {
    return client.export(action.identifier, folder, action.exporting());
  }

  /** Take items to the end. */
  private static <T> void each(ItemStream<T> items, Consumer<T> take) {
    try (items) {
      items.forEach(take);
    }
  }
}
