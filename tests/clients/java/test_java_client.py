"""The Java client: its own tests, its packages, its README and its examples against a real server."""

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZipFile

import pytest
from demo_server import COMMAND, ENVIRONMENT, fill, serving
from made_up_certificates import make_certificate

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("java") / "store"
    fill(store)
    return store


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    with serving(store, "--accounts", "no") as address:
        yield address


@contextmanager
def running(built: Path, *words: object, folder: Path) -> Iterator[IO[str]]:
    """What a program writes. Leaving it kills the program."""
    path = f"{built / 'examples' / 'classes'}:{built / 'examples' / 'lib'}/*:."
    line = ["java", "-cp", path, *map(str, words)]
    with subprocess.Popen(line, cwd=folder, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout
        finally:
            program.kill()


def test_the_packages_are_whole(built):
    for kind, holds in (
        ("", "org/wikifeed/client/Client.class"),
        ("-sources", "org/wikifeed/client/Client.java"),
        ("-javadoc", "org/wikifeed/client/Client.html"),
    ):
        with ZipFile(built / "client" / f"wikifeed-client-0.1.0{kind}.jar") as package:
            assert holds in package.namelist()


def test_the_clients_own_tests_ran(built):
    reports = [report.read_text() for report in (built / "client" / "surefire-reports").glob("*.txt")]
    counts = [re.search(r"Tests run: (\d+), Failures: 0, Errors: 0, Skipped: 0", report) for report in reports]
    assert all(counts)
    assert sum(int(count[1]) for count in counts) > 20


def test_the_program_of_the_readme_runs(built, repository, server, tmp_path):
    text = re.search(r"```java\n(.*?)```", (repository / "clients" / "java" / "README.md").read_text(), re.DOTALL)[1]
    (tmp_path / "Readme.java").write_text(text.replace("localhost:50051", server))
    path = f"{built / 'examples' / 'lib'}/*"
    subprocess.run(["javac", "-Xlint:all", "-Werror", "-cp", path, "Readme.java"], cwd=tmp_path, check=True)
    with running(built, "Readme", folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=1) for _ in range(31)]
    assert lines[0] == ["Anarchism", "https://en.wikipedia.org/wiki/Anarchism\n"]
    assert [int(offset) for offset, _ in lines[1:]] == list(range(1, 31))


def test_the_client_tells_what_is_wrong_with_a_connection(built, store, server, tmp_path):
    make_certificate(tmp_path, "server")
    add = ("users", "add", "ada", "--no-password", "--plan", "unlimited", "--store", store)
    create = ("keys", "create", "ada", "--store", store)
    for words in (add, create):
        made = subprocess.run([*COMMAND, *words], check=True, capture_output=True, text=True, env=ENVIRONMENT)
    key = made.stdout.split()[-1]
    (tmp_path / "Ask.java").write_text(ASK)
    path = f"{built / 'examples' / 'lib'}/*"
    subprocess.run(["javac", "-cp", path, "Ask.java"], cwd=tmp_path, check=True)

    def asked(address, *words):
        with running(built, "Ask", address, *words, folder=tmp_path) as written:
            return written.readline().strip()

    files = ("--tls-certificate", tmp_path / "server.pem", "--tls-key", tmp_path / "server.key")
    with serving(store, "--accounts", "yes", *files) as guarded:
        assert asked(guarded, "server.pem", key) == "Anarchism"
        assert asked(guarded, "server.pem", "wrong") == "UnauthenticatedException"
        assert asked(guarded, "yes", key) == "UnavailableException"
        assert asked(guarded, "no", key) == "UnavailableException"
    assert asked(server, "no", "") == "Anarchism"
    assert asked(server, "yes", "") == "UnavailableException"
    assert asked("127.0.0.1:1", "no", "") == "UnavailableException"


