package org.wikifeed.client;

/** The account's plan does not allow this; {@code metadata().get("plan")} names it. */
public final class PermissionDeniedException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  PermissionDeniedException(Failure failure) {
    super(failure);
  }
}
