package org.wikifeed.client;

import com.google.protobuf.util.Timestamps;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.wikifeed.v1.ChangeFilter;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.OpenSubscription;
import org.wikifeed.v1.SubscribeRequest;
import org.wikifeed.v1.SubscribeResponse;
import org.wikifeed.v1.Subscription;

/**
 * Deliveries of a durable subscription, for ever. What it promises is told at {@link
 * Client#subscribe}.
 *
 * <p>Closing says that this client has said all, and waits until what it acknowledged is stored, 5
 * seconds at most.
 */
public final class SubscriptionStream extends ItemStream<Delivery> {
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Connection connection;
  private final Backoff backoff;
  private volatile OpenSubscription opening;
  private volatile boolean isPaused;
  private volatile StreamCall<SubscribeRequest, SubscribeResponse> call;
  private volatile SubscribeResponse told = SubscribeResponse.getDefaultInstance();
  private long taken;

  SubscriptionStream(Connection connection, OpenSubscription opening) {
    this.connection = connection;
    this.backoff = new Backoff(connection.reconnecting());
    this.opening = opening;
  }

  /**
   * What the server told last of the subscription.
   *
   * @return its state; empty before it did
   */
  public Optional<Subscription> state() {
    return told.hasSubscription() ? Optional.of(told.getSubscription()) : Optional.empty();
  }

  /**
   * How many of the 64 shares of the pages this client has.
   *
   * @return how many
   */
  public int shareCount() {
    return told.getShareCount();
  }

  /**
   * Holds deliveries back until {@link #resume}; those on their way still come. From any thread.
   */
  public void pause() {
    pause(true);
  }

  /** Lets deliveries come again. From any thread. */
  public void resume() {
    pause(false);
  }

  /**
   * Replaces the subscription's filter, for all of its clients. From any thread.
   *
   * @param changes which changes to deliver
   */
  public void setFilter(Changes changes) {
    ChangeFilter filter = changes.filter();
    if (opening.hasFilter()) {
      opening = opening.toBuilder().setFilter(filter).build();
    }
    send(SubscribeRequest.newBuilder().setFilter(filter).build());
  }

  @Override
  Delivery advance() {
    while (!isEnded()) {
      WikifeedException failure;
      try {
        giveCreditBack();
        SubscribeResponse response = opened().next();
        if (response != null) {
          Delivery delivery = take(response);
          if (delivery != null) {
            return delivery;
          }
          continue;
        }
        failure = Failures.unavailable("the subscription's call ended");
      } catch (WikifeedException error) {
        failure = error;
      }
      hangUp();
      if (isEnded() || connection.isClosed()) {
        break;
      }
      pause(backoff.after(failure));
    }
    return null;
  }

  @Override
  void wake() {
    StreamCall<SubscribeRequest, SubscribeResponse> current = call;
    if (current != null) {
      current.sayFarewell(FAREWELL);
    }
  }

  /** Wait until the server ends the call, for then it stored what was acknowledged. */
  @Override
  void finish() {
    try {
      while (call != null && call.next() != null) {
        // Deliveries that nobody takes come again.
      }
    } catch (WikifeedException error) {
      // What was not stored is delivered again.
    } finally {
      hangUp();
    }
  }

  private void pause(boolean paused) {
    isPaused = paused;
    send(SubscribeRequest.newBuilder().setPaused(paused).build());
  }

  /** The delivery in a response; null where it only tells. */
  private Delivery take(SubscribeResponse response) {
    backoff.reset();
    if (response.hasSubscription()) {
      requireSame(response.getSubscription());
      told = response.toBuilder().clearChanges().build();
    }
    if (response.getDeliveryId() == 0 || isEnded()) {
      return null;
    }
    taken += response.getChangesCount();
    return new Delivery(response, call);
  }

  /**
   * One that was deleted and made anew begins elsewhere: what lay between would be lost silently.
   */
  private void requireSame(Subscription fresh) {
    Subscription known = told.getSubscription();
    if (known.hasDateCreated() && !known.getDateCreated().equals(fresh.getDateCreated())) {
      String message =
          "the subscription "
              + fresh.getName()
              + " was deleted, and made anew at "
              + Timestamps.toString(fresh.getDateCreated());
      throw new NotFoundException(
          new Failure(message, Code.NOT_FOUND, "SUBSCRIPTION_NOT_FOUND", Map.of(), ""), null, "");
    }
  }

  private void giveCreditBack() {
    if (opening.getCredit() > 0 && taken * 2 >= opening.getCredit()) {
      send(SubscribeRequest.newBuilder().setCredit(taken).build());
      taken = 0;
    }
  }

  private void send(SubscribeRequest request) {
    StreamCall<SubscribeRequest, SubscribeResponse> current = call;
    if (current != null) {
      current.send(request);
    }
  }

  private StreamCall<SubscribeRequest, SubscribeResponse> opened() {
    if (call == null) {
      taken = 0;
      StreamCall<SubscribeRequest, SubscribeResponse> fresh =
          connection.stream(ChangeServiceGrpc.getSubscribeMethod());
      fresh.send(SubscribeRequest.newBuilder().setOpen(opening).build());
      if (isPaused) {
        fresh.send(SubscribeRequest.newBuilder().setPaused(true).build());
      }
      call = fresh;
      if (isEnded()) {
        fresh.sayFarewell(FAREWELL);
      }
    }
    return call;
  }

  private void hangUp() {
    if (call != null) {
      call.close();
      call = null;
    }
  }
}
