package org.wikifeed.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A subscriber that takes all there is, one item asked for after the other. */
final class Collecting<T> implements Flow.Subscriber<T> {
  final CompletableFuture<List<T>> items = new CompletableFuture<>();
  private final List<T> taken = new ArrayList<>();
  private Flow.Subscription subscription;

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(T item) {
    taken.add(item);
    subscription.request(1);
  }

  @Override
  public void onError(Throwable error) {
    items.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    items.complete(taken);
  }
}
