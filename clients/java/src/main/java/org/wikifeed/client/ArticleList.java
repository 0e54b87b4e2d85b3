package org.wikifeed.client;

import java.util.Collections;
import java.util.Iterator;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.ArticleServiceGrpc;
import org.wikifeed.v1.ListArticlesRequest;
import org.wikifeed.v1.ListArticlesResponse;

/** The articles of a project, page after page. */
final class ArticleList extends ItemStream<Article> {
  private final Connection connection;
  private ListArticlesRequest request;
  private Iterator<Article> page = Collections.emptyIterator();

  ArticleList(Connection connection, ListArticlesRequest request) {
    this.connection = connection;
    this.request = request;
  }

  @Override
  Article advance() {
    while (!page.hasNext() && request != null) {
      ListArticlesResponse answer =
          connection.ask(ArticleServiceGrpc.getListArticlesMethod(), request);
      page = answer.getArticlesList().iterator();
      String token = answer.getNextPageToken();
      request = token.isEmpty() ? null : request.toBuilder().setPageToken(token).build();
    }
    return page.hasNext() ? page.next() : null;
  }
}
