package org.wikifeed.client;

import java.util.List;

/** The request itself is wrong; the same request never succeeds. */
public final class InvalidRequestException extends WikifeedException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  InvalidRequestException(Failure failure, List<Violation> violations) {
    super(failure);
    this.violations = List.copyOf(violations);
  }

  /**
   * The fields that are wrong.
   *
   * @return one for each; none where the server named none
   */
  public List<Violation> violations() {
    return violations;
  }

  /**
   * One field of a request that is wrong.
   *
   * @param field its dotted path
   * @param description what is wrong with it
   */
  public record Violation(String field, String description) {}
}
