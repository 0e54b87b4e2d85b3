package org.wikifeed.client;

import org.wikifeed.v1.Article;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.EventType;

/** What happened to a page of a mirror. */
public sealed interface Update {
  /**
   * As of which offset: the change's, or the snapshot's.
   *
   * @return the offset
   */
  long offset();

  /**
   * The page has this article.
   *
   * @param article the article
   * @param offset as of which offset
   */
  record Put(Article article, long offset) implements Update {}

  /**
   * The page is gone: deleted, moved to another namespace, or a redirect.
   *
   * @param pageId the page id
   * @param offset as of which offset
   */
  record Remove(long pageId, long offset) implements Update {}

  /**
   * What a change is to the mirror of a namespace.
   *
   * @param change the change
   * @param namespace the namespace's number
   * @return what happened to the page
   */
  static Update of(Change change, long namespace) {
    Article article = change.getArticle();
    boolean isThere =
        change.getEventType() != EventType.EVENT_TYPE_DELETE
            && change.getRedirectTarget().isEmpty();
    return isThere && article.getNamespace().getIdentifier() == namespace
        ? new Put(article, change.getOffset())
        : new Remove(article.getIdentifier(), change.getOffset());
  }
}
