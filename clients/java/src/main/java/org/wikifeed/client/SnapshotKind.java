package org.wikifeed.client;

import org.wikifeed.v1.CreateSnapshotRequest;
import org.wikifeed.v1.SnapshotContent;
import org.wikifeed.v1.SnapshotFormat;

/**
 * Which snapshot of a project's namespace.
 *
 * @param project the project's identifier
 * @param namespace the namespace's number
 * @param content what it holds of each article
 * @param format the form of its files
 */
public record SnapshotKind(
    String project, long namespace, SnapshotContent content, SnapshotFormat format) {

  /**
   * Whole articles as JSON in .tar.gz files.
   *
   * @param project the project's identifier
   * @param namespace the namespace's number
   * @return the kind
   */
  public static SnapshotKind of(String project, long namespace) {
    return new SnapshotKind(
        project,
        namespace,
        SnapshotContent.SNAPSHOT_CONTENT_JSON,
        SnapshotFormat.SNAPSHOT_FORMAT_NDJSON_TAR_GZ);
  }

  /**
   * The identifier that the server gives snapshots of this kind.
   *
   * @return "enwiki_namespace_0", or with endings
   */
  public String identifier() {
    String ofContent =
        switch (content) {
          case SNAPSHOT_CONTENT_WIKITEXT -> "_wikitext";
          case SNAPSHOT_CONTENT_HTML -> "_html";
          case SNAPSHOT_CONTENT_STRUCTURED -> "_structured";
          default -> "";
        };
    String ofFormat =
        switch (format) {
          case SNAPSHOT_FORMAT_NDJSON_ZST -> "_zst";
          case SNAPSHOT_FORMAT_PARQUET -> "_parquet";
          default -> "";
        };
    return project + "_namespace_" + namespace + ofContent + ofFormat;
  }

  CreateSnapshotRequest creation(long chunkSizeBytes) {
    return CreateSnapshotRequest.newBuilder()
        .setProject(project)
        .setNamespace(namespace)
        .setContent(content)
        .setFormat(format)
        .setChunkSizeBytes(chunkSizeBytes)
        .build();
  }
}
