package org.wikifeed.client;

/** A checkpoint, a sink or a file could not be read or written on this side. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Tells what failed, and why.
   *
   * @param message what
   * @param cause why
   */
  public StoreException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }

  /**
   * Tells what is wrong.
   *
   * @param message what
   */
  public StoreException(String message) {
    super(message);
  }
}
