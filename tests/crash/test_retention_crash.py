"""Retention that is killed at any moment beside a writer leaves a whole store: nothing of what it has to keep is lost.

Seeds are printed: WIKIFEED_CRASH_SEED repeats a run, WIKIFEED_CRASH_ROUNDS and WIKIFEED_CRASH_SECONDS make it longer.
"""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import LogFilter, PageKey, Parts, StoredArticle
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

PAGES = 300
# Revision n is the change at offset n, and one of page n % PAGES + 1. Its text is its number.
WRITER = f"""
import random, sys, time
from pathlib import Path
from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter
rng = random.Random(sys.argv[2])
def write(n):
    head = Article(identifier=n % {PAGES} + 1, version={{"identifier": n}}).SerializeToString()
    body = Article(article_body={{"wikitext": f"{{n}} " * rng.randrange(1, 400)}}).SerializeToString()
    page = n % {PAGES} + 1
    return ArticleWrite("enwiki", page, f"Page {{page}}", 0, n, n, head, body, keeps_older=True)
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    done = int(sys.argv[3])
    while True:
        count = rng.choice((1, 1, 3, 10, 40))
        result = writer.put([write(n) for n in range(done + 1, done + 1 + count)])
        done += count
        assert (result.written, result.last_offset) == (count, done), result
        print(done, flush=True)
        time.sleep(count / 500)
"""
RETENTION = """
import random, sys
from pathlib import Path
from wikifeed_server.store.embedded.retention import LogRetention
rng = random.Random(sys.argv[2])
with LogRetention.open(Path(sys.argv[1]), remembered_changes=500) as retention:
    print("open", flush=True)
    while True:
        retention.apply(0, 0, rng.choice((20_000, 100_000, 200_000)), rng.random() < 0.5)
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


@contextmanager
def running(code: str, *arguments: object) -> Iterator[subprocess.Popen]:
    """A process that is killed at the end, once it has said something."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline()
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read()
    assert process.returncode == -signal.SIGKILL, rest


async def test_retention_that_is_killed_loses_nothing_it_has_to_keep(folder: Path, rng: random.Random) -> None:
    rounds = int(os.environ.get("WIKIFEED_CRASH_ROUNDS", "10"))
    dropped = 0
    with running(WRITER, folder, rng.random(), 0):
        for _ in range(rounds):
            with running(RETENTION, folder, rng.random()):
                await asyncio.sleep(rng.uniform(0.01, 0.6))
            dropped = await whole(folder, dropped)
    print(f"{dropped} changes dropped after {rounds} kills")
    assert dropped


async def test_writer_and_retention_that_are_killed_together_go_on(folder: Path, rng: random.Random) -> None:
    rounds = int(os.environ.get("WIKIFEED_CRASH_ROUNDS", "5"))
    dropped = 0
    for _ in range(rounds):
        async with EmbeddedReader.open(folder) as reader:
            newest = (await reader.log_info()).newest_offset
        with running(WRITER, folder, rng.random(), newest), running(RETENTION, folder, rng.random()):
            await asyncio.sleep(rng.uniform(0.1, 0.8))
        dropped = await whole(folder, dropped)
    print(f"{dropped} changes dropped after {rounds} kills")


async def test_readers_get_it_right_while_others_write_and_drop(folder: Path, rng: random.Random) -> None:
    """Readers with warm caches: each page read again and again, streams from kept offsets, scans."""
    until = asyncio.get_running_loop().time() + float(os.environ.get("WIKIFEED_CRASH_SECONDS", "4"))

    def goes_on() -> bool:
        return asyncio.get_running_loop().time() < until

    with running(WRITER, folder, rng.random(), 0), running(RETENTION, folder, rng.random()):
        one, other = EmbeddedReader.open(folder), EmbeddedReader.open(folder)
        async with one, other, asyncio.TaskGroup() as tasks:
            counts = [
                tasks.create_task(gets_articles(one, goes_on, rng)),
                tasks.create_task(gets_articles(other, goes_on, rng)),
                tasks.create_task(streams(one, goes_on)),
                tasks.create_task(scans(other, goes_on)),
            ]
    dropped = await whole(folder, 0)
    print(f"{dropped} dropped beside {[count.result() for count in counts]} reads")
    assert dropped
    assert all(count.result() for count in counts)


