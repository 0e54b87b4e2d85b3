package org.wikifeed.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A stream that one subscriber is sent, no faster than it asks. */
final class Publication<T> implements Flow.Subscription {
  private final ItemStream<T> items;
  private final Flow.Subscriber<? super T> subscriber;
  private final Semaphore asked = new Semaphore(0);
  private final AtomicReference<RuntimeException> wrong = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean isCancelled;

  Publication(ItemStream<T> items, Flow.Subscriber<? super T> subscriber) {
    this.items = items;
    this.subscriber = subscriber;
  }

  /** Send what is asked for, by a worker, who runs {@code after} in the end. */
  void begin(Executor workers, Runnable after) {
    subscriber.onSubscribe(this);
    workers.execute(
        () -> {
          try {
            send();
          } finally {
            ended.countDown();
            after.run();
          }
        });
  }

  /** Wait until the worker is done with it; a thread that is interrupted waits no longer. */
  void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
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

  private void send() {
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
