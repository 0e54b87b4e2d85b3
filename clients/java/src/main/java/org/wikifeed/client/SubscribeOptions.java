package org.wikifeed.client;

import org.wikifeed.v1.OpenSubscription;

/** What a subscription delivers and how much at once. */
public final class SubscribeOptions {
  private static final int DEFAULT_CREDIT = 1000;

  private final OpenSubscription opening;

  private SubscribeOptions(OpenSubscription opening) {
    this.opening = opening;
  }

  /**
   * The filter that the subscription has; of a fresh one all changes, from when it is made.
   *
   * @return the options
   */
  public static SubscribeOptions defaults() {
    return builder().build();
  }

  /**
   * Begins to say otherwise.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  OpenSubscription opening(String name) {
    return opening.toBuilder().setName(name).build();
  }

  /** Says what a subscription delivers. */
  public static final class Builder {
    private final OpenSubscription.Builder opening =
        OpenSubscription.newBuilder().setCredit(DEFAULT_CREDIT);

    private Builder() {}

    /**
     * Which changes to deliver, and what of them; it replaces the filter that the subscription has.
     *
     * @param changes the filter
     * @return this
     */
    public Builder changes(Changes changes) {
      changes.open(opening);
      return this;
    }

    /**
     * Where a fresh subscription begins; one that exists goes on where it is.
     *
     * @param start after an offset, or since a time
     * @return this
     */
    public Builder start(Start start) {
      if (start instanceof Start.After after) {
        opening.setAfterOffset(after.offset());
      } else if (start instanceof Start.Since since) {
        opening.setSince(Changes.timestamp(since.time()));
      } else {
        throw new IllegalArgumentException("a subscription starts after an offset or since a time");
      }
      return this;
    }

    /**
     * How many changes may be on their way or untaken; 1000 unless said otherwise. It is given back
     * by itself.
     *
     * @param changes how many; 0 means no bound but that on unacknowledged ones
     * @return this
     */
    public Builder credit(int changes) {
      opening.setCredit(changes);
      return this;
    }

    /**
     * How many changes may wait for their acknowledgement.
     *
     * @param changes how many; 0 leaves it to the server
     * @return this
     */
    public Builder maxUnacknowledged(int changes) {
      opening.setMaxUnacknowledged(changes);
      return this;
    }

    /**
     * What was said.
     *
     * @return the options
     */
    public SubscribeOptions build() {
      return new SubscribeOptions(opening.build());
    }
  }
}