async def gets_articles(reader: EmbeddedReader, goes_on: Callable[[], bool], rng: random.Random) -> int:
    """Each article read is at least as new as the log was before."""
    count = 0
    while goes_on():
        newest = (await reader.log_info()).newest_offset
        page = rng.randrange(1, min(PAGES, 20) + 1)
        found = await reader.get(PageKey("enwiki", page_id=page), Parts.ALL)
        expected = state_at(page, newest)
        if expected:
            assert found is not None
            assert found.offset >= expected
            is_right(found)
            revision = await reader.get(PageKey("enwiki", page_id=page), Parts.ALL, expected)
            if revision is not None:
                assert revision.offset == expected
                is_right(revision)
        count += 1
        await asyncio.sleep(0)
    return count


async def streams(reader: EmbeddedReader, goes_on: Callable[[], bool]) -> int:
    """From the oldest offset on without a gap, until the log no longer keeps what follows."""
    count = expired = after = 0
    while goes_on():
        try:
            entries, through = await reader.read_entries(after, LogFilter(), Parts.ALL, 20, 10**6)
        except OffsetExpiredError as error:
            after = int(error.metadata["oldest_offset"]) - 1
            expired += 1
            continue
        assert [entry.offset for entry in entries] == list(range(after + 1, through + 1))
        for entry in entries:
            assert Article.FromString(b"".join(entry.fragments)).version.identifier == entry.offset
        count += len(entries)
        after = through - 30 if count % 7 == 0 else through
        after = max(after, 0)
        await asyncio.sleep(0.001)
    return count


async def scans(reader: EmbeddedReader, goes_on: Callable[[], bool]) -> int:
    """As of an offset that is held, page by page."""
    count = 0
    while goes_on():
        as_of = (await reader.log_info()).newest_offset
        try:
            async with reader.hold(as_of):
                await scan_is_right(reader, as_of, pages_at_once=50)
                count += 1
        except OffsetExpiredError:
            continue
    return count


async def whole(folder: Path, dropped: int) -> int:
    """Check all that the store has to keep, while nothing is dropped; how many changes were, `dropped` or more."""
    connection = sqlite3.connect(folder / "wikifeed.db")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.execute("BEGIN")
    ((oldest,),) = connection.execute("SELECT oldest_offset FROM retention").fetchall()
    kept = [offset for (offset,) in connection.execute("SELECT offset FROM log ORDER BY offset")]
    others = [
        [offset for (offset,) in connection.execute(f"SELECT offset FROM {table} ORDER BY offset")]
        for table in ("frame", "body", "version WHERE state")
    ]
    connection.close()
    newest = kept[-1]
    past = sorted(state_at(page, oldest - 1) for page in range(1, PAGES + 1))
    assert kept == [offset for offset in past if offset] + list(range(oldest, newest + 1))
    assert others == [kept] * 3
    async with EmbeddedReader.open(folder) as reader, reader.hold(oldest):
        frames, through = await reader.read_frames(oldest - 1, LogFilter(), 10**6, 10**9)
        changes = StreamChangesResponse.FromString(b"".join(frames)).changes
        assert [change.offset for change in changes] == list(range(oldest, through + 1))
        for as_of in (oldest - 1, (oldest + through) // 2, through):
            await scan_is_right(reader, as_of, pages_at_once=1000)
    assert oldest - 1 >= dropped
    return oldest - 1


async def scan_is_right(reader: EmbeddedReader, as_of: int, pages_at_once: int) -> None:
    found: list[StoredArticle] = []
    while some := await reader.scan(
        "enwiki", (), as_of, found[-1].page_id if found else 0, Parts.ALL, pages_at_once, 10**9
    ):
        found += some
    expected = [state_at(page, as_of) for page in range(1, PAGES + 1)]
    assert [article.offset for article in found] == [offset for offset in expected if offset]
    for article in found:
        is_right(article)


def is_right(stored: StoredArticle) -> None:
    article = Article.FromString(b"".join(stored.fragments))
    assert (article.identifier, article.version.identifier) == (stored.page_id, stored.offset)
    assert stored.page_id == stored.offset % PAGES + 1
    assert set(article.article_body.html.split() + article.article_body.wikitext.split()) == {str(stored.offset)}


def state_at(page: int, offset: int) -> int:
    """The page's last change at or before an offset; 0 where it had none."""
    last = offset - (offset - page + 1) % PAGES
    return max(last, 0)
