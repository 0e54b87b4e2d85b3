package org.wikifeed.client.conformance;

import java.nio.file.Path;
import org.wikifeed.client.ChangeStream;
import org.wikifeed.client.Client;
import org.wikifeed.client.Delivery;
import org.wikifeed.client.ExportOptions;
import org.wikifeed.client.ItemStream;
import org.wikifeed.client.Outcome;
import org.wikifeed.client.SubscriptionStream;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ListArticlesRequest;

/** Does an action with the client that blocks. */
record BlockingActions(Client client, Action action, Path folder, Observation seen) {
  void perform() {
    switch (action.what) {
      case "get" -> seen.names.add(client.get(action.key(), action.fields()).getName());
      case "batch_get" -> batchGet();
      case "lookup" ->
          client.lookup(action.title).forEach(match -> seen.names.add(match.getArticle().getName()));
      case "list" -> list();
      case "changes" -> changes();
      case "subscribe" -> subscribe();
      case "export" -> client.export(action.identifier, folder, ExportOptions.defaults());
      case "batches" -> batches();
      case "export_batch" ->
          client.exportBatch(client.batch(action.hour(), action.identifier), folder);
      case "account" -> seen.account = client.account().getAccount().getUsername();
      default -> throw new IllegalArgumentException("there is no action " + action.what);
    }
  }

  private void batchGet() {
    try (ItemStream<Outcome> outcomes = client.batchGet(action.keys(), action.fields())) {
      outcomes.forEach(seen::take);
    }
  }

  private void list() {
    var request =
        ListArticlesRequest.newBuilder()
            .setProject(action.project)
            .setPageSize(action.pageSize)
            .build();
    try (ItemStream<Article> articles = client.list(request)) {
      articles.forEach(article -> seen.names.add(article.getName()));
    }
  }

  private void batches() {
    try (ItemStream<Batch> batches = client.batches(action.batches())) {
      batches.forEach(seen::take);
    }
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
    try (SubscriptionStream stream = client.subscribe(action.name, action.options())) {
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
}
