package org.wikifeed.client;

/**
 * How far an export is, what lay in the folder included.
 *
 * @param doneBytes how much is there
 * @param totalBytes how much there is
 * @param fileName the file that grew
 */
public record ExportProgress(long doneBytes, long totalBytes, String fileName) {}
