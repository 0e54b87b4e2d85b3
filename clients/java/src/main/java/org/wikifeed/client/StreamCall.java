package org.wikifeed.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A call that streams to us, read by one thread, which ends when nothing comes for too long.
 *
 * <p>What gRPC calls back is run by the reading thread while it waits, so messages are parsed
 * there, and a caller that takes nothing holds the server back. The time between two reads does not
 * count as silence.
 */
final class StreamCall<Q, R> implements AutoCloseable {
  /** How many messages may lie ready. */
  private static final int AHEAD = 8;

  private final ClientCall<Q, R> call;
  private final long silenceNanos;
  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final ArrayDeque<R> received = new ArrayDeque<>();
  private volatile boolean isAbandoned;
  private volatile long farewellNanos = Long.MAX_VALUE;
  private boolean isSending = true;
  private int taken;
  private Status end;
  private Metadata trailers;

  private StreamCall(Channel channel, MethodDescriptor<Q, R> method, Duration silence) {
    this.silenceNanos = silence.toNanos();
    this.call = channel.newCall(method, CallOptions.DEFAULT.withExecutor(this::execute));
  }

  /** A call on which more can be sent. */
  static <Q, R> StreamCall<Q, R> open(
      Channel channel, MethodDescriptor<Q, R> method, Duration silence) {
    StreamCall<Q, R> opened = new StreamCall<>(channel, method, silence);
    opened.call.start(opened.new Reading(), new Metadata());
    opened.call.request(AHEAD);
    return opened;
  }

  /** A call of one request. */
  static <Q, R> StreamCall<Q, R> open(
      Channel channel, MethodDescriptor<Q, R> method, Duration silence, Q request) {
    StreamCall<Q, R> opened = open(channel, method, silence);
    opened.send(request);
    opened.halfClose();
    return opened;
  }

  /**
   * The next message; null where the call ended well. Throws what it ended with otherwise, silence
   * included.
   */
  R next() {
    long silentAt = System.nanoTime() + silenceNanos;
    while (received.isEmpty()) {
      if (end != null) {
        if (end.isOk()) {
          return null;
        }
        throw Failures.of(end, trailers);
      }
      Runnable task = await(silentAt);
      if (task == null) {
        close();
        throw Failures.unavailable("the server fell silent");
      }
      task.run();
    }
    askForMore();
    return received.poll();
  }

  /** Send a request; nothing happens where the call is over. From any thread. */
  synchronized void send(Q request) {
    if (isSending) {
      call.sendMessage(request);
    }
  }

  /**
   * Say that nothing more is sent, and wait no longer than that for what comes. From any thread.
   */
  void sayFarewell(Duration patience) {
    halfClose();
    farewellNanos = System.nanoTime() + patience.toNanos();
    work.add(() -> {});
  }

  /** End the call, so that the thread that reads comes back. From any thread. */
  synchronized void cancel() {
    isSending = false;
    call.cancel("the client ended the call", null);
  }

  /** End the call; by the thread that reads. */
  @Override
  public void close() {
    cancel();
    isAbandoned = true;
    drain();
  }

  private synchronized void halfClose() {
    if (isSending) {
      isSending = false;
      call.halfClose();
    }
  }

  private synchronized void askForMore() {
    taken++;
    if (taken == AHEAD / 2) {
      call.request(taken);
      taken = 0;
    }
  }

  private Runnable await(long silentAt) {
    Runnable task = work.poll();
    try {
      while (task == null) {
        long now = System.nanoTime();
        long left = silentAt - now;
        if (farewellNanos != Long.MAX_VALUE) {
          left = Math.min(left, farewellNanos - now);
        }
        if (left <= 0) {
          return null;
        }
        task = work.poll(left, TimeUnit.NANOSECONDS);
      }
      return task;
    } catch (InterruptedException error) {
      close();
      Thread.currentThread().interrupt();
      throw new WikifeedException(Failure.of("the thread was interrupted", Status.Code.CANCELLED));
    }
  }

  private void execute(Runnable task) {
    work.add(task);
    if (isAbandoned) {
      drain();
    }
  }

  /** Run what nobody waits for any more: gRPC frees there what it holds. */
  private void drain() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }

  private final class Reading extends ClientCall.Listener<R> {
    @Override
    public void onMessage(R message) {
      if (!isAbandoned) {
        received.add(message);
      }
    }

    @Override
    public void onClose(Status status, Metadata told) {
      trailers = told;
      end = status;
    }
  }
}
