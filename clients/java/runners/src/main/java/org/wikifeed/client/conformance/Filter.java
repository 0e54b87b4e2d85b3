package org.wikifeed.client.conformance;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import org.wikifeed.client.Changes;
import org.wikifeed.v1.EventType;

/** Which changes. */
final class Filter {
  String[] projects = {};
  long[] namespaces = {};
  String[] languages = {};

  @SerializedName("event_types")
  List<String> eventTypes = List.of();

  @SerializedName("page_ids")
  long[] pageIds = {};

  void sayTo(Changes.Builder changes) {
    changes
        .projects(projects)
        .namespaces(namespaces)
        .languages(languages)
        .eventTypes(
            eventTypes.stream()
                .map(each -> EventType.valueOf("EVENT_TYPE_" + each))
                .toArray(EventType[]::new))
        .pageIds(pageIds);
  }
}
