package org.wikifeed.examples;

import java.nio.file.Path;
import org.wikifeed.client.Changes;
import org.wikifeed.client.Client;
import org.wikifeed.client.FileCheckpoint;
import org.wikifeed.client.Start;
import org.wikifeed.v1.Change;

/** Prints each change of a project, for ever, and keeps in a file how far it is: the next run goes on there. */
public final class PrintChanges {
  private PrintChanges() {}

  /** The arguments: HOST:PORT, PROJECT, FILE; each may be missing. */
  public static void main(String[] words) {
    String server = words.length > 0 ? words[0] : "localhost:50051";
    String project = words.length > 1 ? words[1] : "enwiki";
    Path file = Path.of(words.length > 2 ? words[2] : "changes.offset");

    Changes wanted = Changes.builder().projects(project).noBody().build();
    try (Client client = Client.connect(server);
        var changes = client.changes(wanted, Start.OLDEST, new FileCheckpoint(file))) {
      for (Change change : changes) {
        String event = change.getEventType().name().replace("EVENT_TYPE_", "");
        System.out.println(
            change.getOffset() + " " + event + " " + change.getArticle().getName());
      }
    }
  }
}
