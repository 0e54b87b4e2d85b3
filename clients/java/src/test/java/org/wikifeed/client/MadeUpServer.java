package org.wikifeed.client;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A server in this process, and a client of each kind that is connected to it. */
final class MadeUpServer implements AutoCloseable {
  final Client client;
  final AsyncClient later;
  private final Server server;

  MadeUpServer(BindableService... services) {
    ServerBuilder<?> building = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create());
    for (BindableService service : services) {
      building.addService(service);
    }
    try {
      server = building.build().start();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    ClientBuilder builder =
        Client.builder("localhost:" + server.getPort())
            .reconnecting(
                Reconnecting.DEFAULT.withWaits(Duration.ofMillis(1), Duration.ofMillis(5)));
    client = builder.build();
    later = builder.buildAsync();
  }

  @Override
  public void close() {
    client.close();
    later.close();
    server.shutdownNow();
  }
}
