/**
 * Wikifeed's client for Java: articles on demand, changes without loss or repeat, snapshots,
 * mirrors.
 *
 * <p>{@link org.wikifeed.client.Client} blocks; {@link org.wikifeed.client.AsyncClient} answers
 * with {@code CompletableFuture} and {@code Flow.Publisher}. Messages are those of {@code
 * org.wikifeed.v1}.
 */
package org.wikifeed.client;
