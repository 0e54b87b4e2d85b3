package org.wikifeed.client;

import java.time.Instant;
import java.util.Optional;

/**
 * What was asked for is not there. The reason says what: ARTICLE_NOT_FOUND, ARTICLE_DELETED,
 * PROJECT_NOT_FOUND...
 */
public final class NotFoundException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  /** When the page was deleted; null where it was not. */
  private final Instant deletedAt;

  /** What was looked for. */
  private final String resourceName;

  NotFoundException(Failure failure, Instant deletedAt, String resourceName) {
    super(failure);
    this.deletedAt = deletedAt;
    this.resourceName = resourceName;
  }

  /**
   * When the page was deleted.
   *
   * @return the time; empty where it was not deleted
   */
  public Optional<Instant> deletedAt() {
    return Optional.ofNullable(deletedAt);
  }

  /**
   * What was looked for.
   *
   * @return its name; empty where the server told none
   */
  public String resourceName() {
    return resourceName;
  }
}
