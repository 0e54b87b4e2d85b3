package org.wikifeed.client;

import com.google.protobuf.FieldMask;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.wikifeed.v1.ArticleKey;
import org.wikifeed.v1.BatchGetArticlesRequest;
import org.wikifeed.v1.GetArticleRequest;
import org.wikifeed.v1.GetBatchRequest;
import org.wikifeed.v1.GetSnapshotRequest;
import org.wikifeed.v1.GetStructuredContentsRequest;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListProjectsRequest;
import org.wikifeed.v1.ListUsageRequest;
import org.wikifeed.v1.LookupArticlesRequest;

/** Arguments as the contract's requests. */
final class Requests {
  private Requests() {}

  static GetArticleRequest get(PageKey key, String... fields) {
    GetArticleRequest.Builder request = GetArticleRequest.newBuilder().setProject(key.project());
    if (key instanceof PageKey.ByTitle named) {
      request.setTitle(named.title());
    } else if (key instanceof PageKey.ById numbered) {
      request.setPageId(numbered.pageId());
    }
    if (fields.length > 0) {
      request.setReadMask(mask(fields));
    }
    return request.build();
  }

  static GetArticleRequest get(PageKey key, long revisionId, String... fields) {
    return get(key, fields).toBuilder().setRevisionId(revisionId).build();
  }

  static GetStructuredContentsRequest structured(PageKey key, String... fields) {
    GetStructuredContentsRequest.Builder request =
        GetStructuredContentsRequest.newBuilder().setProject(key.project());
    if (key instanceof PageKey.ByTitle named) {
      request.setTitle(named.title());
    } else if (key instanceof PageKey.ById numbered) {
      request.setPageId(numbered.pageId());
    }
    if (fields.length > 0) {
      request.setReadMask(mask(fields));
    }
    return request.build();
  }

  static GetStructuredContentsRequest structured(PageKey key, long revisionId, String... fields) {
    return structured(key, fields).toBuilder().setRevisionId(revisionId).build();
  }

  static BatchGetArticlesRequest batchGet(List<PageKey> keys, String... fields) {
    BatchGetArticlesRequest.Builder request = BatchGetArticlesRequest.newBuilder();
    for (PageKey key : keys) {
      ArticleKey.Builder named = ArticleKey.newBuilder().setProject(key.project());
      if (key instanceof PageKey.ByTitle title) {
        named.setTitle(title.title());
      } else if (key instanceof PageKey.ById numbered) {
        named.setPageId(numbered.pageId());
      }
      request.addKeys(named);
    }
    if (fields.length > 0) {
      request.setReadMask(mask(fields));
    }
    return request.build();
  }

  static LookupArticlesRequest lookup(String title) {
    return LookupArticlesRequest.newBuilder().setTitle(title).build();
  }

  static ListArticlesRequest list(String project, String... fields) {
    ListArticlesRequest.Builder request = ListArticlesRequest.newBuilder().setProject(project);
    if (fields.length > 0) {
      request.setReadMask(mask(fields));
    }
    return request.build();
  }

  static GetSnapshotRequest snapshot(String identifier, long offset) {
    return GetSnapshotRequest.newBuilder().setIdentifier(identifier).setOffset(offset).build();
  }

  static GetBatchRequest batch(Instant hour, String identifier) {
    return GetBatchRequest.newBuilder()
        .setHour(Changes.timestamp(hour))
        .setIdentifier(identifier)
        .build();
  }

  static ListProjectsRequest projects(String... languages) {
    return ListProjectsRequest.newBuilder().addAllLanguages(Arrays.asList(languages)).build();
  }

  static ListUsageRequest usage(LocalDate firstDay, LocalDate lastDay) {
    return ListUsageRequest.newBuilder()
        .setFirstDay(firstDay.toString())
        .setLastDay(lastDay.toString())
        .build();
  }

  static FieldMask mask(String... fields) {
    return FieldMask.newBuilder().addAllPaths(Arrays.asList(fields)).build();
  }
}
