package org.wikifeed.examples;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.wikifeed.client.ChangeBatch;
import org.wikifeed.client.Changes;
import org.wikifeed.client.Client;
import org.wikifeed.client.ExportOptions;
import org.wikifeed.client.ItemStream;
import org.wikifeed.client.SnapshotKind;
import org.wikifeed.client.SqlCheckpoint;
import org.wikifeed.client.Start;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.EventType;
import org.wikifeed.v1.Part;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.SnapshotContent;
import org.wikifeed.v1.SnapshotFormat;

/**
 * Fills a full-text index with the passages of a project's articles, keeps it current, and finds in it what a search
 * page or a language model would be given.
 */
public final class SearchIndex {
  /** {@code section} is the path of headings that leads to the passage. */
  private static final List<String> TABLES =
      List.of(
          "CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(title, section, text, url UNINDEXED)",
          "CREATE TABLE IF NOT EXISTS page_passage"
              + " (page INTEGER, passage INTEGER, PRIMARY KEY (page, passage)) WITHOUT ROWID");

  private static final String FIND =
      "SELECT title, section, snippet(passage, 2, '[', ']', '...', 24), url FROM passage"
          + " WHERE passage MATCH ? ORDER BY rank LIMIT 5";
  private static final String FORGET_PASSAGES =
      "DELETE FROM passage WHERE rowid IN (SELECT passage FROM page_passage WHERE page = ?)";

  private final Connection index;
  private final SqlCheckpoint place;

  private SearchIndex(Connection index) throws SQLException {
    this.index = index;
    index.setAutoCommit(false);
    try (Statement statement = index.createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
    place = new SqlCheckpoint(index, "passages");
    index.commit();
  }

  /** The arguments: "fill" HOST:PORT PROJECT FILE, each of which may be missing, or "find" FILE WORD ... */
  public static void main(String[] words) throws SQLException {
    boolean fills = words.length > 0 && words[0].equals("fill");
    if (!fills && !(words.length > 2 && words[0].equals("find"))) {
      System.err.println("usage: fill [HOST:PORT [PROJECT [FILE]]] | find FILE WORD ...");
      System.exit(2);
    }
    String file = fills ? (words.length > 3 ? words[3] : "search.db") : words[1];
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      SearchIndex index = new SearchIndex(database);
      if (fills) {
        String server = words.length > 1 ? words[1] : "localhost:50051";
        index.fill(server, words.length > 2 ? words[2] : "enwiki", Path.of(file + ".snapshot"));
      } else {
        index.find(Arrays.copyOfRange(words, 2, words.length));
      }
    }
  }

  private void fill(String server, String project, Path folder) throws SQLException {
    try (Client client = Client.connect(server)) {
      OptionalLong known = place.load();
      long after = known.isPresent() ? known.getAsLong() : load(client, project, folder);
      Changes wanted =
          Changes.builder()
              .projects(project)
              .readMask("name", "identifier", "url", "namespace", "sections")
              .build();
      try (var changes = client.changes(wanted, Start.after(after))) {
        for (ChangeBatch batch : changes.batches()) {
          for (Change change : batch.changes()) {
            replace(change);
          }
          // What changes make of the index and their offset are one transaction: each counts exactly once.
          place.save(batch.throughOffset());
          System.out.println(
              batch.changes().size() + " changes, through offset " + batch.throughOffset());
        }
      }
    }
  }

  /** Put a snapshot into the empty index; the offset as of which it is. */
  private long load(Client client, String project, Path folder) throws SQLException {
    SnapshotKind kind =
        new SnapshotKind(
            project,
            0,
            SnapshotContent.SNAPSHOT_CONTENT_STRUCTURED,
            SnapshotFormat.SNAPSHOT_FORMAT_NDJSON_TAR_GZ);
    Snapshot snapshot = client.createSnapshot(kind, 0);
    ExportOptions options = ExportOptions.defaults().withOffset(snapshot.getOffset());
    var exported = client.export(kind.identifier(), folder, options);
    try (ItemStream<Article> articles = exported.articles()) {
      for (Article article : articles) {
        put(article);
      }
    }
    place.save(snapshot.getOffset());
    System.out.println(
        snapshot.getArticlesCount() + " articles at offset " + snapshot.getOffset());
    return snapshot.getOffset();
  }

  private void replace(Change change) throws SQLException {
    Article article = change.getArticle();
    for (String words : List.of(FORGET_PASSAGES, "DELETE FROM page_passage WHERE page = ?")) {
      try (PreparedStatement forget = index.prepareStatement(words)) {
        forget.setLong(1, article.getIdentifier());
        forget.executeUpdate();
      }
    }
    boolean isThere =
        change.getEventType() != EventType.EVENT_TYPE_DELETE
            && change.getRedirectTarget().isEmpty();
    if (isThere && article.getNamespace().getIdentifier() == 0) {
      put(article);
    }
  }

  private void put(Article article) throws SQLException {
    List<String[]> passages =
        article.getSectionsList().stream().flatMap(part -> passages(part, "")).toList();
    for (String[] passage : passages) {
      String words = "INSERT INTO passage VALUES (?, ?, ?, ?)";
      try (PreparedStatement insert = index.prepareStatement(words)) {
        insert.setString(1, article.getName());
        insert.setString(2, passage[0]);
        insert.setString(3, passage[1]);
        insert.setString(4, article.getUrl());
        insert.executeUpdate();
      }
      words = "INSERT INTO page_passage VALUES (?, last_insert_rowid())";
      try (PreparedStatement remember = index.prepareStatement(words)) {
        remember.setLong(1, article.getIdentifier());
        remember.executeUpdate();
      }
    }
  }

  /** The passages of a section and of those within it: the headings that lead there, and the text. */
  private static Stream<String[]> passages(Part section, String above) {
    String path = above.isEmpty() ? section.getName() : above + " > " + section.getName();
    return section.getHasPartsList().stream()
        .flatMap(
            part -> {
              if (part.getType().equals("section")) {
                return passages(part, path);
              }
              String text = text(part);
              return text.isEmpty() ? Stream.empty() : Stream.of(new String[][] {{path, text}});
            });
  }

  private static String text(Part part) {
    return Stream.concat(
            Stream.of(part.getValue()), part.getHasPartsList().stream().map(SearchIndex::text))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private void find(String[] words) throws SQLException {
    String query =
        Arrays.stream(words)
            .map(word -> '"' + word.replace("\"", "") + '"')
            .collect(Collectors.joining(" "));
    try (PreparedStatement statement = index.prepareStatement(FIND)) {
      statement.setString(1, query);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          System.out.println(row.getString(1) + " > " + row.getString(2));
          System.out.println("  " + row.getString(3).replace('\n', ' '));
          System.out.println("  " + row.getString(4));
        }
      }
    }
  }
}
