"""The Rust client: its format and lints, its own tests, its package, its README and its examples."""

import re
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def client(repository: Path) -> Path:
    return repository / "clients" / "rust"


@pytest.fixture(scope="session")
def examples(cargo, repository) -> Path:
    """The folder of the built examples."""
    cargo("build", "--quiet", folder=repository / "examples" / "rust")
    return repository / "build" / "clients" / "rust-target" / "debug"


@pytest.fixture(scope="session")
def stubs(repository: Path) -> str:
    """What tells cargo to take the stubs of this repository."""
    return f'patch.crates-io.wikifeed-proto.path="{repository / "generated" / "rust"}"'


@pytest.fixture
def built(cargo, repository: Path, client: Path, stubs: str, tmp_path: Path) -> Callable[[str, str, Path], Path]:
    """Builds a program with the README's dependencies and a client's source; where it is."""

    def build(name: str, program: str, source: Path) -> Path:
        dependencies = re.search(r"```toml\n(.*?)```", (client / "README.md").read_text(), re.DOTALL)[1]
        profile = re.search(r"\[profile\.dev\].*", (client / "Cargo.toml").read_text(), re.DOTALL)[0]
        package = f'[package]\nname = "{name}"\nedition = "2021"\n\n[workspace]\n\n'
        patched = f'\n[patch.crates-io]\nwikifeed-client = {{ path = "{source}" }}\n\n'
        (tmp_path / "Cargo.toml").write_text(package + dependencies + patched + profile)
        (tmp_path / "src").mkdir()
        (tmp_path / "src" / "main.rs").write_text(program)
        cargo("build", "--quiet", "--config", stubs, folder=tmp_path)
        return repository / "build" / "clients" / "rust-target" / "debug" / name

    return build


@contextmanager
def running(*words: object, folder: Path) -> Iterator[IO[str]]:
    """What a program writes. Leaving it kills the program."""
    with subprocess.Popen([str(word) for word in words], cwd=folder, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout
        finally:
            program.kill()


@pytest.mark.parametrize("folder", ["clients/rust", "examples/rust"])
def test_the_code_is_formatted_and_linted(cargo, repository, folder):
    cargo("fmt", "--all", "--check", folder=repository / folder)
    cargo("clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings", folder=repository / folder)


def test_the_features_may_be_left_out(cargo, client):
    cargo("clippy", "--quiet", "--no-default-features", "--", "-D", "warnings", folder=client)


def test_the_documentation_can_be_made(cargo, client):
    cargo("doc", "--quiet", "--no-deps", "-p", "wikifeed-client", folder=client, RUSTDOCFLAGS="-D warnings")


def test_the_crates_own_tests_pass(cargo, client):
    cargo("test", "--quiet", "--workspace", folder=client)


def test_the_client_keeps_its_promises_with_servers_that_run(cargo, client, server, guarded_server, certificates):
    told = {
        "WIKIFEED_ADDRESS": server,
        "WIKIFEED_TLS_ADDRESS": guarded_server,
        "WIKIFEED_TLS_FOLDER": str(certificates),
    }
    ran = cargo("test", "--workspace", "--test", "live", "--", "--ignored", folder=client, **told)
    assert int(re.search(r"ok\. (\d+) passed", ran)[1]) > 0


def test_batches_are_listed_and_fetched_and_an_account_sees_itself(cargo, client, hourly_server):
    told = {"WIKIFEED_HOURLY_ADDRESS": hourly_server.address, "WIKIFEED_HOURLY_KEY": hourly_server.key}
    ran = cargo("test", "--workspace", "--test", "hourly", "--", "--ignored", folder=client, **told)
    assert int(re.search(r"ok\. (\d+) passed", ran)[1]) > 0


def test_the_program_of_the_readme_runs_with_the_package(cargo, built, repository, client, stubs, server, tmp_path):
    words = ("package", "--quiet", "--allow-dirty", "--no-verify", "-p", "wikifeed-client", "--config", stubs)
    cargo(*words, folder=client)
    made = repository / "build" / "clients" / "rust-target" / "package" / "wikifeed-client-0.1.0.crate"
    with tarfile.open(made) as package:
        package.extractall(tmp_path, filter="data")
    program = re.search(r"```rust,no_run\n(.*?)```", (client / "README.md").read_text(), re.DOTALL)[1]
    readme = built("readme", program.replace("localhost:50051", server), tmp_path / "wikifeed-client-0.1.0")
    with running(readme, folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=1) for _ in range(31)]
    assert lines[0] == ["Anarchism", "https://en.wikipedia.org/wiki/Anarchism\n"]
    assert [int(offset) for offset, _ in lines[1:]] == list(range(1, 31))


