package org.wikifeed.client;

import java.util.function.Consumer;

/** How a snapshot is exported. */
public final class ExportOptions {
  private final long offset;
  private final int parallel;
  private final Consumer<ExportProgress> progress;

  private ExportOptions(long offset, int parallel, Consumer<ExportProgress> progress) {
    this.offset = offset;
    this.parallel = parallel;
    this.progress = progress;
  }

  /**
   * The newest snapshot, four files at a time.
   *
   * @return the options
   */
  public static ExportOptions defaults() {
    return new ExportOptions(0, 4, told -> {});
  }

  /**
   * The same with the snapshot of an offset.
   *
   * @param offset the snapshot's offset; 0 means the newest
   * @return the options
   */
  public ExportOptions withOffset(long offset) {
    return new ExportOptions(offset, parallel, progress);
  }

  /**
   * The same with so many files at a time.
   *
   * @param files how many
   * @return the options
   */
  public ExportOptions withParallel(int files) {
    return new ExportOptions(offset, files, progress);
  }

  /**
   * The same, and somebody is told whenever bytes came, by one thread at a time.
   *
   * @param progress who
   * @return the options
   */
  public ExportOptions withProgress(Consumer<ExportProgress> progress) {
    return new ExportOptions(offset, parallel, progress);
  }

  long offset() {
    return offset;
  }

  int parallel() {
    return parallel;
  }

  Consumer<ExportProgress> progress() {
    return progress;
  }
}
