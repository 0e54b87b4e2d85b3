package org.wikifeed.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Items that come from a server one after the other, to be gone through once: in a {@code for}
 * loop, as an iterator, or as a stream of {@code java.util}.
 *
 * <p>For one thread at a time, but for {@link #close()}: from any thread, and who waits for an item
 * is then told that there is none. Close it, best with {@code try (...)}, for it holds a call open.
 *
 * @param <T> the items
 */
public abstract class ItemStream<T> implements Iterator<T>, Iterable<T>, AutoCloseable {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock reading = new ReentrantLock();
  private T peeked;

  ItemStream() {}

  /** The next item, waiting for it; null at the end. */
  abstract T advance();

  /** Have {@link #advance} come back. From any thread. */
  void wake() {}

  /** Let go of what is held; nobody is in {@link #advance}. */
  void finish() {}

  /**
   * Waits for the next item. Asking says that the one before is handled.
   *
   * @return whether there is one
   */
  @Override
  public boolean hasNext() {
    reading.lock();
    try {
      if (peeked == null && !isEnded()) {
        peeked = advance();
      }
      return peeked != null;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    T item = peeked;
    peeked = null;
    return item;
  }

  /**
   * This, for {@code for} loops: there is one iteration only.
   *
   * @return this
   */
  @Override
  public Iterator<T> iterator() {
    return this;
  }

  /**
   * The same as a stream of {@code java.util}; closing it closes this.
   *
   * @return the items
   */
  public Stream<T> stream() {
    int kind = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, kind), false)
        .onClose(this::close);
  }

  /** Ends the stream and the call below it. */
  @Override
  public void close() {
    end();
    reading.lock();
    try {
      finish();
    } finally {
      reading.unlock();
    }
  }

  /** Let no more items come, without waiting for anything. From any thread. */
  final void end() {
    ended.countDown();
    wake();
  }

  final boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Wait, unless this ends before. */
  final void pause(Duration time) {
    try {
      ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      ended.countDown();
    }
  }
}
