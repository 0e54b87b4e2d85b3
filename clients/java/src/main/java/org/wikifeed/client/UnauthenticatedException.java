package org.wikifeed.client;

/** No key or token was shown where one is needed, or one that is not good, or not any more. */
public final class UnauthenticatedException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  UnauthenticatedException(Failure failure) {
    super(failure);
  }
}
