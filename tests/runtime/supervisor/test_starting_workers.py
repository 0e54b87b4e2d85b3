"""Workers that end before they listen."""

import subprocess
import sys

import pytest

from wikifeed_server.errors import WorkerFailedError
from wikifeed_server.runtime.supervisor.workers import Workers
from wikifeed_server.store.embedded import EmbeddedWriter

# Ends by itself the first times, as the kernel or its own exit code would end it; then it listens until it is told.
WORKER = """
import os, signal, sys
from pathlib import Path

ends, how, counted = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
with counted.open("a") as file:
    file.write("started\\n")
if len(counted.read_text().split()) <= ends:
    os.kill(os.getpid(), signal.SIGKILL) if how == "killed" else sys.exit(3)
print('{"addresses": []}', flush=True)
sys.stdin.read()
"""


def workers(tmp_path, ends, how):
    command = [sys.executable, "-c", WORKER, str(ends), how, str(tmp_path / "counted")]
    return Workers(lambda: command, {}, lambda: 1.0)


def started(tmp_path):
    return len((tmp_path / "counted").read_text().split())


async def test_one_that_is_killed_before_it_listens_is_started_again(tmp_path):
    running = workers(tmp_path, 2, "killed")
    await running.start(1)
    assert started(tmp_path) == 3
    await running.end()


async def test_one_that_is_killed_each_time_is_given_up(tmp_path):
    with pytest.raises(WorkerFailedError, match="-9"):
        await workers(tmp_path, 100, "killed").start(1)
    assert 1 < started(tmp_path) < 100


async def test_one_that_ends_by_itself_is_not_started_again(tmp_path):
    with pytest.raises(WorkerFailedError, match="3"):
        await workers(tmp_path, 100, "ended").start(1)
    assert started(tmp_path) == 1


def test_one_whose_parent_is_gone_before_it_listens_does_not_listen(tmp_path):
    EmbeddedWriter.open(tmp_path / "store").close()
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve-worker", "--store", tmp_path / "store"]
    command += ["--listen", "127.0.0.1:0", "--http", "none"]
    ended = subprocess.run(command, check=False, input=b"", capture_output=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
