"""Workers that count in processes of their own, and the admin server that shows it."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.runtime.telemetry.admin import admin_server
from wikifeed_server.runtime.telemetry.view import LISTENING, RUNTIME_FOLDER, WorkerView
from wikifeed_server.sources.status import SourceStatus
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter

SOURCE = "https://wiki.example/w/"
WORKER = Path(__file__).parent / "counting_worker.py"


class Worker:
    """One process of counting_worker.py."""

    def __init__(self, runtime_folder: Path, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKER), str(store), "127.0.0.1:0"],
            env={**os.environ, RUNTIME_FOLDER: str(runtime_folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        assert self._process.stdout.readline() == "ready\n"

    def __call__(self, *line: object) -> str:
        """Have it do something; what it answers."""
        print(*line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        """End it as a supervisor does."""
        self._process.stdin.close()
        assert self._process.wait() == 0
        self._process.stdout.close()

    def kill(self) -> None:
        """End it as lack of memory does, if it still runs."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


class Supervisor:
    """What a supervisor would tell of the workers here."""

    def __init__(self, runtime_folder: Path) -> None:
        self.runtime_folder = runtime_folder
        self.states: dict[int, str] = {}

    def workers(self) -> list[WorkerView]:
        return [WorkerView(pid, state, time.time()) for pid, state in self.states.items()]


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    folder = tmp_path / "runtime"
    folder.mkdir()
    return Supervisor(folder)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the three changes of three articles, and a source that is followed."""
    status = SourceStatus(SOURCE, os.getpid(), 0, time.time_ns() // 1000, connected_since=1, lag_seconds=1.5, stored=40)
    with EmbeddedWriter.open(tmp_path / "store") as writer:
        writer.put_project(ProjectInfo("enwiki", language="en"))
        writer.put([ArticleWrite("enwiki", n, f"Page {n}", 0, n, n, b"\x10\x01") for n in (1, 2, 3)])
        writer.put_status(SOURCE, status.to_json())
    return tmp_path / "store"


@pytest.fixture
def start_worker(supervisor: Supervisor, store: Path) -> Iterator[Callable[[], Worker]]:
    """Start a worker that the supervisor knows."""
    workers: list[Worker] = []

    def start() -> Worker:
        worker = Worker(supervisor.runtime_folder, store)
        workers.append(worker)
        supervisor.states[worker.pid] = LISTENING
        return worker

    yield start
    for worker in workers:
        worker.kill()


@pytest.fixture
async def admin(supervisor: Supervisor) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the supervisor's admin server."""
    async with (
        admin_server(TelemetrySettings(admin="127.0.0.1:0"), supervisor) as address,
        aiohttp.ClientSession(f"http://{address}") as session,
    ):
        yield session
