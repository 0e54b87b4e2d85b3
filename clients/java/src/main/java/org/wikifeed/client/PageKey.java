package org.wikifeed.client;

/** Names a page of a project, by its title or its page id. */
public sealed interface PageKey {
  /**
   * Names a page by its title with its namespace prefix.
   *
   * @param project the project's identifier: "enwiki"
   * @param title the title
   * @return the key
   */
  static PageKey title(String project, String title) {
    return new ByTitle(project, title);
  }

  /**
   * Names a page by its page id.
   *
   * @param project the project's identifier: "enwiki"
   * @param pageId the page id
   * @return the key
   */
  static PageKey id(String project, long pageId) {
    return new ById(project, pageId);
  }

  /**
   * The project.
   *
   * @return its identifier
   */
  String project();

  /**
   * A page by its title.
   *
   * @param project the project's identifier
   * @param title the title
   */
  record ByTitle(String project, String title) implements PageKey {}

  /**
   * A page by its page id.
   *
   * @param project the project's identifier
   * @param pageId the page id
   */
  record ById(String project, long pageId) implements PageKey {}
}
