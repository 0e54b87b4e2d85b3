package org.wikifeed.client;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.wikifeed.v1.Article;

/** Articles out of a snapshot's files, one after the other, without unpacking them to the disk. */
public final class Articles {
  private static final int READ_BYTES = 1 << 17;

  private Articles() {}

  /**
   * The articles in .tar.gz, .gz, .zst and .ndjson files, in order.
   *
   * <p>Going through them throws {@code UncheckedIOException} for a file that is cut short, and
   * {@link StoreException} for a line that is no article. Files of .zst need {@code
   * com.github.luben:zstd-jni}.
   *
   * @param files the files
   * @return the articles; close them
   */
  public static ItemStream<Article> read(Path... files) {
    return read(Arrays.asList(files));
  }

  /**
   * The same.
   *
   * @param files the files
   * @return the articles; close them
   */
  public static ItemStream<Article> read(List<Path> files) {
    Lines lines = new Lines(files);
    return new ItemStream<>() {
      @Override
      Article advance() {
        String line = lines.advance();
        return line == null ? null : ArticleJson.parse(line);
      }

      @Override
      void finish() {
        lines.finish();
      }
    };
  }

  /**
   * The same as the lines of JSON that they are, which is several times as fast.
   *
   * @param files the files
   * @return the lines; close them
   */
  public static ItemStream<String> readLines(List<Path> files) {
    return new Lines(files);
  }

  /**
   * The article of one JSON object as Enterprise and snapshots have it. Fields that are not known
   * are dropped.
   *
   * @param json the object
   * @return the article
   */
  public static Article parse(String json) {
    return ArticleJson.parse(json);
  }

  private static InputStream unpacked(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!name.matches(".*\\.(gz|zst|ndjson)")) {
      throw new IllegalArgumentException(file + " is no file of NDJSON");
    }
    InputStream bytes = Files.newInputStream(file);
    try {
      if (name.endsWith(".tar.gz")) {
        return new TarReader(new GZIPInputStream(bytes, READ_BYTES));
      }
      if (name.endsWith(".gz")) {
        return new GZIPInputStream(bytes, READ_BYTES);
      }
      return name.endsWith(".zst") ? Zstd.unpacked(bytes) : bytes;
    } catch (IOException | NoClassDefFoundError error) {
      bytes.close();
      throw error;
    }
  }

  /**
   * What needs zstd-jni, in a class of its own: Java loads it when a file of .zst is read, and not
   * before.
   */
  private static final class Zstd {
    static InputStream unpacked(InputStream bytes) throws IOException {
      return new ZstdInputStream(bytes);
    }
  }

  private static final class Lines extends ItemStream<String> {
    private final Iterator<Path> files;
    private BufferedReader lines;

    Lines(List<Path> files) {
      this.files = List.copyOf(files).iterator();
    }

    @Override
    String advance() {
      try {
        while (lines != null || files.hasNext()) {
          if (lines == null) {
            InputStream bytes = unpacked(files.next());
            lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
          }
          String line = lines.readLine();
          if (line == null) {
            finish();
          } else if (!line.isBlank()) {
            return line;
          }
        }
        return null;
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }

    @Override
    void finish() {
      if (lines != null) {
        try {
          lines.close();
        } catch (IOException error) {
          throw new UncheckedIOException(error);
        } finally {
          lines = null;
        }
      }
    }
  }
}
