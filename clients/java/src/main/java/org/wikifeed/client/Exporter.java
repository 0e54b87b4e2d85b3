package org.wikifeed.client;

import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.wikifeed.v1.ExportSnapshotResponse;

/** Fetches the files of one export, several of them at a time. */
final class Exporter<Q> {
  private final Connection connection;
  private final ExportPlan<Q> plan;
  private final Consumer<ExportProgress> progress;
  private final List<ChunkFile<Q>> files = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Set<StreamCall<Q, ExportSnapshotResponse>> calls = ConcurrentHashMap.newKeySet();

  Exporter(
      Connection connection, ExportPlan<Q> plan, Path folder, Consumer<ExportProgress> progress) {
    this.connection = connection;
    this.plan = plan;
    this.progress = progress;
    try {
      Files.createDirectories(folder);
    } catch (IOException error) {
      throw new UncheckedIOException("making the folder " + folder + " failed", error);
    }
    plan.files()
        .forEach(served -> files.add(new ChunkFile<>(folder, served, connection.reconnecting())));
  }

  /**
   * Fetch what is missing; where the files are. The first error ends all, and what came stays in
   * the folder.
   */
  List<Path> run(int parallel) {
    ExecutorService pool = Executors.newFixedThreadPool(parallel, Workers.named("wikifeed-export"));
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (ChunkFile<Q> file : files) {
        tasks.add(pool.submit(() -> fetch(file)));
      }
      for (Future<?> task : tasks) {
        await(task);
      }
    } finally {
      stop();
      pool.shutdown();
      awaitEnd(pool);
    }
    return files.stream().map(ChunkFile::path).toList();
  }

  private void fetch(ChunkFile<Q> file) {
    try (file) {
      boolean isWhole = !isStopped() && file.look();
      tell(file);
      while (!isWhole && !isStopped()) {
        pause(pull(file));
        isWhole = file.finish();
      }
    } catch (IOException error) {
      stop();
      throw new UncheckedIOException(
          "writing "
              + file.path()
              + " failed; what came stays for the next try: "
              + error.getMessage(),
          error);
    } catch (RuntimeException | Error error) {
      // The others end at once, not when it is this one's turn to be waited for.
      stop();
      throw error;
    }
  }

  /** Make one call and take what it brings; how long to wait before the next. */
  private Duration pull(ChunkFile<Q> file) throws IOException {
    if (file.isFull()) {
      return Duration.ZERO;
    }
    WikifeedException failure = null;
    StreamCall<Q, ExportSnapshotResponse> call = connection.stream(plan.method(), file.request());
    calls.add(call);
    try (call) {
      for (ExportSnapshotResponse piece = next(call); piece != null; piece = next(call)) {
        file.add(piece);
        tell(file);
      }
    } catch (WikifeedException error) {
      failure = error;
    } finally {
      calls.remove(call);
    }
    if (isStopped() || failure == null) {
      return isStopped() ? Duration.ZERO : file.ended();
    }
    return failure instanceof DamagedDataException damage
        ? file.damaged(damage)
        : file.failed(failure);
  }

  private ExportSnapshotResponse next(StreamCall<Q, ExportSnapshotResponse> call) {
    return isStopped() ? null : call.next();
  }

  private synchronized void tell(ChunkFile<Q> file) {
    long done = files.stream().mapToLong(ChunkFile::position).sum();
    long total = files.stream().mapToLong(ChunkFile::sizeBytes).sum();
    progress.accept(new ExportProgress(done, total, file.path().getFileName().toString()));
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void stop() {
    stopped.countDown();
    calls.forEach(StreamCall::cancel);
  }

  private void pause(Duration time) {
    try {
      stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException error) {
      stop();
    }
  }

  private static void await(Future<?> task) {
    try {
      task.get();
    } catch (ExecutionException error) {
      throw error.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(error.getCause());
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new WikifeedException(
          Failure.of("the thread was interrupted", Status.Code.CANCELLED), error);
    }
  }

  /** No thread writes into the folder once the export is over. */
  private static void awaitEnd(ExecutorService pool) {
    boolean isInterrupted = Thread.interrupted();
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException error) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
