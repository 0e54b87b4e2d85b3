package org.wikifeed.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.wikifeed.client.ExportPlan.ServedFile;
import org.wikifeed.v1.ExportSnapshotResponse;

/**
 * One file of an export on its way into a folder.
 *
 * <p>Promises: (1) the file has its name only when it is whole and its SHA-256 is what the server
 * said; until then it is a hidden ".part", named after that sum, so that parts of two exports never
 * mix. (2) A piece whose CRC-32C is wrong, or that is not the next one, is not written. (3) What
 * lies in the folder is not fetched again, after a cut as after a restart.
 */
final class ChunkFile<Q> implements AutoCloseable {
  private static final int READ_BYTES = 1 << 20;
  private static final int TRIES = 20;
  private static final int DAMAGED_TRIES = 3;
  private static final int REJECTED_FILES = 2;

  private final Path path;
  private final Path part;
  private final ServedFile<Q> served;
  private final Backoff backoff;
  private MessageDigest digest = sha256();
  private FileChannel writing;
  private byte[] buffer = new byte[0];
  private volatile long position;
  private int damaged;
  private int rejected;

  ChunkFile(Path folder, ServedFile<Q> served, Reconnecting options) {
    String name = served.name();
    if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\")) {
      throw new DamagedDataException(
          "the server names a file \"" + name + "\", which is no plain file name");
    }
    this.path = folder.resolve(name);
    String sum = served.sha256();
    this.part =
        folder.resolve("." + name + "." + sum.substring(0, Math.min(16, sum.length())) + ".part");
    this.served = served;
    this.backoff = new Backoff(options);
  }

  Path path() {
    return path;
  }

  long position() {
    return position;
  }

  long sizeBytes() {
    return served.sizeBytes();
  }

  boolean isFull() {
    return position == sizeBytes();
  }

  /** Take up what lies in the folder; whether the file is there whole. */
  boolean look() throws IOException {
    if (Files.exists(path) && Files.size(path) == sizeBytes() && takeUp(path)) {
      return true;
    }
    if (Files.exists(part) && Files.size(part) <= sizeBytes()) {
      takeUp(part);
    } else {
      beginAnew();
    }
    return false;
  }

  /** What asks for the bytes that are missing. */
  Q request() {
    return served.request().apply(position);
  }

  /** Write a piece. Throws when it is not the next one, or not what its sum says. */
  void add(ExportSnapshotResponse piece) throws IOException {
    ByteString data = piece.getData();
    if (piece.getChunkNumber() != served.number() || piece.getPosition() != position) {
      throw damage("a piece of another place came than byte " + position);
    }
    if (buffer.length < data.size()) {
      buffer = new byte[data.size()];
    }
    data.copyTo(buffer, 0);
    CRC32C sum = new CRC32C();
    sum.update(buffer, 0, data.size());
    if (sum.getValue() != Integer.toUnsignedLong(piece.getCrc32C())) {
      throw damage("the piece at byte " + position + " is damaged");
    }
    if (position + data.size() > sizeBytes()) {
      throw damage("more came than its " + sizeBytes() + " bytes");
    }
    append(ByteBuffer.wrap(buffer, 0, data.size()));
    digest.update(buffer, 0, data.size());
    position += data.size();
    if (!data.isEmpty()) {
      backoff.reset();
      damaged = 0;
    }
  }

  /**
   * Give the file its name once all of it is there; whether it is. One that is damaged is fetched
   * anew; throws when it is damaged again.
   */
  boolean finish() throws IOException {
    if (!isFull()) {
      return false;
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(served.sha256())) {
      beginAnew();
      rejected++;
      if (rejected == REJECTED_FILES) {
        throw damage("its SHA-256 is not what the server says");
      }
      return false;
    }
    opened().force(true);
    close();
    Folders.rename(part, path);
    return true;
  }

  /**
   * How long to wait before the next call, after one that ended with {@code error}. Throws what
   * stays.
   */
  Duration failed(WikifeedException error) {
    if (backoff.tries() >= TRIES) {
      throw error;
    }
    return backoff.after(error);
  }

  /** The same after damaged bytes. Throws {@code error} when that was so several times in a row. */
  Duration damaged(DamagedDataException error) {
    damaged++;
    if (damaged >= DAMAGED_TRIES) {
      throw error;
    }
    return backoff.next();
  }

  /** The same after a call that ended without an error; no wait when all has come. */
  Duration ended() {
    return isFull() ? Duration.ZERO : failed(Failures.unavailable("the export ended early"));
  }

  @Override
  public void close() throws IOException {
    if (writing != null) {
      writing.close();
      writing = null;
    }
  }

  private FileChannel opened() throws IOException {
    if (writing == null) {
      writing =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
    return writing;
  }

  private void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      opened().write(bytes);
    }
  }

  /** Continue the sum over a file's bytes; whether it is that of the whole. */
  private boolean takeUp(Path file) throws IOException {
    digest = sha256();
    position = 0;
    byte[] block = new byte[READ_BYTES];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int read = bytes.read(block); read > 0; read = bytes.read(block)) {
        digest.update(block, 0, read);
        position += read;
      }
    }
    return HexFormat.of().formatHex(copy(digest).digest()).equals(served.sha256());
  }

  private void beginAnew() throws IOException {
    close();
    Files.deleteIfExists(part);
    Files.createFile(part);
    digest = sha256();
    position = 0;
  }

  private DamagedDataException damage(String what) {
    return new DamagedDataException(path.getFileName() + ": " + what);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException error) {
      throw new IllegalStateException(error);
    }
  }
}
