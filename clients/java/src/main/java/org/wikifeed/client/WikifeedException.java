package org.wikifeed.client;

import io.grpc.Status;
import java.util.Map;

/** Base of all errors of this package, and what a call ends with that has no class of its own. */
public class WikifeedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failed call told. */
  private final transient Failure failure;

  WikifeedException(Failure failure) {
    super(failure.text());
    this.failure = failure;
  }

  WikifeedException(Failure failure, Throwable cause) {
    super(failure.text(), cause);
    this.failure = failure;
  }

  /**
   * The status of gRPC.
   *
   * @return the code
   */
  public Status.Code code() {
    return failure.code();
  }

  /**
   * The server's stable name for what went wrong: "ARTICLE_NOT_FOUND".
   *
   * @return the reason; empty where the server named none
   */
  public String reason() {
    return failure.reason();
  }

  /**
   * What the server said, without the reason.
   *
   * @return the words
   */
  public String detail() {
    return failure.message();
  }

  /**
   * What belongs to the reason.
   *
   * @return names and values
   */
  public Map<String, String> metadata() {
    return failure.metadata();
  }

  /**
   * The call's id in the server's log.
   *
   * @return the id; empty where the server told none
   */
  public String requestId() {
    return failure.requestId();
  }
}
