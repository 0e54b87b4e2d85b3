package org.wikifeed.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A stream that one subscriber is sent, no faster than it asks. */
final class Publication<T> implements Flow.Subscription, Runnable {
  private final ItemStream<T> items;
  private final Flow.Subscriber<? super T> subscriber;
  private final Semaphore asked = new Semaphore(0);
  private final AtomicReference<RuntimeException> wrong = new AtomicReference<>();
  private volatile boolean isCancelled;

  Publication(ItemStream<T> items, Flow.Subscriber<? super T> subscriber) {
    this.items = items;
    this.subscriber = subscriber;
  }

  void begin(Executor workers) {
    subscriber.onSubscribe(this);
    workers.execute(this);
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      wrong.set(new IllegalArgumentException("ask for one item at least, not " + count));
      asked.release();
      return;
    }
    // A semaphore has room for so many; who asks for more asks for all.
    int room = Integer.MAX_VALUE - asked.availablePermits();
    asked.release((int) Math.min(count, room));
  }

  @Override
  public void cancel() {
    isCancelled = true;
    asked.release();
    items.end();
  }

  @Override
  public void run() {
    try (items) {
      while (isAskedForMore() && items.hasNext()) {
        subscriber.onNext(items.next());
      }
    } catch (RuntimeException error) {
      tell(error);
      return;
    }
    if (!isCancelled) {
      subscriber.onComplete();
    }
  }

  /** Wait until the subscriber asks; false where it wants no more. */
  private boolean isAskedForMore() {
    asked.acquireUninterruptibly();
    if (wrong.get() != null) {
      throw wrong.get();
    }
    return !isCancelled;
  }

  private void tell(RuntimeException error) {
    if (!isCancelled) {
      subscriber.onError(error);
    }
  }
}
