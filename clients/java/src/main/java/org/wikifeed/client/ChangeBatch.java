package org.wikifeed.client;

import java.util.List;
import org.wikifeed.v1.Change;

/**
 * Changes that came together, maybe none.
 *
 * @param changes the changes
 * @param throughOffset all changes through this offset came, or do not pass the filter
 */
public record ChangeBatch(List<Change> changes, long throughOffset) {}
