package org.wikifeed.client;

import io.grpc.Status;
import java.util.Map;

/** What a call ended with, before it is an error of the tree. */
record Failure(
    String message,
    Status.Code code,
    String reason,
    Map<String, String> metadata,
    String requestId) {

  static Failure of(String message, Status.Code code) {
    return new Failure(message, code, "", Map.of(), "");
  }

  String text() {
    return message + " (" + (reason.isEmpty() ? code.name() : reason) + ")";
  }
}
