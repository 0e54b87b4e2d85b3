package org.wikifeed.client;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.wikifeed.v1.Article;

/**
 * Articles in a table of a SQL database, SQLite by default: {@code article(identifier, name,
 * changed, data)}, {@code data} the serialized {@code Article}.
 *
 * <p>Updates and the offset are one transaction: killed at any point, the mirror goes on without
 * loss or repeat. The connection is the caller's; nothing else may be in a transaction on it.
 */
public final class SqlSink implements Sink {
  private final Connection database;

  /**
   * The sink in a database; its tables are made where there are none.
   *
   * @param database a connection, without automatic commits from here on
   */
  public SqlSink(Connection database) {
    this.database = database;
    try (Statement statement = database.createStatement()) {
      database.setAutoCommit(false);
      statement.execute(
          "CREATE TABLE IF NOT EXISTS article (identifier BIGINT PRIMARY KEY,"
              + " name VARCHAR(1024) NOT NULL, changed BIGINT NOT NULL, data BLOB NOT NULL)");
      statement.execute("CREATE INDEX IF NOT EXISTS article_name ON article (name)");
      statement.execute("CREATE TABLE IF NOT EXISTS mirror (through_offset BIGINT NOT NULL)");
      database.commit();
    } catch (SQLException error) {
      throw new StoreException("making the mirror's tables failed", error);
    }
  }

  @Override
  public OptionalLong position() {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("SELECT through_offset FROM mirror")) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    } catch (SQLException error) {
      throw new StoreException("reading how far the mirror is failed", error);
    }
  }

  @Override
  public void begin() {
    transaction(
        () -> {
          execute("DELETE FROM mirror");
          execute("DELETE FROM article");
        });
  }

  @Override
  public void write(List<Update> updates, OptionalLong throughOffset) {
    transaction(
        () -> {
          for (Update update : updates) {
            write(update);
          }
          if (throughOffset.isPresent()) {
            execute("DELETE FROM mirror");
            execute("INSERT INTO mirror VALUES (" + throughOffset.getAsLong() + ")");
          }
        });
  }

  /**
   * The article of a title.
   *
   * @param name the title
   * @return the article; empty where there is none
   */
  public Optional<Article> get(String name) {
    try (PreparedStatement statement =
        database.prepareStatement("SELECT data FROM article WHERE name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(Article.parseFrom(row.getBytes(1))) : Optional.empty();
      }
    } catch (SQLException | InvalidProtocolBufferException error) {
      throw new StoreException("reading the article " + name + " failed", error);
    }
  }

  private void write(Update update) throws SQLException {
    long pageId =
        update instanceof Update.Put put
            ? put.article().getIdentifier()
            : ((Update.Remove) update).pageId();
    try (PreparedStatement remove =
        database.prepareStatement("DELETE FROM article WHERE identifier = ?")) {
      remove.setLong(1, pageId);
      remove.executeUpdate();
    }
    if (update instanceof Update.Put put) {
      try (PreparedStatement insert =
          database.prepareStatement("INSERT INTO article VALUES (?, ?, ?, ?)")) {
        insert.setLong(1, pageId);
        insert.setString(2, put.article().getName());
        insert.setLong(3, put.offset());
        insert.setBytes(4, put.article().toByteArray());
        insert.executeUpdate();
      }
    }
  }

  private void execute(String words) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(words);
    }
  }

  private void transaction(Work work) {
    try {
      work.run();
      database.commit();
    } catch (SQLException | RuntimeException error) {
      try {
        database.rollback();
      } catch (SQLException second) {
        error.addSuppressed(second);
      }
      throw new StoreException("writing the mirror failed", error);
    }
  }

  private interface Work {
    void run() throws SQLException;
  }
}