EXPORT = """
use wikifeed_client::{Client, ExportOptions, SnapshotKind};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new(std::env::args().nth(1).ok_or("no address")?)?;
    let kind = SnapshotKind::new("enwiki");
    client.create_snapshot(&kind, 0).await?;
    match client.export(&kind, "files", ExportOptions::default()).await {
        Ok(_) => println!("whole"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
"""


def test_a_disk_that_fills_up_is_told_and_what_came_is_kept(built, client, server, tmp_path):
    program = built("bounded_export", EXPORT, client)
    # What is beyond the limit of a file's size is refused as what is beyond the end of a disk.
    words = ["bash", "-c", f"ulimit -f 10; trap '' XFSZ; {program} {server}"]
    bounded = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "File too large" in bounded.stdout, bounded.stderr
    assert "what came is kept, and the next export goes on" in bounded.stdout
    (part,) = (tmp_path / "files").iterdir()
    assert (part.suffix, part.stat().st_size) == (".part", 10 * 1024)
    whole = subprocess.run([program, server], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert whole.stdout == "whole\n"
    (file,) = (tmp_path / "files").iterdir()
    assert file.stat().st_size > 10 * 1024


def test_the_example_of_the_changes_goes_on_where_its_file_says(examples, server, tmp_path):
    (tmp_path / "changes.offset").write_text("12\n")
    with running(examples / "changes", server, "enwiki", "changes.offset", folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=2) for _ in range(18)]
    assert [int(offset) for offset, _, _ in lines] == list(range(13, 31))
    assert {event for _, event, _ in lines} == {"CREATE"}
    assert 12 <= int((tmp_path / "changes.offset").read_text()) <= 30


def test_the_example_of_the_mirror_holds_what_the_server_has(examples, server, tmp_path):
    command = (examples / "mirror", server, "enwiki", "mirror.db")
    with running(*command, folder=tmp_path) as written:
        assert [written.readline() for _ in range(2)] == [
            "16 articles of the snapshot\n",
            "0 updates, through offset 30\n",
        ]
    with running(*command, folder=tmp_path) as written:
        assert written.readline() == "0 updates, through offset 30\n"
    with closing(sqlite3.connect(tmp_path / "mirror.db")) as mirror:
        assert mirror.execute("SELECT count(*), min(name) FROM article").fetchone() == (16, "A")
        assert mirror.execute("SELECT through_offset FROM mirror").fetchall() == [(30,)]


def test_the_example_of_the_search_finds_passages(examples, server, tmp_path):
    program = examples / "search"
    with running(program, "fill", server, "enwiki", "search.db", folder=tmp_path) as written:
        assert written.readline() == "16 articles at offset 30\n"
    with running(program, "fill", server, "enwiki", "search.db", folder=tmp_path) as written:
        assert written.readline() == "0 changes, through offset 30\n"
    with running(program, "find", "search.db", "spanish", "revolution", folder=tmp_path) as written:
        place, text, url = (written.readline().strip() for _ in range(3))
    assert place.startswith("Anarchism > ")
    assert "[Revolution]" in text
    assert url == "https://en.wikipedia.org/wiki/Anarchism"
