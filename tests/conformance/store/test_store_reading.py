"""Reading the log of a store: limits, filters, what it no longer has, waiting, by example."""

import asyncio

import pytest
from store_engines import Store
from store_model import write

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetExpiredError, StoreError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import (
    LogFilter,
    PageKey,
    Parts,
    Reader,
)

BIG = 2**64 - 1
PLENTY = 10**9
ALL = LogFilter()


async def changes_of(reader: Reader, filter_: LogFilter) -> list[Change]:
    frames, _ = await reader.read_frames(0, filter_, 100, PLENTY)
    return list(StreamChangesResponse.FromString(b"".join(frames)).changes)


async def test_limits_in_bytes_let_at_least_one_through(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(number, f"Page {number}", number) for number in range(1, 6)])
    async with store.reader() as reader:
        frames, through = await reader.read_frames(0, ALL, 10, 1)
        assert (len(frames), through) == (1, 1)
        size = len(frames[0])
        assert (await reader.read_frames(0, ALL, 10, 3 * size)).through_offset == 3
        entries, through = await reader.read_entries(2, ALL, Parts.ALL, 10, 1)
        assert ([entry.offset for entry in entries], through) == ([3], 3)
        assert len(await reader.scan("enwiki", (0,), 5, 0, Parts.ALL, 10, 1)) == 1
        assert len(await reader.scan("enwiki", (0,), 5, 0, Parts.ALL, 3, PLENTY)) == 3


async def test_a_filter_moves_the_cursor_though_nothing_passes(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(number, "A", number) for number in range(1, 6)])
    async with store.reader() as reader:
        assert await reader.read_frames(0, LogFilter(projects=("nowiki",)), 10, PLENTY) == ([], 5)
        assert await reader.read_entries(0, LogFilter(page_ids=(9,)), Parts.ALL, 10, PLENTY) == ([], 5)


async def test_a_filter_of_partitions_lets_pass_what_says_that_it_is_in_them(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(number, f"Page {number}", number) for number in range(1, 40)])
    async with store.reader() as reader:
        changes = await changes_of(reader, ALL)
        wanted = {change.article.event.partition for change in changes[:5]}
        expected = [change for change in changes if change.article.event.partition in wanted]
        assert await changes_of(reader, LogFilter(partitions=tuple(wanted))) == expected
        assert 5 <= len(expected) < len(changes)


async def test_a_filter_lets_a_project_pass_that_comes_later(store: Store) -> None:
    async with store.reader() as reader:
        filter_ = LogFilter(projects=("latwiki",))
        with store.writer() as writer:
            writer.put([write(1, "A", 1)])
            assert await reader.read_frames(0, filter_, 10, PLENTY) == ([], 1)
            assert await reader.get(PageKey("latwiki", title="B"), Parts.HEAD) is None
            writer.put_project(ProjectInfo("latwiki", language="la"))
            writer.put([write(1, "B", 1, project="latwiki")])
        assert len((await reader.read_frames(1, filter_, 10, PLENTY)).frames) == 1
        assert await reader.get(PageKey("latwiki", title="B"), Parts.HEAD) is not None


async def test_what_the_log_forgot_is_an_error_that_names_the_oldest_offset(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(number, f"Page {number}", number) for number in range(1, 6)])
    store.trim_log(4)
    async with store.reader() as reader:
        with pytest.raises(OffsetExpiredError) as raised:
            await reader.read_frames(2, ALL, 10, PLENTY)
        assert raised.value.metadata == {"oldest_offset": "4"}
        with pytest.raises(OffsetExpiredError):
            await reader.read_entries(0, LogFilter(projects=("enwiki",)), Parts.ALL, 10, PLENTY)
        assert (await reader.read_frames(3, ALL, 10, PLENTY)).through_offset == 5
        info = await reader.log_info()
        assert (info.oldest_offset, info.newest_offset) == (4, 5)
        assert await reader.offset_at(0) == 4
        assert len(await reader.scan("enwiki", (0,), 5, 0, Parts.ALL, 10, PLENTY)) == 5
    store.trim_log(BIG)
    with store.writer() as writer:
        assert writer.put([write(9, "New", 9)]).first_offset == 6


async def test_numbers_beyond_what_can_exist_find_nothing(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1)])
    async with store.reader() as reader:
        for huge in (2**63 - 1, 2**63, BIG):
            assert await reader.get(PageKey("enwiki", page_id=huge), Parts.ALL) is None
            assert await reader.get(PageKey("enwiki", page_id=1), Parts.ALL, huge) is None
            assert await reader.get(PageKey("enwiki", title="A"), Parts.ALL, huge) is None
            assert await reader.scan("enwiki", (0,), 1, huge, Parts.ALL, 10, PLENTY) == []
            assert len(await reader.scan("enwiki", (0, huge, -huge), huge, 0, Parts.ALL, 10, PLENTY)) == 1
            assert await reader.read_frames(huge, ALL, 10, PLENTY) == ([], huge)
            assert await reader.read_entries(huge, LogFilter(page_ids=(1,)), Parts.ALL, 10, PLENTY) == ([], huge)
            assert await reader.read_frames(0, LogFilter(page_ids=(huge,)), 10, PLENTY) == ([], 1)
            assert await reader.offset_at(huge) == 2
            assert await reader.wait(huge, 0) == 1


async def test_waiting_ends_with_the_next_change_or_with_the_time(store: Store) -> None:
    async with store.reader() as reader:
        assert await reader.wait(0, 0) == 0
        assert await reader.wait(0, 0.01) == 0
        with store.writer() as writer:
            async with asyncio.TaskGroup() as tasks:
                waiting = [tasks.create_task(reader.wait(0, 30)) for _ in range(50)]
                short = tasks.create_task(reader.wait(1, 0.01))
                await short
                await asyncio.to_thread(writer.put, [write(1, "A", 1)])
            assert {task.result() for task in waiting} == {1}
            assert await reader.wait(0, 30) == 1


async def test_closing_a_reader_lets_go_who_waits(store: Store) -> None:
    reader = store.reader()
    waiting = asyncio.create_task(reader.wait(0, 30))
    await asyncio.sleep(0)
    await reader.close()
    with pytest.raises(StoreError):
        await waiting
    with pytest.raises(StoreError):
        await reader.wait(0, 30)
