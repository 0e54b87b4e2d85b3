package org.wikifeed.client;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.wikifeed.v1.ArticleOutcome;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.BatchGetArticlesRequest;
import org.wikifeed.v1.BatchGetArticlesResponse;

/** What became of keys, in their order. It goes on behind the last one where a call is cut. */
final class OutcomeStream extends ItemStream<Outcome> {
  private static final int BATCH_KEYS = 10_000;
  private static final int TRIES = 4;

  private final Connection connection;
  private final List<PageKey> keys;
  private final String[] fields;
  private final Backoff backoff;
  private final Queue<Outcome> waiting = new ArrayDeque<>();
  private StreamCall<BatchGetArticlesRequest, BatchGetArticlesResponse> call;
  private int first;
  private int done;
  private int failures;

  OutcomeStream(Connection connection, List<PageKey> keys, String... fields) {
    this.connection = connection;
    this.keys = keys;
    this.fields = fields;
    this.backoff = new Backoff(connection.reconnecting());
  }

  @Override
  Outcome advance() {
    while (waiting.isEmpty() && done < keys.size() && !isEnded()) {
      receive();
    }
    return waiting.poll();
  }

  @Override
  void finish() {
    if (call != null) {
      call.close();
      call = null;
    }
  }

  private void receive() {
    if (call == null) {
      first = done;
      List<PageKey> part = keys.subList(first, Math.min(keys.size(), first + BATCH_KEYS));
      call =
          connection.stream(
              ArticleServiceGrpc.getBatchGetArticlesMethod(), Requests.batchGet(part, fields));
    }
    WikifeedException failure;
    try {
      BatchGetArticlesResponse response = call.next();
      if (response != null) {
        failures = 0;
        backoff.reset();
        response.getOutcomesList().forEach(outcome -> waiting.add(made(outcome)));
        done += response.getOutcomesCount();
        return;
      }
      boolean isWhole = done == Math.min(keys.size(), first + BATCH_KEYS);
      failure = isWhole ? null : Failures.unavailable("the answer ended early");
    } catch (WikifeedException error) {
      failure = error;
    }
    finish();
    if (failure != null) {
      failures++;
      if (failures == TRIES) {
        throw failure;
      }
      pause(backoff.after(failure));
    }
  }

  private Outcome made(ArticleOutcome outcome) {
    int index = first + outcome.getIndex();
    return new Outcome(
        index,
        keys.get(index),
        outcome.hasArticle() ? Optional.of(outcome.getArticle()) : Optional.empty(),
        outcome.hasError() ? Optional.of(Failures.of(outcome.getError())) : Optional.empty(),
        outcome.getRedirectedFrom());
  }
}
