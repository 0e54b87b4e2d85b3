package org.wikifeed.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * An offset in a file of its own, which is replaced in one step: a crash leaves the old one or the
 * next.
 */
public final class FileCheckpoint implements CheckpointStore {
  private final Path path;

  /**
   * A checkpoint in a file, which need not be there.
   *
   * @param path the file
   */
  public FileCheckpoint(Path path) {
    this.path = path.toAbsolutePath();
  }

  /** {@inheritDoc} Throws {@link StoreException} when the file holds no offset. */
  @Override
  public OptionalLong load() {
    String text;
    try {
      text = Files.readString(path, StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException error) {
      return OptionalLong.empty();
    } catch (IOException error) {
      throw new StoreException("reading " + path + " failed", error);
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException error) {
      throw new StoreException(path + " holds no offset", error);
    }
  }

  @Override
  public void save(long offset) {
    Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (FileChannel file =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer text = ByteBuffer.wrap((offset + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
          file.write(text);
        }
        file.force(true);
      }
      Folders.rename(fresh, path);
    } catch (IOException error) {
      throw new StoreException("writing " + path + " failed", error);
    }
  }
}
