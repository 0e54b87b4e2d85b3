package org.wikifeed.client.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.wikifeed.client.Changes;
import org.wikifeed.client.FileCheckpoint;
import org.wikifeed.client.Mirror;
import org.wikifeed.client.PageKey;
import org.wikifeed.client.SnapshotKind;
import org.wikifeed.client.Start;
import org.wikifeed.client.SubscribeOptions;
import org.wikifeed.v1.EventType;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListBatchesRequest;
import org.wikifeed.v1.ListUsageRequest;

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

  @SerializedName("read_mask")
  List<String> readMask = List.of();

  @SerializedName("page_size")
  int pageSize;

  JsonElement start;
  int take;
  Filter filter = new Filter();
  long until;
  String checkpoint;
  String name;
  JsonElement acknowledge;
  Integer credit;
  String identifier;
  String hour;
  List<String> projects = List.of();
  List<String> languages = List.of();
  long namespace;

  @SerializedName("on_expired")
  String onExpired = "raise";

  @SerializedName("first_day")
  String firstDay = "";

  @SerializedName("last_day")
  String lastDay = "";

  /** Which changes. */
  static final class Filter {
    String[] projects = {};
    long[] namespaces = {};
    String[] languages = {};

    @SerializedName("event_types")
    List<String> eventTypes = List.of();

    @SerializedName("page_ids")
    long[] pageIds = {};
  }

  String[] fields() {
    return readMask.toArray(String[]::new);
  }

  PageKey key() {
    return title == null ? PageKey.id(project, pageId) : PageKey.title(project, title);
  }

  List<PageKey> keys() {
    return titles.stream().map(each -> PageKey.title(project, each)).toList();
  }

  ListArticlesRequest list() {
    return ListArticlesRequest.newBuilder().setProject(project).setPageSize(pageSize).build();
  }

  Changes changes() {
    EventType[] types =
        filter.eventTypes.stream()
            .map(each -> EventType.valueOf("EVENT_TYPE_" + each))
            .toArray(EventType[]::new);
    return Changes.builder()
        .projects(filter.projects)
        .namespaces(filter.namespaces)
        .languages(filter.languages)
        .eventTypes(types)
        .pageIds(filter.pageIds)
        .untilOffset(until)
        .build();
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

  SubscribeOptions options() {
    SubscribeOptions.Builder options = SubscribeOptions.builder();
    if (start != null) {
      options.start(start());
    }
    if (credit != null) {
      options.credit(credit);
    }
    return options.build();
  }

  String[] projects() {
    return projects.toArray(String[]::new);
  }

  String[] languages() {
    return languages.toArray(String[]::new);
  }

  SnapshotKind kind() {
    return SnapshotKind.of(project, namespace);
  }

  Mirror mirror(Path folder) {
    Mirror mirror = Mirror.of(project, folder.resolve(SNAPSHOT)).until(until);
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
    ListBatchesRequest.Builder request = ListBatchesRequest.newBuilder().addAllProjects(projects);
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
