package org.wikifeed.client;

import java.util.concurrent.ThreadFactory;

/** Threads that end with the program. */
final class Workers {
  private Workers() {}

  static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
