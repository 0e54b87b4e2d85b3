package org.wikifeed.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** What a server lists, page after page. */
final class PageList<R, T> extends ItemStream<T> {
  private final Function<String, R> ask;
  private final Function<R, List<T>> items;
  private final Function<R, String> nextToken;
  private Iterator<T> page = Collections.emptyIterator();
  private String token;

  /** The items from the page of a token on; {@code ask} gets the page that a token names. */
  PageList(
      String token,
      Function<String, R> ask,
      Function<R, List<T>> items,
      Function<R, String> nextToken) {
    this.token = token;
    this.ask = ask;
    this.items = items;
    this.nextToken = nextToken;
  }

  @Override
  T advance() {
    while (!page.hasNext() && token != null) {
      R answer = ask.apply(token);
      page = items.apply(answer).iterator();
      String next = nextToken.apply(answer);
      token = next.isEmpty() ? null : next;
    }
    return page.hasNext() ? page.next() : null;
  }
}
