"""The TypeScript client: its own tests, its package, its README and its examples against a real server."""

import hashlib
import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
from demo_server import COMMAND, ENVIRONMENT, serving
from made_up_certificates import make_certificate

from wikifeed_client import Client

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@contextmanager
def running(*words: object, folder: Path) -> Iterator[IO[str]]:
    """What a program of Node's writes. Leaving it kills the program."""
    line = ["node", *map(str, words)]
    with subprocess.Popen(line, cwd=folder, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            yield program.stdout
        finally:
            program.kill()


def test_the_code_is_formatted(npm, client, repository):
    npm("run", "--silent", "lint", folder=client)
    sources = sorted((repository / "examples" / "typescript").glob("*.ts"))
    npm("exec", "--", "prettier", "--check", "--print-width", 120, *sources, folder=client)


def test_the_packages_own_tests_pass(npm, client):
    ran = npm("test", folder=client)
    assert int(re.search(r"^# pass (\d+)$", ran, re.MULTILINE)[1]) > 20


def test_the_client_keeps_its_promises_with_servers_that_run(npm, client, store, server, hourly_server, tmp_path):
    make_certificate(tmp_path, "server")
    words = [*COMMAND, "users", "add", "ada", "--no-password", "--plan", "unlimited", "--store", store]
    subprocess.run(words, check=True, capture_output=True, env=ENVIRONMENT)
    words = [*COMMAND, "keys", "create", "ada", "--store", store]
    key = subprocess.run(words, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.split()[-1]
    files = ("--tls-certificate", tmp_path / "server.pem", "--tls-key", tmp_path / "server.key")
    with serving(store, "--accounts", "yes", *files) as guarded:
        told = {
            "WIKIFEED_ADDRESS": server,
            "WIKIFEED_TLS_ADDRESS": guarded,
            "WIKIFEED_AUTHORITY": str(tmp_path / "server.pem"),
            "WIKIFEED_KEY": key,
            "WIKIFEED_HOURLY_ADDRESS": hourly_server.address,
            "WIKIFEED_HOURLY_KEY": hourly_server.key,
        }
        ran = npm("run", "test-live", folder=client, **told)
    assert int(re.search(r"^# pass (\d+)$", ran, re.MULTILINE)[1]) > 9


def test_a_disk_that_fills_up_is_told_and_what_came_is_kept(npm, client, server, tmp_path):
    program, folder = tmp_path / "export.mjs", tmp_path / "files"
    program.write_text(
        f'import {{ Client }} from "{client / "dist" / "src" / "index.js"}";\n'
        f'const client = new Client("{server}");\n'
        'const { identifier } = await client.createSnapshot({ project: "enwiki" });\n'
        'const done = client.export(identifier, "files");\n'
        'await done.then(() => console.log("whole"), (error) => console.log(error.code, error.message));\n'
        "client.close();\n"
    )
    # What is beyond the limit of a file's size is refused as what is beyond the end of a disk.
    words = ["bash", "-c", f"ulimit -f 10; trap '' XFSZ; node {program}"]
    bounded = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert bounded.stdout.startswith("EFBIG "), bounded.stderr
    assert "what came is kept, and the next export goes on" in bounded.stdout
    kept = {part.name.partition(".tar.gz")[0].lstrip("."): part.stat().st_size for part in folder.iterdir()}
    assert all(part.name.endswith(".part") for part in folder.iterdir())
    assert max(kept.values()) == 10 * 1024
    whole = subprocess.run(["node", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert whole.stdout == "whole\n"
    files = {file.name.removesuffix(".tar.gz"): file.stat().st_size for file in folder.iterdir()}
    assert all(size <= files[name] for name, size in kept.items())


def test_the_program_of_the_readme_runs_with_the_package(npm, repository, client, server, tmp_path):
    for folder in (repository / "generated" / "typescript", client):
        npm("pack", "--silent", "--pack-destination", tmp_path, folder=folder)
    packages = sorted(tmp_path.glob("*.tgz"))
    assert [package.name for package in packages] == ["wikifeed-client-0.1.0.tgz", "wikifeed-proto-0.1.0.tgz"]
    (tmp_path / "package.json").write_text(json.dumps({"type": "module"}))
    npm("install", "--silent", "--no-save", *packages, folder=tmp_path)
    text = re.search(r"```ts\n(.*?)```", (client / "README.md").read_text(), re.DOTALL)[1]
    (tmp_path / "readme.js").write_text(text.replace("localhost:50051", server))
    with running("readme.js", folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=1) for _ in range(31)]
    assert lines[0] == ["Anarchism", "https://en.wikipedia.org/wiki/Anarchism\n"]
    assert [int(offset.rstrip("n")) for offset, _ in lines[1:]] == list(range(1, 31))


def test_the_batches_of_the_readme_are_fetched(npm, client, hourly_server, tmp_path):
    address, key = hourly_server
    text = re.findall(r"```ts\n(.*?)```", (client / "README.md").read_text(), re.DOTALL)[1]
    program = tmp_path / "batches.mjs"
    program.write_text(
        f'import {{ Client }} from "{client / "dist" / "src" / "index.js"}";\n'
        f'const client = new Client("{address}", {{ key: "{key}" }});\n{text}client.close();\n'
    )
    ran = subprocess.run(["node", program], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    with Client(address, key=key) as python:
        expected = list(python.batches(namespaces=[0]))
    assert len(expected) == 4
    for line, batch in zip(ran.stdout.splitlines(), expected, strict=True):
        path, count = line.split()
        assert Path(path).parts == ("batches", f"{batch.hour.ToDatetime():%Y-%m-%dT%H}", batch.file_name)
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == batch.sha256
        assert count == "5n"


def test_the_example_of_the_changes_goes_on_where_its_file_says(examples, server, tmp_path):
    (tmp_path / "changes.offset").write_text("12\n")
    with running(examples / "changes.js", server, "enwiki", "changes.offset", folder=tmp_path) as written:
        lines = [written.readline().split(maxsplit=2) for _ in range(18)]
    assert [int(offset) for offset, _, _ in lines] == list(range(13, 31))
    assert {event for _, event, _ in lines} == {"CREATE"}
    assert 12 <= int((tmp_path / "changes.offset").read_text()) <= 30


def test_the_example_of_the_mirror_holds_what_the_server_has(examples, server, tmp_path):
    for expected in (["16 updates", "0 updates"], ["0 updates"]):
        with running(examples / "mirror.js", server, "enwiki", "mirror.db", folder=tmp_path) as written:
            assert [written.readline() for _ in expected] == [f"{each}, through offset 30\n" for each in expected]
    with closing(sqlite3.connect(tmp_path / "mirror.db")) as mirror:
        assert mirror.execute("SELECT count(*), min(name) FROM article").fetchone() == (16, "A")
        assert mirror.execute("SELECT through_offset FROM mirror").fetchall() == [("30",)]


def test_the_example_of_the_search_finds_passages(examples, server, tmp_path):
    for expected in ("16 articles at offset 30\n", "0 changes, through offset 30\n"):
        with running(examples / "search.js", "fill", server, "enwiki", "search.db", folder=tmp_path) as written:
            assert written.readline() == expected
    with running(examples / "search.js", "find", "search.db", "spanish", "revolution", folder=tmp_path) as written:
        place, text, url = (written.readline().strip() for _ in range(3))
    assert place.startswith("Anarchism > ")
    assert "[Revolution]" in text
    assert url == "https://en.wikipedia.org/wiki/Anarchism"
