package org.wikifeed.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.StreamChangesRequest;
import org.wikifeed.v1.StreamChangesResponse;

/**
 * A stream of changes that outlives its calls: what to ask for, what to hand out, what to do when a
 * call ends.
 *
 * <p>Promises: (1) every change is handed out once, in the order of offsets, however often calls
 * are cut off: the next call starts after what the last one brought, and what a server sends again
 * is dropped. (2) {@code handled} is the offset through which the caller is done: it moves when the
 * caller asks for more, never before. (3) Errors that do not pass are thrown at once, the expiry of
 * the cursor among them.
 *
 * <p>Nothing here does input or output, or waits.
 */
final class Resumption {
  private static final long UNKNOWN = -1;

  private final StreamChangesRequest request;
  private final Backoff backoff;
  private final ArrayDeque<Change> waiting = new ArrayDeque<>();
  private long through;
  private long handedOut;
  private long handled = UNKNOWN;
  private boolean isFresh;

  Resumption(StreamChangesRequest request, Reconnecting options) {
    this.request = request;
    this.backoff = new Backoff(options);
    this.through = request.hasAfterOffset() ? request.getAfterOffset() : UNKNOWN;
    this.handedOut = through;
  }

  /** What the next call asks for. */
  StreamChangesRequest request() {
    return through == UNKNOWN ? request : request.toBuilder().setAfterOffset(through).build();
  }

  /** Whether all that was asked for has come. */
  boolean isAtEnd() {
    long until = request.getUntilOffset();
    return until != 0 && through != UNKNOWN && through >= until;
  }

  /** The offset through which the caller is done, once there is one. */
  OptionalLong handled() {
    return handled == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(handled);
  }

  /** Take a response. Those before it must all have been handed out. */
  void received(StreamChangesResponse response) {
    backoff.reset();
    for (Change change : response.getChangesList()) {
      if (change.getOffset() > through) {
        waiting.add(change);
      }
    }
    through = Math.max(through, response.getThroughOffset());
    isFresh = true;
  }

  /**
   * The next change; null when another response is needed. Asking says that the one before is
   * handled.
   */
  Change nextChange() {
    handled = handedOut;
    if (waiting.isEmpty()) {
      isFresh = false;
      handled = handedOut = through;
      return null;
    }
    Change change = waiting.poll();
    isFresh = !waiting.isEmpty();
    handedOut = isFresh ? change.getOffset() : through;
    return change;
  }

  /**
   * All that the last response brought; null when another is needed. Asking says as {@code
   * nextChange}.
   */
  ChangeBatch nextBatch() {
    handled = handedOut;
    if (!isFresh || through == UNKNOWN) {
      return null;
    }
    ChangeBatch batch = new ChangeBatch(List.copyOf(waiting), through);
    waiting.clear();
    isFresh = false;
    handedOut = through;
    return batch;
  }

  /**
   * How long to wait before the next call, after one that ended with {@code error}. Throws what
   * stays.
   */
  Duration failed(WikifeedException error) {
    return backoff.after(error);
  }
}
