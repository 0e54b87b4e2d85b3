"""Dropping beside those who read and those who hold what would be dropped."""

import itertools
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetExpiredError, StoreError
from wikifeed_server.store import ArticleWrite, LogFilter, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter, log
from wikifeed_server.store.embedded.articles import ArticleTables
from wikifeed_server.store.embedded.dropping import DroppingTables, Plan
from wikifeed_server.store.embedded.holds import Hold
from wikifeed_server.store.embedded.log import LogTables
from wikifeed_server.store.embedded.positions import LogBounds, LogPositions
from wikifeed_server.store.embedded.retention import LogRetention

Make = Callable[..., ArticleWrite]


async def test_a_reader_that_is_overtaken_while_it_reads_is_told(
    revisions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look at what is kept and its read."""
    span_of = LogTables.span
    retention = LogRetention.open(revisions)
    before = iter((4, 6, 8))

    def overtaken(self: LogTables, *asked: object) -> log.Span:
        span = span_of(self, *asked)
        retention.drop_before(next(before))
        return span

    monkeypatch.setattr(LogTables, "span", overtaken)
    async with EmbeddedReader.open(revisions) as reader:
        with pytest.raises(OffsetExpiredError) as raised:
            await reader.read_frames(1, LogFilter(), 10, 10**6)
        assert raised.value.metadata["oldest_offset"] == "4"
        with pytest.raises(OffsetExpiredError):
            await reader.read_entries(3, LogFilter(namespaces=(0,)), Parts.ALL, 10, 10**6)
        with pytest.raises(OffsetExpiredError):
            await reader.read_slice(5, 10, 10**6)
        monkeypatch.undo()
        assert len((await reader.read_slice(7, 10, 10**6)).frames) == 3
    retention.close()


async def test_a_page_whose_version_goes_while_it_is_looked_up_is_found_by_its_next(
    revisions: Path, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ArticleTables._kept
    revision = itertools.count(20)

    def superseded(self: ArticleTables, *asked: int) -> tuple[bytes, ...] | None:
        monkeypatch.undo()
        with EmbeddedWriter.open(revisions) as writer, LogRetention.open(revisions) as retention:
            number = next(revision)
            writer.put(
                [article(1, revision_id=number, modified=number), article(3, revision_id=number, modified=number)]
            )
            retention.drop_before(10**6)
        return kept(self, *asked)

    async with EmbeddedReader.open(revisions, cache_bytes=0) as reader:
        for offset in (11, 13):
            monkeypatch.setattr(ArticleTables, "_kept", superseded)
            found = await reader.get(PageKey("enwiki", page_id=1), Parts.ALL)
            assert found is not None
            assert found.offset == offset
        monkeypatch.setattr(ArticleTables, "_kept", superseded)
        assert await reader.get(PageKey("enwiki", page_id=1), Parts.ALL, 21) is None


async def test_a_search_for_a_time_that_is_overtaken_looks_behind_what_is_gone(
    revisions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LogRetention.open(revisions) as retention:
        retention.drop_before(10)
    monkeypatch.setattr(LogPositions, "bounds", lambda _: LogBounds(oldest=1, compacted=False, newest=10))
    async with EmbeddedReader.open(revisions) as reader:
        assert await reader.offset_at(5_000_000) == 9
        assert await reader.offset_at(9_500_000) == 10


async def test_a_store_that_lacks_a_pages_state_is_damaged(revisions: Path) -> None:
    connection = sqlite3.connect(revisions / "wikifeed.db")
    connection.execute("DELETE FROM frame WHERE offset = 10")
    connection.commit()
    connection.close()
    async with EmbeddedReader.open(revisions) as reader:
        with pytest.raises(StoreError, match="offset 10 has no frame"):
            await reader.get(PageKey("enwiki", page_id=2), Parts.HEAD)


async def test_a_compacted_part_full_of_gaps_is_read_in_few_calls(
    folder: Path, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_WINDOW", 10)
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(2, revision_id=n, modified=n) for n in range(2, 300)])
        last = writer.put([article(3)]).last_offset
    with LogRetention.open(folder) as retention:
        retention.drop_before(last, compact=True)
    async with EmbeddedReader.open(folder) as reader:
        found: list[int] = []
        calls = after = 0
        while after < last:
            frames, after = await reader.read_frames(after, LogFilter(namespaces=(0,), compacted=True), 1, 10**6)
            found += [change.offset for change in StreamChangesResponse.FromString(b"".join(frames)).changes]
            calls += 1
    assert (found, calls) == ([1, last - 1, last], 3)


HOLD = """
import asyncio, sys
from pathlib import Path
from wikifeed_server.store.embedded import EmbeddedReader
async def hold():
    async with EmbeddedReader.open(Path(sys.argv[1])) as reader, reader.hold(4):
        print("held", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(hold())
"""


@pytest.mark.parametrize("ends", [signal.SIGKILL, None])
def test_a_hold_of_another_process_counts_until_that_ends(
    revisions: Path, run_python: Callable[..., subprocess.Popen], ends: signal.Signals | None
) -> None:
    holder = run_python(HOLD, revisions)
    assert holder.stdout.readline() == "held\n"
    with LogRetention.open(revisions) as retention:
        assert retention.drop_before(8).oldest_offset == 4
        if ends is None:
            holder.communicate()
        else:
            holder.send_signal(ends)
            holder.wait()
        assert retention.drop_before(8).oldest_offset == 8
    assert list((revisions / "holds").iterdir()) == []


def test_a_hold_that_is_taken_just_before_the_drop_counts(revisions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After what is to go was found, and before it goes."""
    plan, held = DroppingTables.plan, Hold(revisions, 6)

    def overtaken(self: DroppingTables, *asked: int) -> Plan:
        found = plan(self, *asked)
        monkeypatch.undo()
        held.take(lambda: 1)
        return found

    monkeypatch.setattr(DroppingTables, "plan", overtaken)
    with LogRetention.open(revisions) as retention:
        assert retention.drop_before(8).oldest_offset == 6
        held.close()
        assert retention.drop_before(8).oldest_offset == 8
