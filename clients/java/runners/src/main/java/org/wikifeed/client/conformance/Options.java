package org.wikifeed.client.conformance;

import com.google.gson.annotations.SerializedName;
import java.time.Duration;
import org.wikifeed.client.Changes;

/** What is sent of changes, and how; what is not said is left to the client. */
final class Options {
  @SerializedName("read_mask")
  String[] readMask;

  @SerializedName("no_body")
  boolean isWithoutBody;

  @SerializedName("max_batch_size")
  Integer maxBatchSize;

  @SerializedName("max_delay_seconds")
  Double maxDelaySeconds;

  int[] share;

  @SerializedName("allow_compacted")
  boolean isCompactedAllowed;

  @SerializedName("max_unacknowledged")
  Integer maxUnacknowledged;

  void sayTo(Changes.Builder changes) {
    if (readMask != null) {
      changes.readMask(readMask);
    }
    if (isWithoutBody) {
      changes.noBody();
    }
    if (maxBatchSize != null) {
      changes.maxBatchSize(maxBatchSize);
    }
    if (maxDelaySeconds != null) {
      changes.maxDelay(Duration.ofNanos((long) (maxDelaySeconds * 1e9)));
    }
    if (share != null) {
      changes.share(share[0], share[1]);
    }
    if (isCompactedAllowed) {
      changes.allowCompacted();
    }
  }
}
