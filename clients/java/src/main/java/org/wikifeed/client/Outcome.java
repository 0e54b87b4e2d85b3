package org.wikifeed.client;

import java.util.Optional;
import org.wikifeed.v1.Article;

/**
 * What became of one key: an article, or why there is none.
 *
 * @param index which key, counted from 0
 * @param key the key
 * @param article the article
 * @param failure why there is none
 * @param redirectedFrom the title of the redirect that led to it; "" where none did
 */
public record Outcome(
    int index,
    PageKey key,
    Optional<Article> article,
    Optional<WikifeedException> failure,
    String redirectedFrom) {}
