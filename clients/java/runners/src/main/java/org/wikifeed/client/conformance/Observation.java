package org.wikifeed.client.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.wikifeed.client.Export;
import org.wikifeed.client.ItemStream;
import org.wikifeed.client.Outcome;
import org.wikifeed.v1.Article;
import org.wikifeed.v1.Batch;
import org.wikifeed.v1.Change;
import org.wikifeed.v1.DailyUsage;
import org.wikifeed.v1.GetChangeLogInfoResponse;
import org.wikifeed.v1.Project;
import org.wikifeed.v1.Snapshot;
import org.wikifeed.v1.Subscription;

/** What came of one action; as JSON, what the suite reads. */
final class Observation {
  private static final Set<String> EXPORTS = Set.of("export", "export_batch");

  final List<Long> offsets = new ArrayList<>();
  final List<String> names = new ArrayList<>();
  final Map<String, DescribedError> missing = new TreeMap<>();
  final Map<String, String> files = new TreeMap<>();
  final List<String> batches = new ArrayList<>();
  final List<String> snapshots = new ArrayList<>();
  final Map<String, String> articles = new TreeMap<>();
  final List<String> projects = new ArrayList<>();
  final List<Long> log = new ArrayList<>();
  final List<String> subscriptions = new ArrayList<>();
  final List<String> usage = new ArrayList<>();
  String account = "";
  Long checkpoint;
  JsonElement mirror;
  DescribedError error;

  void take(Change change) {
    offsets.add(change.getOffset());
    names.add(change.getArticle().getName());
  }

  void take(Batch batch) {
    Instant hour = Instant.ofEpochSecond(batch.getHour().getSeconds());
    batches.add(hour + " " + batch.getIdentifier());
  }

  void take(Outcome outcome) {
    outcome.article().ifPresent(article -> names.add(article.getName()));
    outcome
        .failure()
        .ifPresent(
            failure -> missing.put(String.valueOf(outcome.index()), DescribedError.of(failure)));
  }

  void take(Snapshot snapshot) {
    snapshots.add(snapshot.getIdentifier() + " " + snapshot.getOffset());
  }

  void take(Project project) {
    projects.add(project.getIdentifier());
  }

  void take(GetChangeLogInfoResponse told) {
    log.addAll(List.of(told.getOldestOffset(), told.getNewestOffset()));
  }

  void take(Subscription subscription) {
    subscriptions.add(subscription.getName() + " " + subscription.getAcknowledgedOffset());
  }

  void take(DailyUsage day) {
    usage.add(day.getDay() + " " + day.getCounts().getOnDemand());
  }

  void read(Export exported) {
    try (ItemStream<Article> found = exported.articles()) {
      for (Article article : found) {
        articles.put(article.getName(), Base64.getEncoder().encodeToString(article.toByteArray()));
      }
    }
  }

  /** See what the action left in the folder. */
  void lookInto(Path folder, Action action) throws IOException {
    if (action.checkpoint != null) {
      action.checkpoint(folder).load().ifPresent(offset -> checkpoint = offset);
    }
    if (action.what.equals("mirror")) {
      Path mirrored = folder.resolve(Action.MIRROR);
      if (Files.exists(mirrored)) {
        mirror = JsonParser.parseString(Files.readString(mirrored));
      }
      takeFiles(folder.resolve(Action.SNAPSHOT));
    }
    if (EXPORTS.contains(action.what)) {
      takeFiles(folder);
    }
  }

  private void takeFiles(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.toList()) {
        String name = path.getFileName().toString();
        if (!name.endsWith(".part")) {
          files.put(name, sha256(Files.readAllBytes(path)));
        }
      }
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException("every Java has SHA-256", error);
    }
  }
}
