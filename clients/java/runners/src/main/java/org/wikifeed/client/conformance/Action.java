package org.wikifeed.client.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.wikifeed.client.Changes;
import org.wikifeed.client.ExportOptions;
import org.wikifeed.client.FileCheckpoint;
import org.wikifeed.client.Mirror;
import org.wikifeed.client.PageKey;
import org.wikifeed.client.SnapshotKind;
import org.wikifeed.client.Start;
import org.wikifeed.client.SubscribeOptions;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.ListUsageRequest;
import org.wikifeed.v1.LookupArticlesRequest;
import org.wikifeed.v1.SnapshotContent;
import org.wikifeed.v1.SnapshotFormat;

/** One thing to do; which of the parameters it has is told by what it does. */
final class Action {
  /** The name of the file that mirrors are kept in. */
  static final String MIRROR = "mirror.json";
  static final String SNAPSHOT = "snapshot";

  @SerializedName("do")
  String what;

  String project;
  String title;
  List<String> titles = List.of();

  @SerializedName("page_id")
  long pageId;

  @SerializedName("page_ids")
  List<Long> pageIds = List.of();

  @SerializedName("revision_id")
  Long revisionId;

  @SerializedName("read_mask")
  List<String> readMask = List.of();

  @SerializedName("page_size")
  int pageSize;

  JsonElement start;
  int take;
  Filter filter;
  Options options;
  long until;
  String checkpoint;
  String name;
  JsonElement acknowledge;
  Integer credit;
  String identifier;
  String hour;
  List<String> projects = List.of();
  List<String> languages = List.of();
  List<Long> namespaces = List.of();
  long namespace;
  int limit;
  long offset;
  String content = "JSON";
  String format = "NDJSON_TAR_GZ";

  @SerializedName("chunk_size_bytes")
  long chunkSizeBytes;

  @SerializedName("on_expired")
  String onExpired = "raise";

  @SerializedName("first_day")
  String firstDay = "";

  @SerializedName("last_day")
  String lastDay = "";

  String[] fields() {
    return readMask.toArray(String[]::new);
  }

  PageKey key() {
    return title == null ? PageKey.id(project, pageId) : PageKey.title(project, title);
  }

  List<PageKey> keys() {
    return Stream.concat(
            titles.stream().map(each -> PageKey.title(project, each)),
            pageIds.stream().map(each -> PageKey.id(project, each)))
        .toList();
  }

  LookupArticlesRequest lookup() {
    return LookupArticlesRequest.newBuilder()
        .setTitle(title)
        .addAllProjects(projects)
        .addAllLanguages(languages)
        .addAllNamespaces(namespaces)
        .setLimit(limit)
        .setReadMask(mask())
        .build();
  }

  ListArticlesRequest list() {
    return ListArticlesRequest.newBuilder()
        .setProject(project)
        .setPageSize(pageSize)
        .addAllNamespaces(namespaces)
        .setReadMask(mask())
        .build();
  }

  private FieldMask mask() {
    return FieldMask.newBuilder().addAllPaths(readMask).build();
  }

  Changes changes() {
    Changes.Builder changes = Changes.builder().untilOffset(until);
    if (filter != null) {
      filter.sayTo(changes);
    }
    if (options != null) {
      options.sayTo(changes);
    }
    return changes.build();
  }

  Start start() {
    if (start.isJsonPrimitive()) {
      return start.getAsString().equals("oldest") ? Start.OLDEST : Start.NEWEST;
    }
    JsonObject place = start.getAsJsonObject();
    return place.has("after")
        ? Start.after(place.get("after").getAsLong())
        : Start.since(Instant.parse(place.get("since").getAsString()));
  }

  SubscribeOptions subscribing() {
    SubscribeOptions.Builder subscribing = SubscribeOptions.builder();
    if (start != null) {
      subscribing.start(start());
    }
    if (credit != null) {
      subscribing.credit(credit);
    }
    if (filter != null || options != null) {
      subscribing.changes(changes());
    }
    if (options != null && options.maxUnacknowledged != null) {
      subscribing.maxUnacknowledged(options.maxUnacknowledged);
    }
    return subscribing.build();
  }

  String[] projects() {
    return projects.toArray(String[]::new);
  }

  String[] languages() {
    return languages.toArray(String[]::new);
  }

  SnapshotKind kind() {
    return new SnapshotKind(
        project,
        namespace,
        SnapshotContent.valueOf("SNAPSHOT_CONTENT_" + content),
        SnapshotFormat.valueOf("SNAPSHOT_FORMAT_" + format));
  }

  ExportOptions exporting() {
    return ExportOptions.defaults().withOffset(offset);
  }

  Mirror mirror(Path folder) {
    Mirror mirror =
        Mirror.of(project, folder.resolve(SNAPSHOT)).inNamespace(namespace).until(until);
    return onExpired.equals("begin_again") ? mirror.beginningAgain() : mirror;
  }

  MirroredPages sink(Path folder) throws IOException {
    return new MirroredPages(folder.resolve(MIRROR));
  }

  ListUsageRequest usage() {
    return ListUsageRequest.newBuilder().setFirstDay(firstDay).setLastDay(lastDay).build();
  }

  Instant hour() {
    return Instant.parse(hour);
  }

  ListBatchesRequest batches() {
    ListBatchesRequest.Builder request =
        ListBatchesRequest.newBuilder().addAllProjects(projects).addAllNamespaces(namespaces);
    if (hour != null) {
      request.setHour(Timestamp.newBuilder().setSeconds(hour().getEpochSecond()));
    }
    return request.build();
  }

  FileCheckpoint checkpoint(Path folder) {
    return new FileCheckpoint(folder.resolve(checkpoint));
  }

  boolean isAcknowledged(int number) {
    if (acknowledge == null || acknowledge.isJsonPrimitive()) {
      return true;
    }
    return acknowledge.getAsJsonArray().asList().stream().anyMatch(each -> each.getAsInt() == number);
  }
}
