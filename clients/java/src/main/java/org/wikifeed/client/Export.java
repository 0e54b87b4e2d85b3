package org.wikifeed.client;

import java.nio.file.Path;
import java.util.List;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Snapshot;

/**
 * A snapshot that is in a folder.
 *
 * @param snapshot the snapshot
 * @param files its files, in the order of their pages
 */
public record Export(Snapshot snapshot, List<Path> files) {
  /**
   * The articles in the files, without unpacking them to the disk.
   *
   * @return the articles; close them
   */
  public ItemStream<Article> articles() {
    return Articles.read(files);
  }
}
