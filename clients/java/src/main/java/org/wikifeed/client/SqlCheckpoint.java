package org.wikifeed.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/**
 * An offset in a table of the caller's database, under a name: SQLite, or any that JDBC reaches.
 */
public final class SqlCheckpoint implements CheckpointStore {
  private final Connection connection;
  private final String name;

  /**
   * A checkpoint in the table {@code wikifeed_checkpoint}, which is made where it is not there.
   *
   * @param connection the caller's connection
   * @param name the checkpoint's name
   */
  public SqlCheckpoint(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS wikifeed_checkpoint"
              + " (name VARCHAR(255) PRIMARY KEY, \"offset\" BIGINT NOT NULL)");
    } catch (SQLException error) {
      throw new StoreException("making the table of checkpoints failed", error);
    }
  }

  @Override
  public OptionalLong load() {
    String query = "SELECT \"offset\" FROM wikifeed_checkpoint WHERE name = ?";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException error) {
      throw new StoreException("reading the checkpoint " + name + " failed", error);
    }
  }

  /**
   * Writes the offset into the transaction that is open, and leaves the commit to the caller.
   *
   * @param offset the offset
   */
  public void put(long offset) {
    try {
      String change = "UPDATE wikifeed_checkpoint SET \"offset\" = ? WHERE name = ?";
      if (write(change, offset) == 0) {
        write("INSERT INTO wikifeed_checkpoint (\"offset\", name) VALUES (?, ?)", offset);
      }
    } catch (SQLException error) {
      throw new StoreException("writing the checkpoint " + name + " failed", error);
    }
  }

  /**
   * {@inheritDoc} Commits, with it all that the caller wrote over the connection and did not
   * commit.
   */
  @Override
  public void save(long offset) {
    put(offset);
    try {
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException error) {
      throw new StoreException("committing the checkpoint " + name + " failed", error);
    }
  }

  private int write(String words, long offset) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(words)) {
      statement.setLong(1, offset);
      statement.setString(2, name);
      return statement.executeUpdate();
    }
  }
}
