"""Live subscribers of one process: what they share, what each of them gets, and what becomes of those who lag."""

import asyncio
import random
from collections import Counter
from contextlib import aclosing
from dataclasses import replace

import pytest
from change_streams import offsets
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.fanout.selection import passes
from wikifeed_server.store import SLOTS, EventType, Hidden, LogFilter, LogHeader
from wikifeed_server.store.framing import PARTITIONS

SUBSCRIBERS = 20
SELECTIONS = (
    {"no_body": True},
    {"no_body": True, "namespaces": [1]},
    {"no_body": True, "max_batch_size": 3},
    {"read_mask": FieldMask(paths=["name", "article_body.wikitext"])},
    {"namespaces": [0]},
)


class CountedReader:
    """A reader that counts what is read of it, and fails where it is told to."""

    def __init__(self, reader):
        self.calls = Counter()
        self.failure = None
        self._reader = reader

    def __getattr__(self, name):
        method = getattr(self._reader, name)

        async def call(*values, **named):
            self.calls[name] += 1
            if self.failure and name == "read_slice":
                raise self.failure
            return await method(*values, **named)

        return call


@pytest.fixture
def counted(reader):
    return CountedReader(reader)


@pytest.fixture
def service(counted, stopping):
    return ChangeService(counted, stopping)


@pytest.fixture
def subscribe(service):
    def subscribe(**fields):
        return service.StreamChanges(StreamChangesRequest(**fields))

    return subscribe


async def through(responses, offset):
    """The bytes of a stream's responses up to the one that reaches an offset."""
    seen = []
    while not seen or StreamChangesResponse.FromString(seen[-1]).through_offset < offset:
        seen.append(await anext(responses))
    return seen


def changed(data):
    """The offsets of the changes in serialized responses."""
    return offsets(map(StreamChangesResponse.FromString, data))


async def test_subscribers_with_one_selection_share_bytes_that_were_read_once(feed, counted, subscribe):
    feed.publish("Ada")
    streams = [subscribe(no_body=True) for _ in range(SUBSCRIBERS)]
    await asyncio.gather(*(anext(stream) for stream in streams))
    # Each is past its first response and in its lane once it waits for the next one.
    waiting = [asyncio.create_task(anext(stream)) for stream in streams]
    await asyncio.sleep(0.05)
    counted.calls.clear()
    newest = feed.publish("Grace")
    got = await asyncio.gather(*waiting)
    assert changed([got[0]]) == [newest]
    assert all(data is got[0] for data in got)
    assert counted.calls["read_frames"] == counted.calls["read_entries"] == 0
    assert counted.calls["read_slice"] == 1
    await asyncio.gather(*(stream.aclose() for stream in streams))


async def test_nothing_runs_once_nobody_is_live(feed, subscribe):
    before = asyncio.all_tasks()
    feed.publish("Ada")
    for fields in SELECTIONS:
        async with aclosing(subscribe(**fields)) as stream:
            await anext(stream)
            newest = feed.publish("Grace", namespace=fields.get("namespaces", [0])[0])
            await through(stream, newest)
            assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before


async def test_a_delay_gathers_as_many_changes_as_the_client_asks_for(feed, subscribe):
    async with aclosing(subscribe(no_body=True, max_batch_size=3, max_delay=Duration(seconds=10))) as stream:
        await anext(stream)
        waiting = asyncio.create_task(anext(stream))
        for name in ("Ada", "Grace", "Mary"):
            await asyncio.sleep(0.02)
            assert not waiting.done()
            feed.publish(name)
        assert changed([await waiting]) == [1, 2, 3]


async def test_who_falls_behind_reads_the_log_and_comes_back(feed, subscribe):
    async with aclosing(subscribe(no_body=True)) as slow, aclosing(subscribe(no_body=True)) as quick:
        seen = [await anext(slow)]
        await anext(quick)
        for number in range(40):
            newest = feed.publish_many(
                [feed.write(f"Page {number}/{n}" + "x" * 10_000) for n in range(3)]  # more in all than a lane keeps
            )
            await through(quick, newest)
        seen += await through(slow, newest)
        newest = feed.publish("Ada")
        ends = await asyncio.gather(through(slow, newest), through(quick, newest))
    assert changed(seen) == list(range(1, newest))
    assert changed(ends[0]) == changed(ends[1]) == [newest]