ASK = """
import java.nio.file.Path;
import org.wikifeed.client.*;

class Ask {
  public static void main(String[] words) {
    ClientBuilder builder = Client.builder(words[0]).tls(!words[1].equals("no"));
    if (words[1].endsWith(".pem")) {
      builder.authority(Path.of(words[1]));
    }
    if (!words[2].isEmpty()) {
      builder.key(words[2]);
    }
    try (Client client = builder.build()) {
      System.out.println(client.get(PageKey.title("enwiki", "Anarchism"), "name").getName());
    } catch (WikifeedException error) {
      System.out.println(error.getClass().getSimpleName());
    }
  }
}
"""


def test_the_example_of_the_changes_goes_on_where_its_file_says(built, server, tmp_path):
    (tmp_path / "changes.offset").write_text("12\n")
    words = ("org.wikifeed.examples.PrintChanges", server, "enwiki", "changes.offset")
    with running(built, *words, folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=2) for _ in range(18)]
    assert [int(offset) for offset, _, _ in lines] == list(range(13, 31))
    assert {event for _, event, _ in lines} == {"CREATE"}
    assert 12 <= int((tmp_path / "changes.offset").read_text()) <= 30


def test_the_example_of_the_mirror_holds_what_the_server_has(built, server, tmp_path):
    words = ("org.wikifeed.examples.MirrorWiki", server, "enwiki", "mirror.db")
    for expected in (["16 updates", "0 updates"], ["0 updates"]):
        with running(built, *words, folder=tmp_path) as written:
            assert [written.readline() for _ in expected] == [f"{each}, through offset 30\n" for each in expected]
    with closing(sqlite3.connect(tmp_path / "mirror.db")) as mirror:
        assert mirror.execute("SELECT count(*), min(name) FROM article").fetchone() == (16, "A")
        assert mirror.execute("SELECT through_offset FROM mirror").fetchall() == [(30,)]


def test_the_example_of_the_search_finds_passages(built, server, tmp_path):
    name = "org.wikifeed.examples.SearchIndex"
    for expected in ("16 articles at offset 30\n", "0 changes, through offset 30\n"):
        with running(built, name, "fill", server, "enwiki", "search.db", folder=tmp_path) as written:
            assert written.readline() == expected
    with running(built, name, "find", "search.db", "spanish", "revolution", folder=tmp_path) as written:
        place, text, url = (written.readline().strip() for _ in range(3))
    assert place.startswith("Anarchism > ")
    assert "[Revolution]" in text
    assert url == "https://en.wikipedia.org/wiki/Anarchism"


def test_a_disk_that_fills_up_is_told_and_what_came_is_kept(built, server, tmp_path):
    (tmp_path / "Fetch.java").write_text(FETCH)
    path = f"{built / 'examples' / 'lib'}/*"
    subprocess.run(["javac", "-cp", path, "Fetch.java"], cwd=tmp_path, check=True)
    line = f"java -cp '{path}:.' Fetch {server}"
    # What is beyond the limit of a file's size is refused as what is beyond the end of a disk.
    words = ["bash", "-c", f"ulimit -f 10; trap '' XFSZ; {line} -XX:-UsePerfData"]
    bounded = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert bounded.stdout.startswith("UncheckedIOException writing"), bounded.stdout + bounded.stderr
    assert all(part.name.endswith(".part") for part in (tmp_path / "files").iterdir())
    whole = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert whole.stdout == "whole\n"


FETCH = """
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.wikifeed.client.*;

class Fetch {
  public static void main(String[] words) {
    try (Client client = Client.connect(words[0])) {
      var snapshot = client.createSnapshot(SnapshotKind.of("enwiki", 0), 0);
      client.export(snapshot.getIdentifier(), Path.of("files"), ExportOptions.defaults());
      System.out.println("whole");
    } catch (UncheckedIOException error) {
      System.out.println("UncheckedIOException " + error.getMessage());
    }
  }
}
"""


def test_the_code_is_formatted(built, repository):
    line = ["mvn", "-q", "-B", "-f", "clients/java/pom.xml", "spotless:check"]
    result = subprocess.run(line, cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
