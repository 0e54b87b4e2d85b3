package org.wikifeed.client;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Names in folders that outlive a crash. */
final class Folders {
  private static final boolean CAN_SYNC =
      !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private Folders() {}

  /** Give a file another name in the same folder, in one step, and have the disk know it. */
  static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // Windows opens no folders, and has no need to.
    if (CAN_SYNC) {
      try (FileChannel folder = FileChannel.open(to.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }
}
