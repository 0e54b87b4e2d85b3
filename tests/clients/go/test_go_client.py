"""The Go client: its own tests, its format, and its examples against a real server."""

import re
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

MODULES = ("clients/go", "examples/go")


@pytest.mark.parametrize("module", MODULES)
def test_the_code_is_formatted_and_vetted(go, repository, module):
    folder = repository / module
    formatted = subprocess.run(["gofmt", "-l", folder], capture_output=True, text=True, check=True)
    assert formatted.stdout == ""
    go("vet", "./...", folder=folder)


@pytest.mark.parametrize("module", MODULES)
def test_the_modules_own_tests_pass(go, repository, module):
    go("test", "-count=1", "./...", folder=repository / module)


def test_the_program_of_the_readme_runs(build_readme, server, tmp_path):
    build_readme(lambda program, batches: program.replace("localhost:50051", server))
    with subprocess.Popen([tmp_path / "readme"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as program:
        lines = [program.stdout.readline().split(maxsplit=1) for _ in range(31)]
        program.kill()
    assert lines[0] == ["Anarchism", "https://en.wikipedia.org/wiki/Anarchism\n"]
    assert [int(offset) for offset, _ in lines[1:]] == list(range(1, 31))


def test_the_example_of_the_feed_goes_on_where_it_ended(go, repository, server, tmp_path):
    go("build", "-o", tmp_path / "feed", "./feed", folder=repository / "examples" / "go")
    command = [tmp_path / "feed", server, "enwiki", tmp_path / "files"]
    first = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert first.stdout.startswith("16 articles at offset 30\n")
    assert re.findall(r"^change (\d+)", first.stdout, re.MULTILINE) == ["28", "29", "30"]
    second = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "change" not in second.stdout


def test_the_example_of_the_mirror_holds_what_the_server_has(go, repository, server, tmp_path):
    go("build", "-o", tmp_path / "mirror", "./mirror", folder=repository / "examples" / "go")
    for _ in range(2):
        command = [tmp_path / "mirror", server, "enwiki", tmp_path / "mirror.db"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mirror:
            assert mirror.stdout.readline() == "0 updates, through offset 30\n"
            mirror.send_signal(signal.SIGINT)
            assert mirror.wait(timeout=20) == 0
    with closing(sqlite3.connect(tmp_path / "mirror.db")) as database:
        assert database.execute("SELECT count(*), min(name), max(offset) FROM article").fetchone() == (16, "A", 30)
        assert database.execute("SELECT through_offset FROM mirror").fetchall() == [(30,)]


def test_the_example_of_the_changes_goes_on_where_its_file_says(go, repository, server, tmp_path):
    go("build", "-o", tmp_path / "changes", "./changes", folder=repository / "examples" / "go")
    (tmp_path / "changes.json").write_text('{"offset": 12}')
    command = [tmp_path / "changes", server, "enwiki", "changes.json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as program:
        lines = [program.stdout.readline().split(maxsplit=2) for _ in range(18)]
        program.kill()
    assert [int(offset) for offset, _, _ in lines] == list(range(13, 31))
    assert {event for _, event, _ in lines} == {"CREATE"}


def test_the_example_of_the_search_finds_passages(go, repository, server, tmp_path):
    go("build", "-o", tmp_path / "search", "./search", folder=repository / "examples" / "go")
    for expected in ("16 articles at offset 30\n", "0 changes, through offset 30\n"):
        command = [tmp_path / "search", "fill", server, "enwiki", "search.db"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout.readline() == expected
            program.send_signal(signal.SIGINT)
            assert program.wait(timeout=20) == 0
    command = [tmp_path / "search", "find", "search.db", "spanish", "revolution"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    place, text, url = (line.strip() for line in found.stdout.splitlines()[:3])
    assert place.startswith("Anarchism > ")
    assert "[Revolution]" in text
    assert url == "https://en.wikipedia.org/wiki/Anarchism"
