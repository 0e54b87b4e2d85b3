package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.wikifeed.v1.SnapshotState.SNAPSHOT_STATE_FAILED;
import static org.wikifeed.v1.SnapshotState.SNAPSHOT_STATE_READY;

import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.wikifeed.v1.Article;

class SnapshotsTest {
  private static final SnapshotKind KIND = SnapshotKind.of("enwiki", 0);

  @TempDir Path folder;
  private final MadeUpSnapshots snapshots = new MadeUpSnapshots();
  private final MadeUpLog log = new MadeUpLog(snapshots.calls);
  private final Names sink = new Names();
  private final MadeUpServer server = new MadeUpServer(snapshots, log);
  private final Client client = server.client;
  private final AsyncClient later = server.later;

  /** A sink that has the name of each page. */
  private static final class Names implements Sink {
    private final Map<Long, String> pages = new TreeMap<>();
    private OptionalLong through = OptionalLong.empty();

    @Override
    public OptionalLong position() {
      return through;
    }

    @Override
    public void begin() {
      pages.clear();
      through = OptionalLong.empty();
    }

    @Override
    public void write(List<Update> updates, OptionalLong throughOffset) {
      for (Update update : updates) {
        if (update instanceof Update.Put put) {
          pages.put(put.article().getIdentifier(), put.article().getName());
        } else if (update instanceof Update.Remove gone) {
          pages.remove(gone.pageId());
        }
      }
      through = throughOffset;
    }
  }

  @AfterEach
  void disconnect() {
    server.close();
  }

  private Mirror mirrorUntil(long offset) {
    return Mirror.of("enwiki", folder).until(offset);
  }

  private static WikifeedException failureOf(Executable later) {
    return assertInstanceOf(
        WikifeedException.class, assertThrows(CompletionException.class, later).getCause());
  }

  @Test
  void aSnapshotThatIsMadeIsWaitedFor() {
    snapshots.madeOffset = 45;
    assertEquals(45, client.createSnapshot(KIND, 0).getOffset());
    assertEquals(List.of("CreateSnapshot", "GetSnapshot 45", "GetSnapshot 45"), snapshots.calls);
    assertEquals(45, later.createSnapshot(KIND, 0).join().getOffset());
  }

  @Test
  void aSnapshotThatCouldNotBeWrittenIsToldAsOneThatIsNotReady() {
    snapshots.madeOffset = 45;
    snapshots.madeState = SNAPSHOT_STATE_FAILED;
    var options = ExportOptions.defaults();
    for (WikifeedException error :
        List.of(
            assertThrows(WikifeedException.class, () -> client.createSnapshot(KIND, 0)),
            assertThrows(
                WikifeedException.class, () -> client.export(KIND.identifier(), folder, options)),
            failureOf(() -> later.createSnapshot(KIND, 0).join()),
            failureOf(() -> later.export(KIND.identifier(), folder, options).join()))) {
      assertEquals(Code.FAILED_PRECONDITION, error.code());
      assertEquals("SNAPSHOT_NOT_READY", error.reason());
      assertEquals("writing enwiki_namespace_0 failed: the disk is full", error.detail());
    }
  }

  @Test
  void anExportWaitsForTheSnapshotAndTakesTheOneThatItWaitedFor() {
    snapshots.has(40, 1, SNAPSHOT_STATE_READY);
    Export exported = client.export(KIND.identifier(), folder, ExportOptions.defaults());
    try (ItemStream<Article> articles = exported.articles()) {
      assertEquals(List.of("As of 40"), articles.stream().map(Article::getName).toList());
    }
    assertEquals(List.of("GetSnapshot 0", "GetSnapshot 40", "ExportSnapshot 40"), snapshots.calls);
  }

  @Test
  void aMirrorTakesTheSnapshotThatTheLogJustReaches() {
    snapshots.has(40, 0, SNAPSHOT_STATE_READY);
    log.oldest = 41;
    client.mirror(mirrorUntil(42), sink);
    assertEquals(Map.of(40L, "As of 40", 42L, "At 42"), sink.pages);
    assertEquals(OptionalLong.of(42), sink.position());
    assertEquals(
        List.of(
            "GetSnapshot 0",
            "GetChangeLogInfo",
            "GetSnapshot 40",
            "ExportSnapshot 40",
            "StreamChanges 40"),
        snapshots.calls);
  }

