"""Readers beside a writer in another process, and the write-ahead log between them."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from wikifeed_server.store import LogFilter, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter, wal

WRITE_ON_DEMAND = """
import sys
from pathlib import Path
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    print("ready", flush=True)
    for line in sys.stdin:
        number = int(line)
        writer.put([ArticleWrite("enwiki", number, f"Page {number}", 0, number, number, b"")])
        print(number, flush=True)
"""


async def test_a_reader_sees_each_commit_of_another_process(folder: Path, run_python) -> None:
    process = run_python(WRITE_ON_DEMAND, folder)
    assert process.stdout.readline() == "ready\n"
    async with EmbeddedReader.open(folder) as reader:
        for number in range(2, 20):
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{number}\n"
            assert (await reader.log_info()).newest_offset == number
            assert await reader.get(PageKey("enwiki", title=f"Page {number}"), Parts.HEAD) is not None


async def test_waiting_readers_wake_when_another_process_writes(folder: Path, run_python) -> None:
    process = run_python(WRITE_ON_DEMAND, folder)
    assert process.stdout.readline() == "ready\n"
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(EmbeddedReader.open(folder)) for _ in range(3)]
        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(reader.wait(1, 60)) for reader in readers for _ in range(20)]
            await asyncio.sleep(0)
            process.stdin.write("2\n")
            process.stdin.flush()
        assert {task.result() for task in waiting} == {2}


async def test_a_wait_that_ends_leaves_no_task_and_no_timer(folder: Path) -> None:
    async with EmbeddedReader.open(folder) as reader:
        before = asyncio.all_tasks()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await reader.wait(1, 60)
        assert await reader.wait(1, 0.02) == 1
        assert asyncio.all_tasks() == before


async def test_a_store_is_read_when_its_writer_left_its_log_behind(folder: Path, run_python) -> None:
    process = run_python(WRITE_ON_DEMAND, folder)
    process.stdin.write("2\n")
    process.stdin.flush()
    assert [process.stdout.readline() for _ in range(2)] == ["ready\n", "2\n"]
    process.kill()
    process.wait()
    assert (folder / "wikifeed.db-wal").stat().st_size > 0
    async with EmbeddedReader.open(folder) as reader:
        assert (await reader.log_info()).newest_offset == 2


async def test_a_reader_stays_when_writers_come_and_go(folder: Path, article) -> None:
    async with EmbeddedReader.open(folder) as reader:
        for number in range(2, 6):
            with EmbeddedWriter.open(folder) as writer:
                writer.put([article(number)])
            assert len((await reader.read_frames(0, LogFilter(), 10, 10**6)).frames) == number
            assert len(await reader.scan("enwiki", (), number, 0, Parts.ALL, 10, 10**6)) == number


async def test_the_write_ahead_log_stays_bounded_among_constant_readers(
    folder: Path, article, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 4_000_000
    monkeypatch.setattr(wal, "LONGEST_BYTES", longest)
    stop = asyncio.Event()

    async def read_all_the_time(reader: EmbeddedReader) -> None:
        while not stop.is_set():
            await reader.scan("enwiki", (), 10**6, 0, Parts.ALL, 50, 10**6)

    sizes = []
    async with AsyncExitStack() as stack:
        readers = [await stack.enter_async_context(EmbeddedReader.open(folder)) for _ in range(3)]
        with EmbeddedWriter.open(folder) as writer:
            async with asyncio.TaskGroup() as tasks:
                for reader in readers:
                    tasks.create_task(read_all_the_time(reader))
                for start in range(2, 2000, 50):
                    batch = [article(number, head=bytes(10_000)) for number in range(start, start + 50)]
                    await asyncio.to_thread(writer.put, batch)
                    sizes.append((folder / "wikifeed.db-wal").stat().st_size)
                stop.set()
    assert max(sizes) < 2 * longest
    assert sum(sizes[i] < sizes[i - 1] for i in range(1, len(sizes))) > 1


async def test_a_scan_looks_past_many_pages_that_do_not_pass(folder: Path, article) -> None:
    """More redirect pages in a row than one statement looks at."""
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(number, redirect_target="Page 1") for number in range(2, 10_100)] + [article(10_100)])
    async with EmbeddedReader.open(folder) as reader:
        (found,) = await reader.scan("enwiki", (0,), 10_100, 1, Parts.HEAD, 10, 10**6)
        assert found.page_id == 10_100
        assert await reader.scan("enwiki", (0,), 10_099, 1, Parts.HEAD, 10, 10**6) == []


async def test_large_reads_of_the_log_agree_with_small_ones(folder: Path, article) -> None:
    """Small ones run on the event loop, large ones in a thread."""
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(number, namespace=number % 7) for number in range(2, 1500)])
    filter_ = LogFilter(namespaces=(3,))
    async with EmbeddedReader.open(folder) as reader:
        large = await reader.read_frames(0, filter_, 10**6, 10**9)
        entries = await reader.read_entries(0, filter_, Parts.HEAD, 10**6, 10**9)
        small = []
        after = 0
        while after < 1499:
            frames, after = await reader.read_frames(after, filter_, 5, 10_000)
            small += frames
    assert large.frames == small
    assert len(entries.entries) == len(small)
    assert (large.through_offset, entries.through_offset) == (1499, 1499)
