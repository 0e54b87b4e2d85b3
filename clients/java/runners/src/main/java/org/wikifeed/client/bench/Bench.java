package org.wikifeed.client.bench;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import org.wikifeed.client.Changes;
import org.wikifeed.client.Client;
import org.wikifeed.client.ExportOptions;
import org.wikifeed.client.Start;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.ChangeServiceGrpc;
import org.wikifeed.v1.ExportSnapshotRequest;
import org.wikifeed.v1.ExportSnapshotResponse;
import org.wikifeed.v1.GetChangeLogInfoRequest;
import org.wikifeed.v1.SnapshotServiceGrpc;
import org.wikifeed.v1.StreamChangesRequest;
import org.wikifeed.v1.StreamChangesResponse;

/**
 * What this client costs beside the bare stub: with the arguments {@code ADDRESS
 * {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]} it reads a project's log, or a snapshot into a folder,
 * and prints one line of JSON: items, bytes, wall_seconds and cpu_seconds of what is measured.
 */
public final class Bench {
  private static final String PROJECT = "enwiki";
  private static final int RECEIVE_BYTES = 64 << 20;

  private final String address;
  private long items;
  private long bytes;

  private Bench(String address) {
    this.address = address;
  }

  public static void main(String[] words) throws IOException {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpuBefore = system.getProcessCpuTime();
    long began = System.nanoTime();
    Bench bench = new Bench(words[0]);
    switch (words[1]) {
      case "changes" -> bench.changes();
      case "changes-bare" -> bench.changesBare();
      case "export" -> bench.export(words[2], Path.of(words[3]));
      case "export-bare" -> bench.exportBare(words[2], Path.of(words[3]));
      default -> throw new IllegalArgumentException(words[1]);
    }
    double wall = (System.nanoTime() - began) / 1e9;
    double cpu = (system.getProcessCpuTime() - cpuBefore) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "{\"items\": %d, \"bytes\": %d, \"wall_seconds\": %.6f, \"cpu_seconds\": %.6f}%n",
        bench.items,
        bench.bytes,
        wall,
        cpu);
    System.exit(0);
  }

  private void changes() {
    try (Client client = Client.connect(address)) {
      long newest = client.changeLog().getNewestOffset();
      Changes wanted = Changes.builder().projects(PROJECT).untilOffset(newest).build();
      try (var stream = client.changes(wanted, Start.after(0))) {
        for (Change change : stream) {
          items += change.getOffset() > 0 ? 1 : 0;
        }
      }
    }
  }

  private void changesBare() {
    ManagedChannel channel = channel();
    var stub = ChangeServiceGrpc.newBlockingStub(channel);
    long newest =
        stub.getChangeLogInfo(GetChangeLogInfoRequest.getDefaultInstance()).getNewestOffset();
    StreamChangesRequest request =
        StreamChangesRequest.newBuilder()
            .addProjects(PROJECT)
            .setAfterOffset(0)
            .setUntilOffset(newest)
            .build();
    Iterator<StreamChangesResponse> responses = stub.streamChanges(request);
    while (responses.hasNext()) {
      items += responses.next().getChangesCount();
    }
    channel.shutdownNow();
  }

  private void export(String snapshot, Path folder) throws IOException {
    try (Client client = Client.connect(address)) {
      for (Path file : client.export(snapshot, folder, ExportOptions.defaults()).files()) {
        items++;
        bytes += Files.size(file);
      }
    }
  }

  private void exportBare(String snapshot, Path folder) throws IOException {
    ManagedChannel channel = channel();
    ExportSnapshotRequest request =
        ExportSnapshotRequest.newBuilder().setIdentifier(snapshot).build();
    Iterator<ExportSnapshotResponse> pieces =
        SnapshotServiceGrpc.newBlockingStub(channel).exportSnapshot(request);
    OutputStream file = OutputStream.nullOutputStream();
    while (pieces.hasNext()) {
      ExportSnapshotResponse piece = pieces.next();
      if (piece.getPosition() == 0) {
        file.close();
        file = Files.newOutputStream(folder.resolve(String.valueOf(piece.getChunkNumber())));
        items++;
      }
      piece.getData().writeTo(file);
      bytes += piece.getData().size();
    }
    file.close();
    channel.shutdownNow();
  }

  private ManagedChannel channel() {
    return ManagedChannelBuilder.forTarget(address)
        .usePlaintext()
        .maxInboundMessageSize(RECEIVE_BYTES)
        .build();
  }
}
