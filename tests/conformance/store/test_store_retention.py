"""What the log forgets is gone for good or kept in full, never anything in between."""

import asyncio
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_agreement import articles_agree, logs_agree, revisions_agree, scans_agree, versions_agree
from store_engines import Engine, Store
from store_histories import batches
from store_model import Model, Version, write

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store import ArticleWrite, EventType, LogFilter, LogInfo, PageKey, PageState, Parts, PutResult

PLENTY = 10**9
ALL, COMPACTED = LogFilter(), LogFilter(compacted=True)


class Trim(NamedTuple):
    """Let the log forget, but for some changes at its end."""

    but: int
    compact: bool


trims = st.builds(Trim, but=st.integers(0, 12), compact=st.booleans())
histories = st.lists(st.one_of(batches, batches, trims), min_size=2, max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories)
async def test_a_store_that_forgets_agrees_with_the_model(
    engine: Engine, history: list[list[ArticleWrite] | Trim]
) -> None:
    store, model = engine.store(), Model()
    async with store.reader() as reader:
        with store.writer() as writer:
            for step in history:
                if isinstance(step, Trim):
                    forget(store, model, step)
                    await scans_agree(reader, model)
                    await logs_agree(reader, model)
                else:
                    assert writer.put(step) == model.put(step)
                await articles_agree(reader, model)
                await revisions_agree(reader, model)
        await versions_agree(reader, model)
        await scans_agree(reader, model)
        await logs_agree(reader, model)
        assert (await reader.log_info())._replace(oldest_time=0, newest_time=0) == info_of(model)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories, limits=st.lists(st.integers(0, 5), min_size=9, max_size=9))
async def test_whoever_reads_on_while_the_log_is_compacted_ends_with_the_newest_state_of_each_page(
    engine: Engine, history: list[list[ArticleWrite] | Trim], limits: list[int]
) -> None:
    store, model = engine.store(), Model()
    seen: list[int] = []
    after = 0
    async with store.reader() as reader:
        with store.writer() as writer:
            for step, limit in zip(history, limits, strict=False):
                if isinstance(step, Trim):
                    forget(store, model, step._replace(compact=True))
                else:
                    writer.put(step)
                    model.put(step)
                if limit:
                    frames, after = await reader.read_frames(after, COMPACTED, limit, PLENTY)
                    seen += offsets(frames)
        frames, after = await reader.read_frames(after, COMPACTED, 1000, PLENTY)
        seen += offsets(frames)
    assert after == len(model.versions)
    assert seen == sorted(set(seen))
    assert states(model, seen) == states(model, range(1, after + 1))


def forget(store: Store, model: Model, trim: Trim) -> None:
    before = max(len(model.versions) + 1 - trim.but, 0)
    store.trim_log(before, trim.compact)
    model.trim(before, trim.compact)


def offsets(frames: list[bytes]) -> list[int]:
    return [change.offset for change in StreamChangesResponse.FromString(b"".join(frames)).changes]


def states(model: Model, seen: list[int] | range) -> dict[tuple[str, int], Version]:
    """The last state of each page among the changes seen."""
    changes = [model.versions[offset - 1] for offset in seen]
    return {change.page: change for change in changes if change.newest}


def info_of(model: Model) -> LogInfo:
    if not model.versions:
        return LogInfo()
    through = model.oldest - 1 if model.is_compacted else 0
    return LogInfo(model.oldest, len(model.versions), 0, 0, through)


async def test_compaction_drops_what_a_later_change_of_the_past_replaced(store: Store) -> None:
    async with store.reader() as reader:
        with store.writer() as writer:
            writer.put([write(1, "A", 1), write(2, "B", 2), write(1, "A", 3), write(3, "C", 4)])
            assert await compacted(store, reader, 3) == [1, 2, 3, 4]
            assert await compacted(store, reader, 4) == [2, 3, 4]
            writer.put([write(2, "B", 9, event=EventType.DELETE), write(4, "D", 10)])
            assert await compacted(store, reader, 6) == [3, 4, 5, 6]
            assert (await reader.log_info()).compacted_through == 5


async def compacted(store: Store, reader, before: int) -> list[int]:
    store.trim_log(before, compact=True)
    return offsets((await reader.read_frames(0, COMPACTED, 100, PLENTY)).frames)


async def test_compaction_can_be_turned_off_and_on_again(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1), write(2, "B", 2), write(3, "C", 3)])
    async with store.reader() as reader:
        assert await compacted(store, reader, 3) == [1, 2, 3]
        store.trim_log(0)
        assert (await reader.log_info()).compacted_through == 0
        with pytest.raises(OffsetExpiredError) as raised:
            await reader.read_frames(0, COMPACTED, 100, PLENTY)
        assert raised.value.metadata == {"oldest_offset": "3"}
        assert await compacted(store, reader, 0) == [1, 2, 3]


async def test_an_old_revision_is_gone_but_known(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", number, keeps_older=True) for number in (1, 2, 3)])
        store.trim_log(3)
        assert writer.put([write(1, "A", 1, keeps_older=True)]) == PutResult(0, 0, 0, 1, 0)
        assert writer.known("enwiki", [(1, 1), (1, 2), (1, 4)]) == [True, True, False]
    async with store.reader() as reader:
        found = [await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD, revision) for revision in (1, 2, 3)]
        assert [article and article.offset for article in found] == [None, 2, 3]
        assert [version.offset for version in await reader.versions("enwiki", 1, 2)] == [3, 2]


async def test_a_deleted_page_stays_deleted_however_much_is_forgotten(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1), write(1, "A", 5, event=EventType.DELETE), write(2, "B", 6)])
        store.trim_log(3)
        assert writer.put([write(1, "A", 4, keeps_older=True)]).written == 1
    async with store.reader() as reader:
        found = await reader.get(PageKey("enwiki", title="A"), Parts.HEAD)
        assert found is not None
        assert (found.state, found.offset) == (PageState.DELETED, 2)


async def test_what_is_held_is_not_forgotten(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", number) for number in range(1, 8)])
    async with store.reader() as reader:
        async with reader.hold(3), reader.hold(5):
            store.trim_log(7)
            assert (await reader.log_info()).oldest_offset == 3
            assert [a.offset for a in await reader.scan("enwiki", (), 3, 0, Parts.HEAD, 9, PLENTY)] == [3]
        async with reader.hold(5):
            store.trim_log(7)
            assert (await reader.log_info()).oldest_offset == 5
            with pytest.raises(OffsetExpiredError) as raised:
                async with reader.hold(4):
                    pass
            assert raised.value.metadata == {"oldest_offset": "5"}
        store.trim_log(7)
        assert (await reader.log_info()).oldest_offset == 7


async def test_a_hold_from_the_beginning_keeps_everything(store: Store) -> None:
    async with store.reader() as reader, reader.hold(0):
        with store.writer() as writer:
            writer.put([write(1, "A", number) for number in range(1, 8)])
        store.trim_log(7)
        assert (await reader.log_info()).oldest_offset == 1


async def test_a_hold_that_was_given_up_before_it_began_keeps_nothing(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", number) for number in range(1, 8)])
    async with store.reader() as reader:

        async def hold() -> None:
            async with reader.hold(2):
                await asyncio.Event().wait()

        task = asyncio.create_task(hold())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Reads in threads come one after the other at last: the hold that was asked for is over by then.
        await asyncio.gather(*(reader.versions("enwiki", 1, 1) for _ in range(50)))
    store.trim_log(7)
    async with store.reader() as reader:
        assert (await reader.log_info()).oldest_offset == 7
