"""The Java client's hourly batches, and what a server tells of itself and of who calls, against a real server."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from wikifeed_client import Client

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@pytest.fixture
def run(built, tmp_path):
    """Compiles a program and runs it; the lines that it writes."""

    def run(text: str, *words: object) -> list[str]:
        (name,) = re.findall(r"^(?:public )?class (\w+)", text, re.MULTILINE)
        (tmp_path / f"{name}.java").write_text(text)
        path = f"{built / 'examples' / 'lib'}/*"
        compiling = ["javac", "-Xlint:all", "-Werror", "-cp", path, f"{name}.java"]
        subprocess.run(compiling, cwd=tmp_path, check=True)
        line = ["java", "-cp", f"{path}:.", name, *map(str, words)]
        written = subprocess.run(line, cwd=tmp_path, check=True, stdout=subprocess.PIPE, text=True, timeout=120)
        return written.stdout.splitlines()

    return run


def test_the_batches_of_the_readme_are_fetched(run, repository, hourly_server, tmp_path):
    address, key = hourly_server
    readme = (repository / "clients" / "java" / "README.md").read_text()
    text = re.findall(r"```java\n(.*?)```", readme, re.DOTALL)[1]
    connected = f'Client.builder("{address}").key("{key}").build()'
    lines = [line.split() for line in run(text.replace('Client.connect("localhost:50051")', connected))]
    with Client(address, key=key) as client:
        expected = list(client.batches(namespaces=[0]))
    assert len(expected) == 4
    for (path, count), batch in zip(lines, expected, strict=True):
        assert Path(path).parts == ("batches", f"{batch.hour.ToDatetime():%Y-%m-%dT%H}", batch.file_name)
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == batch.sha256
        assert int(count) == 5


def test_a_server_tells_of_itself_and_of_who_calls(run, hourly_server):
    address, key = hourly_server
    assert run(TOLD, address, key) == [
        "BATCH_NOT_FOUND",
        "enwiki",
        "ada few 1 9",
        "1 on 1 day, 0 in 2020",
        "index index",
        "SUBSCRIPTION_NOT_FOUND",
        "enwiki_namespace_0 enwiki_namespace_0 1",
        "UnauthenticatedException",
    ]


TOLD = """
import java.time.Instant;
import java.time.LocalDate;
import org.wikifeed.client.*;

class Told {
  public static void main(String[] words) {
    try (Client client = Client.builder(words[0]).key(words[1]).build();
        AsyncClient later = Client.builder(words[0]).key(words[1]).buildAsync()) {
      try {
        client.batch(Instant.parse("2020-01-01T00:00:00Z"), "enwiki_namespace_0");
      } catch (NotFoundException error) {
        System.out.println(error.reason());
      }
      System.out.println(client.projects("en").get(0).getIdentifier());
      client.get(PageKey.id("enwiki", 100), "name");
      var account = later.account().join();
      System.out.println(
          account.getAccount().getUsername() + " " + account.getAccount().getPlan().getIdentifier()
              + " " + account.getUsed().getOnDemand() + " " + account.getLeft().getOnDemand());
      long used = client.usage().get(0).getCounts().getOnDemand();
      var none = later.usage(LocalDate.of(2020, 1, 1), LocalDate.of(2020, 1, 31)).join();
      System.out.println(
          used + " on " + client.usage().size() + " day, " + none.size() + " in 2020");
      subscriptions(client, later);
      var made = later.createSnapshot(SnapshotKind.of("enwiki", 0), 0).join();
      try (var snapshots = client.snapshots("enwiki")) {
        var found = client.snapshot(made.getIdentifier(), made.getOffset());
        System.out.println(
            snapshots.next().getIdentifier() + " " + found.getSnapshot().getIdentifier()
                + " " + found.getChunksCount());
      }
    }
    try (Client nobody = Client.connect(words[0])) {
      nobody.account();
    } catch (WikifeedException error) {
      System.out.println(error.getClass().getSimpleName());
    }
  }

  static void subscriptions(Client client, AsyncClient later) {
    // The changes are older than what the log keeps, but for the last one.
    Start start = Start.after(client.changeLog().getOldestOffset() - 1);
    var options = SubscribeOptions.builder().start(start).build();
    try (var deliveries = client.subscribe("index", options)) {
      deliveries.next();
    }
    try (var subscriptions = client.subscriptions()) {
      String name = later.subscription("index").join().getName();
      System.out.println(subscriptions.next().getName() + " " + name);
    }
    client.deleteSubscription("index");
    try {
      client.subscription("index");
    } catch (NotFoundException error) {
      System.out.println(error.reason());
    }
  }
}
"""
