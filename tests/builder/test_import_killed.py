"""An import that is killed at any moment and started again ends with the same store and no doubled change."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wikifeed_server.store import LogFilter, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader

PAGES = 160
PROGRAM = Path(__file__).with_name("importer.py")


def start(folder):
    command = (sys.executable, PROGRAM, folder, str(PAGES))
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def chance():
    seed = int(os.environ.get("WIKIFEED_SEED") or random.randrange(1 << 32))
    print(f"WIKIFEED_SEED={seed}")
    return random.Random(seed)


async def contents(folder):
    """Every page's offset and fragments, without the times of this very import; and the end of the log."""
    reader = EmbeddedReader.open(folder)
    try:
        pages = []
        for number in range(1, PAGES + 1):
            stored = await reader.get(PageKey("enwiki", page_id=number), Parts.HTML | Parts.WIKITEXT | Parts.STRUCTURED)
            pages.append((stored.offset, stored.title, stored.modified, b"".join(stored.fragments)))
        frames = await reader.read_frames(0, LogFilter(), 2 * PAGES, 1 << 30)
        return pages, len(frames.frames), frames.through_offset
    finally:
        await reader.close()


async def test_killed_imports_end_with_the_same_store(tmp_path, chance):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    with start(whole) as process:
        lines = process.communicate()[0].splitlines()
    assert lines[-1] == "done"

    for _ in range(3):
        commits = chance.randrange(len(lines) // 3)
        with start(killed) as process:
            for _, _line in zip(range(commits), process.stdout, strict=False):
                pass
            process.send_signal(signal.SIGKILL)
            process.communicate()
    with start(killed) as process:
        lines = process.communicate()[0].splitlines()
    assert lines[-1] == "done"

    assert await contents(killed) == await contents(whole)


def test_interrupted_import_says_so_once_and_leaves_no_worker(tmp_path):
    with start(tmp_path / "store") as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        # Workers hold the standard error too: it ends when the last of them has.
        _, errors = process.communicate()
    assert process.returncode == -signal.SIGINT
    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
