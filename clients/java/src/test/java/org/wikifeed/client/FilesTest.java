package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.EventType;
import org.wikifeed.v1.Namespace;

class FilesTest {
  @TempDir Path folder;

  private static byte[] gzipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
      packing.write(bytes);
    }
    return packed.toByteArray();
  }

  /** A tar archive of these texts, gzipped. */
  private static byte[] archive(String... texts) throws IOException {
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      byte[] header = new byte[512];
      header[0] = 'x';
      byte[] size = String.format("%011o", content.length).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(size, 0, header, 124, size.length);
      header[156] = '0';
      blocks.write(header);
      blocks.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
    }
    blocks.write(new byte[1024]);
    return gzipped(blocks.toByteArray());
  }

  private List<String> names(String file, byte[] content) throws IOException {
    Path path = folder.resolve(file);
    Files.write(path, content);
    try (ItemStream<Article> articles = Articles.read(path)) {
      return articles.stream().map(Article::getName).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void articlesComeOutOfAllFilesOfAnArchive() throws IOException {
    byte[] content = archive("{\"name\":\"A\"}\n{\"name\":\"B\"}\n", "", "{\"name\":\"\u00c7\"}\n");
    assertEquals(List.of("A", "B", "\u00c7"), names("x.tar.gz", content));
  }

  @Test
  void theLastLineOfAFileNeedsNoEnd() throws IOException {
    List<String> expected = List.of("A", "B");
    assertEquals(expected, names("x.tar.gz", archive("{\"name\":\"A\"}", "{\"name\":\"B\"}")));
    byte[] lines = bytes("{\"name\":\"A\"}\n{\"name\":\"B\"}");
    assertEquals(expected, names("x.ndjson", lines));
    assertEquals(expected, names("x.ndjson.gz", gzipped(lines)));
    assertEquals(expected, names("x.ndjson.zst", Zstd.compress(lines)));
  }

  @Test
  void aFileThatIsCutShortIsAnError() throws IOException {
    String lines = "{\"name\":\"A\"}\n".repeat(5000);
    for (var file :
        Map.of(
                "x.tar.gz", archive(lines),
                "x.ndjson.gz", gzipped(bytes(lines)),
                "x.ndjson.zst", Zstd.compress(bytes(lines)))
            .entrySet()) {
      byte[] half = Arrays.copyOf(file.getValue(), file.getValue().length / 2);
      assertThrows(UncheckedIOException.class, () -> names(file.getKey(), half), file.getKey());
    }
  }

  @Test
  void plainGzippedAndZstdFilesAreReadAndOthersAreNot() throws IOException {
    byte[] line = bytes("{\"name\":\"A\"}\n\n");
    assertEquals(List.of("A"), names("x.ndjson", line));
    assertEquals(List.of("A"), names("x.ndjson.gz", gzipped(line)));
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.write(Zstd.compress(line));
    frames.write(Zstd.compress(line));
    assertEquals(List.of("A", "A"), names("x.ndjson.zst", frames.toByteArray()));
    assertThrows(IllegalArgumentException.class, () -> names("x.parquet", bytes("PAR1")));
  }

  @Test
  void jsonBecomesTheContractsArticle() {
    Article article =
        Articles.parse(
            "{\"name\":\"Moon\",\"identifier\":19331,\"date_modified\":\"2026-01-02T03:04:05Z\","
                + "\"unheard_of\":[1],\"tables\":[{\"rows\":[[{\"value\":\"a\","
                + "\"nested_table\":{\"rows\":[[{\"value\":\"b\"}]]}}]]}]}");
    assertEquals("Moon", article.getName());
    assertEquals(1_767_323_045, article.getDateModified().getSeconds());
    var nested = article.getTables(0).getRows(0).getCells(0).getNestedTable();
    assertEquals("b", nested.getRows(0).getCells(0).getValue());
    assertThrows(StoreException.class, () -> Articles.parse("[1]"));
    assertThrows(StoreException.class, () -> Articles.parse("{"));
  }

  @Test
  void aFileHoldsTheOffsetThatWasSavedLast() throws IOException {
    FileCheckpoint checkpoint = new FileCheckpoint(folder.resolve("offset"));
    assertEquals(OptionalLong.empty(), checkpoint.load());
    for (long offset : new long[] {7, Long.MAX_VALUE}) {
      checkpoint.save(offset);
      assertEquals(OptionalLong.of(offset), checkpoint.load());
    }
    Files.writeString(folder.resolve("offset"), "a poem");
    String words = assertThrows(RuntimeException.class, checkpoint::load).getMessage();
    assertTrue(words.contains("offset"), words);
  }

  @Test
  void anOffsetAndWhatItStandsForAreOneTransaction() throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      database.setAutoCommit(false);
      SqlCheckpoint checkpoint = new SqlCheckpoint(database, "index");
      checkpoint.save(5);
      checkpoint.put(9);
      database.rollback();
      assertEquals(OptionalLong.of(5), checkpoint.load());
      assertEquals(OptionalLong.empty(), new SqlCheckpoint(database, "other").load());
    }
  }

  @Test
  void aSinkHasUpdatesAndTheirOffsetAtOnceOrNeither() throws SQLException {
    try (Connection database = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      SqlSink sink = new SqlSink(database);
      assertEquals(OptionalLong.empty(), sink.position());
      Article ada = Article.newBuilder().setIdentifier(7).setName("Ada").setUrl("u").build();
      sink.write(List.of(new Update.Put(ada, 3)), OptionalLong.of(3));
      assertEquals(OptionalLong.of(3), sink.position());
      assertEquals(Optional.of(ada), sink.get("Ada"));
      List<Update> broken = Arrays.asList(new Update.Remove(7, 4), null);
      assertThrows(RuntimeException.class, () -> sink.write(broken, OptionalLong.of(4)));
      assertEquals(OptionalLong.of(3), sink.position());
      sink.write(List.of(new Update.Remove(7, 4)), OptionalLong.of(4));
      assertEquals(Optional.empty(), sink.get("Ada"));
      sink.begin();
      assertEquals(OptionalLong.empty(), sink.position());
    }
  }

  @Test
  void whatAChangeIsToAMirrorOfOneNamespace() {
    Article article = Article.newBuilder().setIdentifier(7).build();
    Article elsewhere =
        article.toBuilder().setNamespace(Namespace.newBuilder().setIdentifier(14)).build();
    Change.Builder change = Change.newBuilder().setOffset(3).setArticle(article);
    Update gone = new Update.Remove(7, 3);
    assertEquals(new Update.Put(article, 3), Update.of(change.build(), 0));
    assertEquals(gone, Update.of(change.clone().setArticle(elsewhere).build(), 0));
    assertEquals(gone, Update.of(change.clone().setRedirectTarget("Elsewhere").build(), 0));
    assertEquals(
        gone, Update.of(change.clone().setEventType(EventType.EVENT_TYPE_DELETE).build(), 0));
  }

  @Test
  void onlyAddressesOfThisMachineAreSpokenToOpenly() {
    for (String address : List.of("localhost:50051", "127.0.0.1:1", "[::1]:50051")) {
      assertTrue(ClientBuilder.isThisMachine(address), address);
    }
    for (String address : List.of("feed.example.org:443", "127.0.0.1.example.org:443")) {
      assertTrue(!ClientBuilder.isThisMachine(address), address);
    }
  }
}
