package org.wikifeed.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contents of the files in a tar archive, one after the other, as one stream of bytes; an end
 * of line follows each, for the last line of a file may have none.
 */
final class TarReader extends InputStream {
  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int KIND_AT = 156;
  private static final Pattern PAX_SIZE = Pattern.compile("(?:^|\n)[0-9]+ size=([0-9]+)\n");

  private final InputStream archive;
  private long left;
  private long padding;
  private boolean isInFile;
  private boolean isAtEnd;

  TarReader(InputStream archive) {
    this.archive = archive;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (left == 0 && !isAtEnd) {
      if (isInFile) {
        isInFile = false;
        bytes[offset] = '\n';
        return 1;
      }
      openNext();
    }
    if (isAtEnd) {
      return -1;
    }
    int count = archive.read(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("the archive is cut short");
    }
    left -= count;
    isInFile = true;
    return count;
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }

  private void openNext() throws IOException {
    archive.skipNBytes(padding);
    padding = 0;
    long announced = -1;
    while (true) {
      byte[] header = block();
      if (header[0] == 0 && header[KIND_AT] == 0) {
        isAtEnd = true;
        return;
      }
      long size = announced >= 0 ? announced : number(header);
      padding = (BLOCK - size % BLOCK) % BLOCK;
      char kind = (char) header[KIND_AT];
      if (kind == '0' || kind == '\0') {
        left = size;
        return;
      }
      announced = kind == 'x' ? announcedSize(size) : skipFully(size);
      archive.skipNBytes(padding);
      padding = 0;
    }
  }

  private byte[] block() throws IOException {
    byte[] header = archive.readNBytes(BLOCK);
    if (header.length < BLOCK) {
      throw new EOFException("the archive is cut short");
    }
    return header;
  }

  /** The size of the next file, where the extended header says it. */
  private long announcedSize(long length) throws IOException {
    String records = new String(archive.readNBytes((int) length), StandardCharsets.UTF_8);
    Matcher found = PAX_SIZE.matcher(records);
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  private long skipFully(long length) throws IOException {
    archive.skipNBytes(length);
    return -1;
  }

  /** A size: octal digits or, where the first bit is set, the number itself. */
  private static long number(byte[] header) throws IOException {
    if ((header[SIZE_AT] & 0x80) != 0) {
      long value = 0;
      for (int place = SIZE_AT + SIZE_LENGTH - 8; place < SIZE_AT + SIZE_LENGTH; place++) {
        value = value << 8 | header[place] & 0xFF;
      }
      return value;
    }
    String digits = new String(header, SIZE_AT, SIZE_LENGTH, StandardCharsets.US_ASCII);
    String plain = digits.replace('\0', ' ').strip();
    if (!plain.matches("[0-7]*")) {
      throw new IOException("this is no tar archive");
    }
    return plain.isEmpty() ? 0 : Long.parseLong(plain, 8);
  }
}