async def test_who_is_behind_does_not_get_what_was_hidden_since(feed, subscribe):
    async with aclosing(subscribe()) as slow, aclosing(subscribe()) as quick:
        await asyncio.gather(anext(slow), anext(quick))
        secret = feed.write("Ada", text="a secret")
        written = feed.publish_many([secret])
        await through(quick, written)
        hidden = feed.publish_many([replace(secret, event_type=EventType.VISIBILITY_CHANGE, hidden=Hidden.TEXT)])
        await through(quick, hidden)
        seen = await through(slow, hidden)
    assert changed(seen) == [written, hidden]
    assert not any(b"a secret" in data for data in seen)


async def test_a_store_that_fails_ends_streams_and_not_those_that_come_later(feed, counted, subscribe):
    async with aclosing(subscribe(no_body=True)) as stream:
        await anext(stream)
        counted.failure = StoreCorruptError("the disk is gone")
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0.05)
        feed.publish("Ada")
        with pytest.raises(StoreCorruptError):
            await waiting
    counted.failure = None
    async with aclosing(subscribe(no_body=True, after_offset=0)) as stream:
        newest = feed.publish("Grace")
        assert changed(await through(stream, newest)) == [1, newest]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whoever_comes_goes_and_lags_gets_each_change_once_in_order(feed, make_changes, seed):
    rng = random.Random(seed)
    beating = make_changes(heartbeat_seconds=0.02)  # the cursor of a filter that lets little pass moves with the beat
    start = feed.publish("Before")
    total = rng.randint(5, 60)
    namespaces = [rng.randrange(2) for _ in range(total)]
    end = start + total

    async def write():
        done = 0
        while done < total:
            size = min(rng.randint(1, 8), total - done)
            feed.publish_many([feed.write(f"{seed}/{done + n}", namespace=namespaces[done + n]) for n in range(size)])
            done += size
            await asyncio.sleep(rng.choice((0, 0, 0.001, 0.01)))

    async def follow(fields):
        seen, after = [], start
        await asyncio.sleep(rng.choice((0, 0.003, 0.02)))
        while after < end:
            async with aclosing(beating.StreamChanges(StreamChangesRequest(after_offset=after, **fields))) as stream:
                for _ in range(rng.randint(1, 12)):
                    response = StreamChangesResponse.FromString(await anext(stream))
                    seen += offsets([response])
                    assert response.through_offset >= after
                    after = response.through_offset
                    if after >= end:
                        break
                    await asyncio.sleep(rng.choice((0, 0, 0.002, 0.01)))
        return seen

    chosen = [rng.choice(SELECTIONS) for _ in range(8)]
    _, *followed = await asyncio.gather(write(), *(follow(fields) for fields in chosen))
    for fields, seen in zip(chosen, followed, strict=True):
        wanted = fields.get("namespaces", [0, 1])
        assert seen == [start + 1 + n for n in range(total) if namespaces[n] in wanted]


HEADERS = st.builds(
    LogHeader,
    offset=st.integers(1, 9),
    published=st.just(0),
    project=st.sampled_from(("dewiki", "enwiki")),
    language=st.sampled_from(("de", "en")),
    namespace=st.sampled_from((0, 1)),
    event_type=st.integers(1, 4),
    page_id=st.integers(1, 4),
    page_hash=st.integers(0, 2**32 - 1),
)


@given(header=HEADERS, projects=st.sets(st.sampled_from(("dewiki", "enwiki"))), pages=st.sets(st.integers(1, 4)))
def test_a_filter_lets_pass_what_meets_each_of_its_terms(header, projects, pages):
    filter_ = LogFilter(projects=tuple(projects), page_ids=tuple(pages), share=(1, 3))
    expected = (
        (not projects or header.project in projects)
        and (not pages or header.page_id in pages)
        and header.page_hash % 3 == 1
    )
    assert passes(filter_)(header) == expected


@given(header=HEADERS, slots=st.sets(st.integers(0, SLOTS - 1)), partitions=st.sets(st.integers(0, PARTITIONS - 1)))
def test_a_filter_lets_pass_the_pages_of_its_slots_and_partitions(header, slots, partitions):
    passing = passes(LogFilter(slots=tuple(slots), partitions=tuple(partitions)))
    expected = (not slots or header.page_hash % SLOTS in slots) and (
        not partitions or header.page_hash % PARTITIONS in partitions
    )
    assert (passing is None or passing(header)) == expected


def test_no_filter_lets_all_pass():
    assert passes(LogFilter()) is None
