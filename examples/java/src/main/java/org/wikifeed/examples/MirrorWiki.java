package org.wikifeed.examples;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.wikifeed.client.Client;
import org.wikifeed.client.Mirror;
import org.wikifeed.client.Sink;
import org.wikifeed.client.SqlSink;
import org.wikifeed.client.Update;

/**
 * Keeps a project's articles in a SQLite database: all of a snapshot first, then each change, in one transaction with
 * its offset. So each counts exactly once, however often this is killed.
 */
public final class MirrorWiki {
  private MirrorWiki() {}

  /** The arguments: HOST:PORT, PROJECT, FILE; each may be missing. */
  public static void main(String[] words) throws SQLException {
    String server = words.length > 0 ? words[0] : "localhost:50051";
    String project = words.length > 1 ? words[1] : "enwiki";
    String file = words.length > 2 ? words[2] : "mirror.db";

    try (Client client = Client.connect(server);
        Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Mirror mirror = Mirror.of(project, Path.of(file + ".snapshot")).beginningAgain();
      client.mirror(mirror, new Told(new SqlSink(database)));
    }
  }

  /** A sink that tells what goes into another. */
  private record Told(Sink sink) implements Sink {
    @Override
    public OptionalLong position() {
      return sink.position();
    }

    @Override
    public void begin() {
      sink.begin();
    }

    @Override
    public void write(List<Update> updates, OptionalLong throughOffset) {
      sink.write(updates, throughOffset);
      String through = throughOffset.isPresent() ? "" + throughOffset.getAsLong() : "none yet";
      System.out.println(updates.size() + " updates, through offset " + through);
    }
  }
}
