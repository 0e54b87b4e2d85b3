package org.wikifeed.client;

/** The version of this package. */
final class Version {
  static final String TEXT = "0.1.0";

  private Version() {}
}
