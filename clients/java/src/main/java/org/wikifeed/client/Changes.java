package org.wikifeed.client;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.wikifeed.v1.ChangeFilter;
import org.wikifeed.v1.EventType;
import org.wikifeed.v1.OpenSubscription;
import org.wikifeed.v1.Share;
import org.wikifeed.v1.StartPosition;
import org.wikifeed.v1.StreamChangesRequest;

/** Which changes of the log to send, and what of them. What is not named lets everything pass. */
public final class Changes {
  private static final Changes ALL = builder().build();

  private final StreamChangesRequest request;

  private Changes(StreamChangesRequest request) {
    this.request = request;
  }

  /**
   * All changes, whole.
   *
   * @return no filter
   */
  public static Changes all() {
    return ALL;
  }

  /**
   * All changes of some projects, whole.
   *
   * @param projects their identifiers: "enwiki"
   * @return the filter
   */
  public static Changes of(String... projects) {
    return builder().projects(projects).build();
  }

  /**
   * Begins to say which.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** The request of a stream from {@code start} on. */
  StreamChangesRequest request(Start start) {
    StreamChangesRequest.Builder whole = request.toBuilder();
    if (start instanceof Start.After after) {
      whole.setAfterOffset(after.offset());
    } else if (start instanceof Start.Since since) {
      whole.setSince(timestamp(since.time()));
    } else {
      boolean isOldest = start == Start.OLDEST;
      whole.setPosition(
          isOldest ? StartPosition.START_POSITION_OLDEST : StartPosition.START_POSITION_NEWEST);
    }
    return whole.build();
  }

  /** What of it a subscription keeps as its filter. */
  ChangeFilter filter() {
    return ChangeFilter.newBuilder()
        .addAllProjects(request.getProjectsList())
        .addAllNamespaces(request.getNamespacesList())
        .addAllLanguages(request.getLanguagesList())
        .addAllEventTypes(request.getEventTypesList())
        .addAllPageIds(request.getPageIdsList())
        .build();
  }

  /** Put the filter, and what is sent of each change, into what opens a subscription. */
  void open(OpenSubscription.Builder opening) {
    opening.setFilter(filter());
    opening.setNoBody(request.getNoBody());
    opening.setMaxBatchSize(request.getMaxBatchSize());
    if (request.hasReadMask()) {
      opening.setReadMask(request.getReadMask());
    }
    if (request.hasMaxDelay()) {
      opening.setMaxDelay(request.getMaxDelay());
    }
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /** Says which changes to send. */
  public static final class Builder {
    private final StreamChangesRequest.Builder request = StreamChangesRequest.newBuilder();

    private Builder() {}

    /**
     * Lets pass changes of these projects.
     *
     * @param projects their identifiers
     * @return this
     */
    public Builder projects(String... projects) {
      request.addAllProjects(Arrays.asList(projects));
      return this;
    }

    /**
     * Lets pass changes in these namespaces.
     *
     * @param namespaces their numbers
     * @return this
     */
    public Builder namespaces(long... namespaces) {
      Arrays.stream(namespaces).forEach(request::addNamespaces);
      return this;
    }

    /**
     * Lets pass changes of projects in these languages.
     *
     * @param languages their codes: "en"
     * @return this
     */
    public Builder languages(String... languages) {
      request.addAllLanguages(Arrays.asList(languages));
      return this;
    }

    /**
     * Lets pass changes of these types.
     *
     * @param types the types
     * @return this
     */
    public Builder eventTypes(EventType... types) {
      request.addAllEventTypes(Arrays.asList(types));
      return this;
    }

    /**
     * Lets pass changes of these pages; name one project with them.
     *
     * @param pageIds their page ids
     * @return this
     */
    public Builder pageIds(long... pageIds) {
      Arrays.stream(pageIds).forEach(request::addPageIds);
      return this;
    }

    /**
     * Lets pass one consumer's part of the pages.
     *
     * @param index which consumer, from 0
     * @param count how many there are
     * @return this
     */
    public Builder share(int index, int count) {
      request.setShare(Share.newBuilder().setIndex(index).setCount(count));
      return this;
    }

    /**
     * Sends these fields of the article only.
     *
     * @param paths paths into Article: "version.editor.name"
     * @return this
     */
    public Builder readMask(String... paths) {
      request.setReadMask(FieldMask.newBuilder().addAllPaths(Arrays.asList(paths)));
      return this;
    }

    /**
     * Leaves out the text and the structured parts, which costs least.
     *
     * @return this
     */
    public Builder noBody() {
      request.setNoBody(true);
      return this;
    }

    /**
     * Ends the stream at an offset.
     *
     * @param offset the offset; 0 means never
     * @return this
     */
    public Builder untilOffset(long offset) {
      request.setUntilOffset(offset);
      return this;
    }

    /**
     * Bounds how many changes come in a message.
     *
     * @param size how many; 0 leaves it to the server
     * @return this
     */
    public Builder maxBatchSize(int size) {
      request.setMaxBatchSize(size);
      return this;
    }

    /**
     * Bounds how long a change waits for others to come with it.
     *
     * @param delay how long
     * @return this
     */
    public Builder maxDelay(Duration delay) {
      request.setMaxDelay(Durations.fromNanos(delay.toNanos()));
      return this;
    }

    /**
     * Lets the stream begin where of each page only the last change is kept.
     *
     * @return this
     */
    public Builder allowCompacted() {
      request.setAllowCompacted(true);
      return this;
    }

    /**
     * What was said.
     *
     * @return the filter
     */
    public Changes build() {
      return new Changes(request.build());
    }
  }
}
