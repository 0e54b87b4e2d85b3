package org.wikifeed.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.wikifeed.client.MadeUpArticles.ARTICLE;
import static org.wikifeed.client.MadeUpArticles.MATCH;

import com.google.protobuf.FieldMask;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.GetArticleRequest;
import org.wikifeed.v1.GetStructuredContentsRequest;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.LookupArticlesRequest;

class OnDemandTest {
  private static final FieldMask NAME = FieldMask.newBuilder().addPaths("name").build();

  private final MadeUpArticles articles = new MadeUpArticles();
  private final MadeUpServer server = new MadeUpServer(articles);
  private final Client client = server.client;
  private final AsyncClient later = server.later;

  @AfterEach
  void disconnect() {
    server.close();
  }

  @Test
  void anArticleIsAskedForAsItIsAndAsOfARevision() {
    PageKey key = PageKey.title("enwiki", "Anarchism");
    assertEquals(ARTICLE, client.get(key));
    assertEquals(ARTICLE, client.get(key, 77, "name"));
    assertEquals(ARTICLE, later.get(key, 77, "name").join());
    GetArticleRequest newest =
        GetArticleRequest.newBuilder().setProject("enwiki").setTitle("Anarchism").build();
    GetArticleRequest named = newest.toBuilder().setRevisionId(77).setReadMask(NAME).build();
    assertEquals(List.of(newest, named, named), articles.requests);
  }

  @Test
  void structuredContentsAreAskedForAsTheyAreAndAsOfARevision() {
    PageKey key = PageKey.id("enwiki", 12);
    assertEquals(ARTICLE, client.structured(key, "name"));
    assertEquals(ARTICLE, client.structured(key, 77, "name"));
    assertEquals(ARTICLE, later.structured(key, 77).join());
    GetStructuredContentsRequest newest =
        GetStructuredContentsRequest.newBuilder()
            .setProject("enwiki")
            .setPageId(12)
            .setReadMask(NAME)
            .build();
    GetStructuredContentsRequest named = newest.toBuilder().setRevisionId(77).build();
    assertEquals(
        List.of(newest, named, named.toBuilder().clearReadMask().build()), articles.requests);
  }

  @Test
  void aTitleIsLookedUpEverywhereAndWhereARequestSays() {
    LookupArticlesRequest everywhere =
        LookupArticlesRequest.newBuilder().setTitle("Anarchism").build();
    LookupArticlesRequest german = everywhere.toBuilder().addLanguages("de").setLimit(5).build();
    assertEquals(List.of(MATCH), client.lookup("Anarchism"));
    assertEquals(List.of(MATCH), client.lookup(german));
    assertEquals(List.of(MATCH), later.lookup("Anarchism").join());
    assertEquals(List.of(MATCH), later.lookup(german).join());
    assertEquals(List.of(everywhere, german, everywhere, german), articles.requests);
  }

  @Test
  void aProjectIsListedWithTheFieldsThatAreNamed() {
    try (ItemStream<Article> found = client.list("enwiki", "name")) {
      assertEquals(List.of(ARTICLE), found.stream().toList());
    }
    Collecting<Article> collecting = new Collecting<>();
    later.list("enwiki", "name").subscribe(collecting);
    assertEquals(List.of(ARTICLE), collecting.items.join());
    ListArticlesRequest named =
        ListArticlesRequest.newBuilder().setProject("enwiki").setReadMask(NAME).build();
    assertEquals(List.of(named, named), articles.requests);
  }
}
