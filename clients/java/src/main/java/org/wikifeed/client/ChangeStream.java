package org.wikifeed.client;

import java.time.Duration;
import java.util.OptionalLong;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.StreamChangesRequest;
import org.wikifeed.v1.StreamChangesResponse;

/**
 * Changes of the log, one after the other, for ever. What it promises is told at {@link
 * Client#changes}.
 */
public final class ChangeStream extends ItemStream<Change> {
  private final Connection connection;
  private final Resumption core;
  private final CheckpointStore checkpoint;
  private OptionalLong saved = OptionalLong.empty();
  private volatile StreamCall<StreamChangesRequest, StreamChangesResponse> call;

  ChangeStream(Connection connection, StreamChangesRequest request, CheckpointStore checkpoint) {
    this.connection = connection;
    this.core = new Resumption(request, connection.reconnecting());
    this.checkpoint = checkpoint;
  }

  /**
   * The same by batches as they come, those without changes included. A checkpoint is saved once a
   * batch.
   *
   * @return the batches; closing them closes this
   */
  public ItemStream<ChangeBatch> batches() {
    return new Batches();
  }

  /**
   * The offset through which the caller is done, for it asked for what follows.
   *
   * @return the offset; empty before there is one
   */
  public OptionalLong handledOffset() {
    return core.handled();
  }

  @Override
  Change advance() {
    do {
      Change change = core.nextChange();
      save();
      if (change != null) {
        return change;
      }
    } while (receive());
    return null;
  }

  @Override
  void wake() {
    StreamCall<StreamChangesRequest, StreamChangesResponse> current = call;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  void finish() {
    if (call != null) {
      call.close();
      call = null;
    }
  }

  private void save() {
    OptionalLong handled = core.handled();
    if (checkpoint != null && handled.isPresent() && !handled.equals(saved)) {
      checkpoint.save(handled.getAsLong());
      saved = handled;
    }
  }

  /** Have the core take a response; false at the end. */
  private boolean receive() {
    while (!isEnded() && !core.isAtEnd()) {
      WikifeedException failure;
      try {
        StreamChangesResponse response = opened().next();
        if (response != null) {
          core.received(response);
          return true;
        }
        failure = Failures.unavailable("the stream ended");
      } catch (WikifeedException error) {
        failure = error;
      }
      finish();
      if (isEnded() || core.isAtEnd() || connection.isClosed()) {
        break;
      }
      Duration wait = core.failed(failure);
      pause(wait);
    }
    finish();
    return false;
  }

  private StreamCall<StreamChangesRequest, StreamChangesResponse> opened() {
    if (call == null) {
      call = connection.stream(ChangeServiceGrpc.getStreamChangesMethod(), core.request());
      if (isEnded()) {
        call.cancel();
      }
    }
    return call;
  }

  private final class Batches extends ItemStream<ChangeBatch> {
    @Override
    ChangeBatch advance() {
      do {
        ChangeBatch batch = core.nextBatch();
        save();
        if (batch != null) {
          return batch;
        }
      } while (receive());
      return null;
    }

    @Override
    void wake() {
      ChangeStream.this.end();
    }

    @Override
    void finish() {
      ChangeStream.this.finish();
    }
  }
}
