package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.ListUsageRequest;

class HourlyTest {
  private static final Batch BATCH = MadeUpBatches.batch(0);
  private static final int PIECE = MadeUpBatches.PIECE;

  @TempDir Path folder;
  private final MadeUpBatches batches = new MadeUpBatches();
  private final MadeUpAccount account = new MadeUpAccount();
  private final MadeUpServer server = new MadeUpServer(batches, account);
  private final Client client = server.client;
  private final AsyncClient later = server.later;

  @AfterEach
  void disconnect() {
    server.close();
  }

  private Path part() {
    String sum = BATCH.getSha256().substring(0, 16);
    return folder.resolve("." + BATCH.getFileName() + "." + sum + ".part");
  }

  private List<String> namesInFolder() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void batchesAreListedPageAfterPage() {
    ListBatchesRequest request =
        ListBatchesRequest.newBuilder().addProjects("enwiki").addNamespaces(0).build();
    List<Batch> expected = List.of(BATCH, MadeUpBatches.batch(2));
    try (ItemStream<Batch> found = client.batches(request)) {
      assertEquals(expected, found.stream().toList());
    }
    assertEquals(
        Stream.of("", "1", "2")
            .map(token -> request.toBuilder().setPageToken(token).build())
            .toList(),
        batches.lists);
    Collecting<Batch> collecting = new Collecting<>();
    later.batches("enwiki").subscribe(collecting);
    assertEquals(expected, collecting.items.join());
    assertEquals(List.of("enwiki"), batches.lists.get(5).getProjectsList());
  }

  @Test
  void aBatchIsToldByAMomentOfItsHour() {
    var moment = MadeUpBatches.NEWEST.minusSeconds(1800);
    Batch before = MadeUpBatches.batch(1);
    assertEquals(before, client.batch(moment, MadeUpBatches.IDENTIFIER));
    assertEquals(before, later.batch(moment, MadeUpBatches.IDENTIFIER).join());
    var error = assertThrows(NotFoundException.class, () -> client.batch(moment, "none"));
    assertEquals("BATCH_NOT_FOUND", error.reason());
    assertThrows(CompletionException.class, () -> later.batch(moment, "none").join());
  }

  @Test
  void aBatchIsFetchedBehindWhatLiesInTheFolder() throws IOException {
    Files.write(part(), Arrays.copyOf(MadeUpBatches.CONTENT, 2 * PIECE));
    List<ExportProgress> told = new ArrayList<>();
    Path file = client.exportBatch(BATCH, folder, told::add);
    assertEquals(folder.resolve(BATCH.getFileName()), file);
    assertArrayEquals(MadeUpBatches.CONTENT, Files.readAllBytes(file));
    assertEquals(List.of(BATCH.getFileName()), namesInFolder());
    long size = BATCH.getSizeBytes();
    assertEquals(
        Stream.of(2L * PIECE, 3L * PIECE, 4L * PIECE, 5L * PIECE, size)
            .map(done -> new ExportProgress(done, size, BATCH.getFileName()))
            .toList(),
        told);
    client.exportBatch(BATCH, folder);
    assertEquals(List.of(2L * PIECE), batches.positions);
  }

  @Test
  void aBatchIsFetchedOverCutsAndWhatIsDamagedIsAskedForAgain() throws IOException {
    batches.cuts = 1;
    Path file = client.exportBatch(BATCH, folder);
    assertArrayEquals(MadeUpBatches.CONTENT, Files.readAllBytes(file));
    batches.damages = 1;
    file = later.exportBatch(BATCH, folder.resolve("deeper")).join();
    assertArrayEquals(MadeUpBatches.CONTENT, Files.readAllBytes(file));
    assertEquals(List.of(0L, 2L * PIECE, 0L, 1L * PIECE), batches.positions);
  }

  @Test
  void bytesThatStayDamagedGetNoName() throws IOException {
    batches.damages = 100;
    assertThrows(DamagedDataException.class, () -> client.exportBatch(BATCH, folder));
    assertEquals(List.of(0L, 1L * PIECE, 1L * PIECE), batches.positions);
    batches.damages = 0;
    batches.isAnother = true;
    assertThrows(DamagedDataException.class, () -> client.exportBatch(BATCH, folder));
    assertEquals(List.of(part().getFileName().toString()), namesInFolder());
    assertFalse(Files.exists(folder.resolve(BATCH.getFileName())));
  }

  @Test
  void anAccountIsToldWithWhatItUsed() {
    account.absences = 1;
    var found = client.account();
    assertEquals("ada", found.getAccount().getUsername());
    assertEquals(7, found.getLeft().getOnDemand());
    assertEquals(found, later.account().join());
  }

  @Test
  void usageIsToldByDay() {
    account.absences = 1;
    LocalDate first = LocalDate.of(2026, 1, 5);
    LocalDate last = LocalDate.of(2026, 1, 31);
    assertEquals(List.of(MadeUpAccount.DAY), client.usage());
    assertEquals(List.of(MadeUpAccount.DAY), client.usage(first, last));
    assertEquals(List.of(MadeUpAccount.DAY), later.usage(first, last).join());
    ListUsageRequest since = ListUsageRequest.newBuilder().setFirstDay("2026-01-05").build();
    assertEquals(List.of(MadeUpAccount.DAY), client.usage(since));
    assertEquals(List.of(MadeUpAccount.DAY), later.usage(since).join());
    ListUsageRequest named = since.toBuilder().setLastDay("2026-01-31").build();
    var unnamed = ListUsageRequest.getDefaultInstance();
    assertEquals(List.of(unnamed, unnamed, named, named, since, since), account.usages);
    assertTrue(account.absences < 0);
  }
}