  @Test
  void aMirrorOfAnotherNamespaceTakesItsSnapshotAndNotWhatChangesInTheMainOne() {
    snapshots.has(40, 0, SNAPSHOT_STATE_READY);
    client.mirror(mirrorUntil(41).inNamespace(14), sink);
    assertEquals("enwiki_namespace_14", snapshots.asked);
    assertEquals(Map.of(40L, "As of 40"), sink.pages);
    Mirror whole = Mirror.of("enwiki", folder).inNamespace(14).beginningAgain().until(41);
    assertEquals(new Mirror("enwiki", 14, folder, 41, true), whole);
  }

  @Test
  void aMirrorHasASnapshotMadeBeforeItFetchesAnythingOfOneThatIsTooOld() {
    snapshots.has(40, 0, SNAPSHOT_STATE_READY);
    snapshots.madeOffset = 45;
    log.oldest = 42;
    later.mirror(mirrorUntil(46), sink).join();
    assertEquals(Map.of(45L, "As of 45", 46L, "At 46"), sink.pages);
    assertEquals(
        List.of("GetSnapshot 0", "GetChangeLogInfo", "CreateSnapshot"),
        snapshots.calls.subList(0, 3));
    assertEquals(1, snapshots.calls.stream().filter(call -> call.startsWith("Export")).count());
  }

  @Test
  void aMirrorWaitsForASnapshotThatIsBeingWrittenAndReplacesOneThatFailed() {
    snapshots.has(40, 2, SNAPSHOT_STATE_READY);
    client.mirror(mirrorUntil(41), sink);
    assertEquals(Map.of(40L, "As of 40", 41L, "At 41"), sink.pages);
    sink.begin();
    snapshots.calls.clear();
    snapshots.has(40, 0, SNAPSHOT_STATE_FAILED);
    snapshots.madeOffset = 45;
    client.mirror(mirrorUntil(46), sink);
    assertEquals(Map.of(45L, "As of 45", 46L, "At 46"), sink.pages);
    assertEquals(List.of("GetSnapshot 0", "CreateSnapshot"), snapshots.calls.subList(0, 2));
  }

  @Test
  void aMirrorHasASnapshotMadeWhereThereIsNoneAndNotWhereSomethingElseIsMissing() {
    snapshots.missing = "PROJECT_NOT_FOUND";
    var error = assertThrows(NotFoundException.class, () -> client.mirror(mirrorUntil(46), sink));
    assertEquals("PROJECT_NOT_FOUND", error.reason());
    assertEquals(List.of("GetSnapshot 0"), snapshots.calls);
    snapshots.missing = "SNAPSHOT_NOT_FOUND";
    snapshots.madeOffset = 45;
    client.mirror(mirrorUntil(46), sink);
    assertEquals(Map.of(45L, "As of 45", 46L, "At 46"), sink.pages);
  }

  @Test
  void aMirrorThatStoodStillForTooLongSaysSoOrBeginsAgain() {
    snapshots.has(40, 0, SNAPSHOT_STATE_READY);
    client.mirror(mirrorUntil(41), sink);
    log.oldest = 44;
    snapshots.madeOffset = 45;
    assertThrows(CursorExpiredException.class, () -> client.mirror(mirrorUntil(46), sink));
    assertInstanceOf(
        CursorExpiredException.class, failureOf(() -> later.mirror(mirrorUntil(46), sink).join()));
    assertEquals(Map.of(40L, "As of 40", 41L, "At 41"), sink.pages);
    assertEquals(OptionalLong.of(41), sink.position());
    client.mirror(Mirror.of("enwiki", folder).beginningAgain().until(46), sink);
    assertEquals(Map.of(45L, "As of 45", 46L, "At 46"), sink.pages);
    assertEquals(OptionalLong.of(46), sink.position());
    log.oldest = 60;
    snapshots.madeOffset = 61;
    later.mirror(mirrorUntil(62).beginningAgain(), sink).join();
    assertEquals(Map.of(61L, "As of 61", 62L, "At 62"), sink.pages);
  }
}
