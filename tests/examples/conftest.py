"""A server on the bundled pages, and what runs the examples against it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]
PAGES = "tests/data/enwiki-demo.xml.bz2"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}


@pytest.fixture
def store(repository: Path, tmp_path: Path) -> Path:
    """A store with the bundled pages: 16 articles and 14 redirects, offsets 1 to 30."""
    words = ["import", repository / PAGES, "--store", tmp_path / "store", "--import-workers", "1", "--quiet"]
    subprocess.run([*COMMAND, *map(str, words)], check=True, capture_output=True, env=ENVIRONMENT)
    return tmp_path / "store"


@pytest.fixture
def server(store: Path) -> Iterator[str]:
    """The address of `wikifeed serve` on it."""
    words = [*COMMAND, "serve", "--store", str(store), "--listen", "127.0.0.1:0", "--http", "none"]
    with subprocess.Popen([*words, "--log-format", "json"], stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as run:
        try:
            yield json.loads(run.stderr.readline())["addresses"][0]
        finally:
            run.terminate()
            run.communicate()


@pytest.fixture
def example(repository: Path, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """Starts a Python example in a folder of the test's own; it is ended when the test leaves it."""
    folder = tmp_path / "run"
    folder.mkdir()

    @contextmanager
    def start(name: str, *words: object) -> Iterator["subprocess.Popen[str]"]:
        command = [sys.executable, repository / "examples" / name, *map(str, words)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True) as running:
            try:
                yield running
            finally:
                running.kill()

    return start
