package org.wikifeed.client;

/** No answer came within the deadline. */
public final class DeadlineExceededException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  DeadlineExceededException(Failure failure) {
    super(failure);
  }
}
