"""A store whose writer is killed, or whose power fails, has all that was acknowledged, no gap and nothing twice.

Seeds are printed: WIKIFEED_CRASH_SEED repeats a run, WIKIFEED_CRASH_ROUNDS makes it longer.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite, Checkpoint, LogFilter, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

# A source of numbered revisions: it goes on where its checkpoint says, and prints what is acknowledged.
IMPORTER = """
import random, sys
from pathlib import Path
from wikifeed_server.store import ArticleWrite, Checkpoint
from wikifeed_server.store.embedded import EmbeddedWriter
rng = random.Random(sys.argv[2])
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    done = int(writer.checkpoint("numbers") or 0)
    print("from", done, flush=True)
    while True:
        count = rng.choice((1, 1, 3, 40, 300))
        again = range(max(done - 5, 0), done)
        writes = [
            ArticleWrite("enwiki", n % 500 + 1, f"Page {n % 500}", 0, n + 1, n + 1, b"\\x10\\x01", rng.randbytes(900))
            for n in (*again, *range(done, done + count))
        ]
        result = writer.put(writes, Checkpoint("numbers", str(done + count).encode()))
        assert (result.written, result.last_offset) == (count, done + count), result
        done += count
        print(done, flush=True)
"""


@pytest.fixture
def rng() -> random.Random:
    seed = int(os.environ.get("WIKIFEED_CRASH_SEED", random.SystemRandom().randrange(2**32)))
    print(f"WIKIFEED_CRASH_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with EmbeddedWriter.open(tmp_path) as writer:
        writer.put_project(ProjectInfo("enwiki"))
    return tmp_path


async def test_a_killed_writer_loses_nothing_acknowledged(folder: Path, rng: random.Random) -> None:
    rounds = int(os.environ.get("WIKIFEED_CRASH_ROUNDS", "6"))
    acknowledged = 0
    for _ in range(rounds):
        acknowledged = import_until_killed(folder, rng, acknowledged)
        assert await numbers_stored(folder) >= acknowledged
    stored = await numbers_stored(folder)
    print(f"{stored} changes after {rounds} kills")
    with EmbeddedWriter.open(folder) as writer:
        assert writer.checkpoint("numbers") == str(stored).encode()


async def test_power_lost_at_any_byte_of_the_log_leaves_whole_batches(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, rng: random.Random
) -> None:
    """What the disk got of the write-ahead log may end, or turn into garbage, anywhere after the last flush."""
    database, log, sizes, ends = put_some_batches(folder, rng)
    assert sizes[-1] == len(log)
    for _ in range(25):
        cut = rng.randrange(len(log))
        copy = tmp_path_factory.mktemp("power") / "store"
        copy.mkdir()
        (copy / "wikifeed.db").write_bytes(database)
        garbage = rng.randbytes(rng.randrange(5000)) if rng.random() < 0.5 else b""
        (copy / "wikifeed.db-wal").write_bytes(log[:cut] + garbage)
        with EmbeddedWriter.open(copy) as writer:
            flushed = sum(size <= cut for size in sizes)
            assert int(writer.checkpoint("numbers") or 0) == ends[flushed]
        assert await numbers_stored(copy) == ends[flushed]


def test_every_commit_waits_for_the_disk(folder: Path) -> None:
    with EmbeddedWriter.open(folder) as writer:
        settings = {
            name: writer._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2}


def import_until_killed(folder: Path, rng: random.Random, acknowledged: int) -> int:
    """Run the importer and kill it after a random time; the last number that it said was stored."""
    command = [sys.executable, "-c", IMPORTER, str(folder), str(rng.random())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        began = process.stdout.readline().split()
        assert began[0] == "from"
        assert int(began[1]) >= acknowledged
        timer = threading.Timer(rng.uniform(0.005, 0.4), process.send_signal, [signal.SIGKILL])
        timer.start()
        # The kill may cut the last line short: only one with its end was said.
        said = [int(line) for line in process.stdout if line.endswith("\n")]
        timer.join()
    assert process.returncode == -signal.SIGKILL
    return max([acknowledged, *said])


def put_some_batches(folder: Path, rng: random.Random) -> tuple[bytes, bytes, list[int], list[int]]:
    """The database and its write-ahead log as they are on the disk after some batches, the writer still at work.

    With them the sizes of the log after each batch, and how many numbers are stored after 0, 1, ... batches.
    """
    sizes, ends = [], [0]
    log = folder / "wikifeed.db-wal"
    with EmbeddedWriter.open(folder) as writer:
        for _ in range(8):
            begin, end = ends[-1], ends[-1] + rng.choice((1, 2, 30))
            writes = [
                ArticleWrite("enwiki", n % 500 + 1, f"Page {n % 500}", 0, n + 1, n + 1, b"\x10\x01", rng.randbytes(900))
                for n in range(begin, end)
            ]
            writer.put(writes, Checkpoint("numbers", str(end).encode()))
            sizes.append(log.stat().st_size)
            ends.append(end)
        return (folder / "wikifeed.db").read_bytes(), log.read_bytes(), sizes, ends


async def numbers_stored(folder: Path) -> int:
    """How many changes the store holds, after a check that it is sound and they are 1, 2, 3, ..., each once."""
    connection = sqlite3.connect(folder / "wikifeed.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    async with EmbeddedReader.open(folder) as reader:
        frames, newest = await reader.read_frames(0, LogFilter(), 10**7, 10**10)
        changes = StreamChangesResponse.FromString(b"".join(frames)).changes
        assert [change.offset for change in changes] == list(range(1, newest + 1))
        for number in range(max(newest - 500, 0), newest):
            found = await reader.get(PageKey("enwiki", title=f"Page {number % 500}"), Parts.ALL)
            assert found is not None
            assert (found.offset, len(found.fragments[1])) == (number + 1, 900)
        versions = await reader.scan("enwiki", (0,), newest, 0, Parts.HEAD, 1000, 10**9)
        assert len(versions) == min(newest, 500)
    return newest
