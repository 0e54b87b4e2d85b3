package org.wikifeed.client.conformance;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.wikifeed.client.Sink;
import org.wikifeed.client.Update;

/** The offset at which each page last came, and through which the mirror is whole, kept in a file of JSON. */
final class MirroredPages implements Sink {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private final Path path;
  private Content content = new Content();

  /** What the file holds. */
  private static final class Content {
    Long through;
    Map<Long, Long> pages = new TreeMap<>();
  }

  MirroredPages(Path path) throws IOException {
    this.path = path;
    if (Files.exists(path)) {
      content = GSON.fromJson(Files.readString(path), Content.class);
    }
  }

  @Override
  public OptionalLong position() {
    return content.through == null ? OptionalLong.empty() : OptionalLong.of(content.through);
  }

  @Override
  public void begin() {
    content = new Content();
  }

  @Override
  public void write(List<Update> updates, OptionalLong throughOffset) {
    for (Update update : updates) {
      if (update instanceof Update.Put put) {
        content.pages.put(put.article().getIdentifier(), put.offset());
      } else if (update instanceof Update.Remove gone) {
        content.pages.remove(gone.pageId());
      }
    }
    throughOffset.ifPresent(offset -> content.through = offset);
    try {
      Files.writeString(path, GSON.toJson(content));
    } catch (IOException error) {
      throw new UncheckedIOException("writing " + path + " failed", error);
    }
  }
}
