package org.wikifeed.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A channel, and how calls are made on it. */
final class Connection implements AutoCloseable {
  private final ManagedChannel managed;
  private final Channel channel;
  private final Duration timeout;
  private final Reconnecting reconnecting;

  Connection(ManagedChannel managed, Channel channel, Duration timeout, Reconnecting reconnecting) {
    this.managed = managed;
    this.channel = channel;
    this.timeout = timeout;
    this.reconnecting = reconnecting;
  }

  Channel channel() {
    return channel;
  }

  Reconnecting reconnecting() {
    return reconnecting;
  }

  boolean isClosed() {
    return managed.isShutdown();
  }

  @Override
  public void close() {
    managed.shutdownNow();
  }

  /** The answer of a call that answers once. */
  <Q, R> R ask(MethodDescriptor<Q, R> method, Q request) {
    try {
      return ClientCalls.blockingUnaryCall(channel, method, deadline(), request);
    } catch (StatusRuntimeException error) {
      throw Failures.of(error);
    }
  }

  /** The same later. A future that is cancelled cancels the call. */
  <Q, R> CompletableFuture<R> askLater(MethodDescriptor<Q, R> method, Q request) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    ClientCall<Q, R> call = channel.newCall(method, deadline());
    ClientCalls.asyncUnaryCall(call, request, new Answering<>(answer));
    answer.whenComplete(
        (found, error) -> {
          if (answer.isCancelled()) {
            call.cancel("the future was cancelled", null);
          }
        });
    return answer;
  }

  /** A call that streams to us. It connects at once, however long ago the last try was. */
  <Q, R> StreamCall<Q, R> stream(MethodDescriptor<Q, R> method, Q request) {
    managed.resetConnectBackoff();
    return StreamCall.open(channel, method, reconnecting.silence(), request);
  }

  /** The same of a call on which more can be sent. */
  <Q, R> StreamCall<Q, R> stream(MethodDescriptor<Q, R> method) {
    managed.resetConnectBackoff();
    return StreamCall.open(channel, method, reconnecting.silence());
  }

  private CallOptions deadline() {
    return CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private record Answering<R>(CompletableFuture<R> answer) implements StreamObserver<R> {
    @Override
    public void onNext(R found) {
      answer.complete(found);
    }

    @Override
    public void onError(Throwable error) {
      answer.completeExceptionally(
          error instanceof StatusRuntimeException failed ? Failures.of(failed) : error);
    }

    @Override
    public void onCompleted() {}
  }
}
