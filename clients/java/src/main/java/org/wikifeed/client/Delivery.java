package org.wikifeed.client;

import java.util.List;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.SubscribeRequest;
import org.wikifeed.v1.SubscribeResponse;

/** Changes to handle, then to acknowledge. */
public final class Delivery {
  private final SubscribeResponse response;
  private final StreamCall<SubscribeRequest, SubscribeResponse> call;

  Delivery(SubscribeResponse response, StreamCall<SubscribeRequest, SubscribeResponse> call) {
    this.response = response;
    this.call = call;
  }

  /**
   * The changes.
   *
   * @return them, in the order of their offsets for each page
   */
  public List<Change> changes() {
    return response.getChangesList();
  }

  /**
   * All changes of this client's pages through this offset were delivered, or do not pass the
   * filter.
   *
   * @return the offset
   */
  public long throughOffset() {
    return response.getThroughOffset();
  }

  /**
   * Says that this delivery and all before it were handled. From any thread.
   *
   * <p>It goes to the call that brought the delivery, or nowhere: where that call is gone, the
   * delivery comes again.
   */
  public void acknowledge() {
    call.send(SubscribeRequest.newBuilder().setAcknowledge(response.getDeliveryId()).build());
  }
}
