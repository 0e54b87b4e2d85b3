"""One source's way into the store: order, exactly once, whatever stops it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.following.committing import Committer
from wikifeed_server.runtime.following.pipeline import Pipeline
from wikifeed_server.runtime.following.status import Watch
from wikifeed_server.sources.events import Condition, EventBatch, EventKind, PageEvent
from wikifeed_server.store import ArticleWrite, LogFilter
from wikifeed_server.store.embedded import EmbeddedReader

EVENTS = 300


def event(number: int) -> PageEvent:
    """The event of that number, each of a page of its own."""
    return PageEvent(EventKind.CREATE, "wiki", number, 0, f"Page {number}", number * 1_000_000, revision_id=number)


class Numbered:
    """A source of events 1 to 300 in batches of random size; its state is the number of the last. Then it is silent."""

    name = "numbered"

    def __init__(self, seed: int = 0) -> None:
        self.condition = Condition()
        self._random = random.Random(seed)
        self.begun_after: list[int] = []

    async def read(self, state: bytes | None) -> AsyncIterator[EventBatch]:
        done = int(state or b"0")
        self.begun_after.append(done)
        while done < EVENTS:
            last = min(EVENTS, done + self._random.randint(0, 7))
            yield EventBatch(tuple(map(event, range(done + 1, last + 1))), str(last).encode())
            done = last
        await asyncio.Event().wait()


class Refusing(Numbered):
    """One that refuses after the first batch."""

    async def read(self, state: bytes | None) -> AsyncIterator[EventBatch]:
        yield EventBatch((event(1),), b"1")
        raise SourceRefusedError("no")


class SlowNowAndThen:
    """Prepares in random times, so that later groups are ready before earlier ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.at_once = self.most_at_once = 0

    async def prepare(self, events):
        self.at_once += len(events)
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self._random.random() * 0.004)
        self.at_once -= len(events)
        return [
            ArticleWrite(
                each.project,
                each.page_id,
                each.title,
                0,
                each.revision_id,
                each.time,
                Article(name=each.title).SerializeToString(),
            )
            for each in events
        ]


@pytest.fixture
async def committer(tmp_path):
    async with Committer(tmp_path / "store") as opened:
        await opened.add_project(ProjectInfo("wiki"))
        yield opened


async def pages_in_log(folder) -> list[str]:
    """The titles in the log, in its order."""
    async with EmbeddedReader.open(folder) as reader:
        frames = await reader.read_entries(0, LogFilter(), 1, 10_000, 1 << 30)
        return [Article.FromString(b"".join(entry.fragments)).name for entry in frames.entries]


def following(source, committer, seed=0):
    watch = Watch(source.name, source.condition)
    return Pipeline(source, SlowNowAndThen(seed), committer, watch), watch


async def until_stored(committer, pipeline):
    running = asyncio.create_task(pipeline.run())
    async with asyncio.timeout(60):
        while await committer.checkpoint("numbered") != str(EVENTS).encode():
            continue
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_events_are_stored_once_and_in_order(committer, tmp_path):
    pipeline, watch = following(Numbered(), committer)
    await until_stored(committer, pipeline)
    assert await pages_in_log(tmp_path / "store") == [f"Page {n}" for n in range(1, EVENTS + 1)]
    status = watch.status(1)
    assert (status.stored, status.known, status.lag_events, status.lag_seconds) == (EVENTS, 0, 0, 0.0)


async def test_whenever_it_is_stopped_the_next_goes_on_without_loss_or_repeat(committer, tmp_path):
    stops = random.Random(7)
    for seed in range(40):
        pipeline, _ = following(Numbered(seed), committer, seed)
        running = asyncio.create_task(pipeline.run())
        await asyncio.sleep(stops.random() * 0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    source = Numbered(99)
    pipeline, _ = following(source, committer)
    await until_stored(committer, pipeline)
    assert await pages_in_log(tmp_path / "store") == [f"Page {n}" for n in range(1, EVENTS + 1)]


async def test_a_refusal_ends_it_and_what_came_before_may_come_again(committer):
    pipeline, watch = following(Refusing(), committer)
    with pytest.raises(ExceptionGroup) as raised:
        await pipeline.run()
    assert [str(error) for error in raised.value.exceptions] == ["no"]
    watch.failed("no")
    watch.given_up()
    assert (watch.status(1).last_error, watch.status(1).lag_events) == ("no", 0)


async def test_a_source_that_is_faster_is_held_back(committer):
    class Endless(Numbered):
        read_so_far = 0

        async def read(self, state: bytes | None) -> AsyncIterator[EventBatch]:
            while True:
                self.read_so_far += 1
                yield EventBatch((event(self.read_so_far),), str(self.read_so_far).encode())

    class Stuck(SlowNowAndThen):
        async def prepare(self, events):
            await asyncio.Event().wait()

    source = Endless()
    running = asyncio.create_task(Pipeline(source, Stuck(0), committer, Watch(source.name, source.condition)).run())
    seen = -1
    async with asyncio.timeout(30):
        while source.read_so_far != seen:
            seen = source.read_so_far
            await asyncio.sleep(0.05)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert 50 < seen < 1000
