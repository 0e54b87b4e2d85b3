package org.wikifeed.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotState;

/** One mirror: a snapshot, then every change from its offset on. */
final class Mirroring {
  private static final String NO_SNAPSHOT = "SNAPSHOT_NOT_FOUND";
  private static final int AT_ONCE = 500;
  // Snapshots hold whole articles without these, which are a content of their own.
  private static final Set<String> STRUCTURED =
      Set.of("infoboxes", "sections", "references", "tables", "links");
  private static final String[] FIELDS =
      Article.getDescriptor().getFields().stream()
          .map(FieldDescriptor::getName)
          .filter(name -> !STRUCTURED.contains(name))
          .toArray(String[]::new);

  private final Client client;
  private final Mirror mirror;
  private final Sink sink;

  Mirroring(Client client, Mirror mirror, Sink sink) {
    this.client = client;
    this.mirror = mirror;
    this.sink = sink;
  }

  void run() {
    OptionalLong known = sink.position();
    while (true) {
      long after = known.isPresent() ? known.getAsLong() : fill();
      try {
        follow(after);
        return;
      } catch (CursorExpiredException error) {
        if (!mirror.beginsAgain()) {
          throw error;
        }
        known = OptionalLong.empty();
      }
    }
  }

  /** Write every change after an offset into the sink. */
  private void follow(long after) {
    // All namespaces: a page that moves out of the one that is mirrored is seen to leave it.
    Changes changes =
        Changes.builder()
            .projects(mirror.project())
            .readMask(FIELDS)
            .untilOffset(mirror.untilOffset())
            .build();
    try (ChangeStream stream = client.changes(changes, Start.after(after))) {
      for (ChangeBatch batch : stream.batches()) {
        List<Update> updates =
            batch.changes().stream().map(change -> Update.of(change, mirror.namespace())).toList();
        sink.write(updates, OptionalLong.of(batch.throughOffset()));
      }
    }
  }

  /** Have the sink hold a snapshot; its offset. */
  private long fill() {
    Snapshot snapshot = snapshot();
    long offset = snapshot.getOffset();
    ExportOptions options = ExportOptions.defaults().withOffset(offset);
    Export exported = client.export(snapshot.getIdentifier(), mirror.folder(), options);
    sink.begin();
    try (ItemStream<Article> articles = exported.articles()) {
      List<Update> waiting = new ArrayList<>();
      for (Article article : articles) {
        waiting.add(new Update.Put(article, offset));
        if (waiting.size() == AT_ONCE) {
          sink.write(List.copyOf(waiting), OptionalLong.empty());
          waiting.clear();
        }
      }
      sink.write(List.copyOf(waiting), OptionalLong.of(offset));
    }
    exported.files().forEach(Mirroring::delete);
    return offset;
  }

  /** The newest snapshot where it is usable, else one that is made. */
  private Snapshot snapshot() {
    SnapshotKind kind = SnapshotKind.of(mirror.project(), mirror.namespace());
    try {
      Snapshot newest = client.snapshot(kind.identifier(), 0).getSnapshot();
      if (isUsable(newest)) {
        return newest;
      }
    } catch (NotFoundException error) {
      if (!error.reason().equals(NO_SNAPSHOT)) {
        throw error;
      }
    }
    return client.createSnapshot(kind, 0);
  }

  /** Whether a snapshot is whole or will be, and the log has every change after it. */
  private boolean isUsable(Snapshot snapshot) {
    return snapshot.getState() != SnapshotState.SNAPSHOT_STATE_FAILED
        && snapshot.getOffset() + 1 >= client.changeLog().getOldestOffset();
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException error) {
      throw new UncheckedIOException("deleting " + file + " failed", error);
    }
  }
}
