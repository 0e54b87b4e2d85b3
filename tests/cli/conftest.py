"""The command as a user runs it: a process of its own, in a folder of its own, with nothing set in the environment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parent.parent / "data" / "enwiki-demo.xml.bz2"
COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]

Run = Callable[..., subprocess.CompletedProcess[str]]


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}


@dataclass(frozen=True)
class Server:
    """A running `wikifeed serve`: `address` is where it listens, `process` what runs it."""

    address: str
    process: subprocess.Popen[str]
    greeting: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def stop(self) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
        return self.process.returncode


@contextmanager
def serving(store: Path, listen: str = "127.0.0.1:0", *words: object) -> Iterator[Server]:
    """`wikifeed serve` on that store until the context ends."""
    command = [*COMMAND, "serve", "--store", str(store), "--listen", listen, "--log-format", "json"]
    command += map(str, words if "--http" in words else (*words, "--http", "none"))
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean_environment())
    assert process.stderr is not None
    try:
        started = json.loads(process.stderr.readline())
        greeting = [process.stderr.readline()]
        while greeting[-1] and not greeting[-1].startswith(("  grpcurl", "  wikifeed import")):
            greeting.append(process.stderr.readline())
        yield Server(started["addresses"][0], process, "".join(greeting))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def pages() -> Path:
    """The bundled dump: 16 articles and 14 redirects of the English Wikipedia."""
    return PAGES


@pytest.fixture(scope="session")
def command() -> list[str]:
    """The words that run the command."""
    return COMMAND


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment without any setting of ours."""
    return clean_environment()


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[Server]]:
    """Serves a store while a context lasts."""
    return serving


@pytest.fixture
def wikifeed(tmp_path: Path) -> Run:
    """Runs a command line in an empty folder."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=clean_environment() | variables,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the bundled pages, not to be written to."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    command = [*COMMAND, "import", str(PAGES), "--store", str(folder), "--import-workers", "1", "--quiet"]
    subprocess.run(command, check=True, capture_output=True, env=clean_environment())
    return folder


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[Server]:
    """A server on the bundled pages."""
    with serving(store) as running:
        yield running


@pytest.fixture
def ask(wikifeed: Run, server: Server) -> Run:
    """Runs a command line that asks the server."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return wikifeed(*arguments, WIKIFEED_SERVER=server.address)

    return run
