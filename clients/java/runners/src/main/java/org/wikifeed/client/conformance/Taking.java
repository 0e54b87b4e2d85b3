package org.wikifeed.client.conformance;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/** A subscriber that takes items, one asked for after the other, until one says that it is enough. */
final class Taking<T> implements Flow.Subscriber<T> {
  private final Predicate<T> isMoreWanted;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Flow.Subscription subscription;

  Taking(Predicate<T> isMoreWanted) {
    this.isMoreWanted = isMoreWanted;
  }

  /** Ends where the items do, or where it is enough. */
  CompletableFuture<Void> ended() {
    return ended;
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
