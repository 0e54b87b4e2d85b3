package org.wikifeed.client.conformance;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.wikifeed.client.Client;
import org.wikifeed.client.ClientBuilder;
import org.wikifeed.client.Reconnecting;
import org.wikifeed.client.WikifeedException;

/**
 * The runner of this client for the conformance suite, "blocking" or "async" as its argument says. What it reads and
 * answers is told in tests/conformance/clients/README.md.
 */
public final class Main {
  private Main() {}

  /** One line that is read. */
  private static final class Order {
    String address;
    String folder;
    JsonObject settings = new JsonObject();
    List<Action> actions;
  }

  public static void main(String[] words) throws IOException {
    // What is null in a mirror's file is observed as null.
    Gson gson = new GsonBuilder().serializeNulls().create();
    boolean isAsync = words.length > 0 && words[0].equals("async");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Order order = gson.fromJson(line, Order.class);
      List<Observation> observations = new ArrayList<>();
      for (Action action : order.actions) {
        observations.add(observe(order, action, isAsync));
      }
      System.out.println(gson.toJson(Map.of("observations", observations)));
      System.out.flush();
    }
  }

  private static Observation observe(Order order, Action action, boolean isAsync)
      throws IOException {
    Observation seen = new Observation();
    Path folder = Path.of(order.folder);
    ClientBuilder builder = builder(order);
    try {
      if (isAsync) {
        try (var client = builder.buildAsync()) {
          new AsyncActions(client, action, folder, seen).perform();
        }
      } else {
        try (Client client = builder.build()) {
          new BlockingActions(client, action, folder, seen).perform();
        }
      }
    } catch (WikifeedException error) {
      seen.error = DescribedError.of(error);
    }
    seen.lookInto(folder, action);
    return seen;
  }

  private static ClientBuilder builder(Order order) {
    ClientBuilder builder =
        Client.builder(order.address)
            .reconnecting(
                Reconnecting.DEFAULT
                    .withWaits(
                        seconds(order, "first_wait_seconds", 0.01),
                        seconds(order, "longest_wait_seconds", 0.05))
                    .withSilence(seconds(order, "silence_seconds", 20)));
    if (order.settings.has("key")) {
      builder.key(order.settings.get("key").getAsString());
    }
    if (order.settings.has("timeout_seconds")) {
      builder.timeout(seconds(order, "timeout_seconds", 0));
    }
    return builder;
  }

  private static Duration seconds(Order order, String name, double unset) {
    double seconds = order.settings.has(name) ? order.settings.get(name).getAsDouble() : unset;
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
