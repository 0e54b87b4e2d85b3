"""Where a stream is gone on from where its ids tell times."""

import asyncio
import json
import random
from collections import Counter
from contextlib import aclosing, suppress

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_events import TIME, page_change
from misbehaving_stream import cuts
from stamped_stream import StampedStream

from wikifeed_server.sources.events import Patience
from wikifeed_server.sources.eventstreams import EventStreamSource, StreamOptions
from wikifeed_server.sources.eventstreams import source as source_module
from wikifeed_server.sources.eventstreams.position import advanced, resumption

HASTY = Patience(first_delay=0.001, longest_delay=0.01, silence=5, request=5)
COUNT = 600


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


def position(**topics: int) -> bytes:
    """An id: a negative number is an offset, any other a timestamp."""
    return json.dumps(
        [
            {"topic": topic, "partition": 0, "offset" if place < 0 else "timestamp": place}
            for topic, place in topics.items()
        ]
    ).encode()


def places(identifier: bytes) -> dict[str, int]:
    return {each["topic"]: each.get("timestamp", each.get("offset")) for each in json.loads(identifier)}


def jumbled_stamps(seed: int) -> list[int]:
    """Half a second between most events, but some share a millisecond and some are stamped before the one before."""
    chance = random.Random(seed)
    stamps, clock = [], TIME * 1000
    for _ in range(COUNT):
        clock += chance.choice([0, 0, 1, 500, 500])
        stamps.append(clock - chance.choice([0, 0, 0, 40]))
    return stamps


async def pages_until_all(source: EventStreamSource, wanted: set[int], state: bytes) -> list[int]:
    pages: list[int] = []
    async with asyncio.timeout(60), aclosing(source.read(state)) as batches:
        async for batch in batches:
            pages += [event.page_id for event in batch.events]
            if set(pages) >= wanted:
                return pages
    raise AssertionError


@pytest.mark.parametrize("topics", [1, 2, 3])
async def test_cuts_between_events_of_one_millisecond_lose_and_double_nothing(session, topics):
    told = [page_change("edit", number, TIME + number) for number in range(1, COUNT + 1)]
    beginning = position(**{f"topic-{topic}": 0 for topic in range(topics)})
    async with StampedStream(told, jumbled_stamps(topics), topics) as stream:
        stream.faults += cuts(200, 60_000, seed=topics)
        source = EventStreamSource(stream.url, session, StreamOptions(overlap_seconds=2), HASTY)
        pages = await pages_until_all(source, {*range(1, COUNT + 1)}, beginning)
    assert Counter(pages) == Counter(range(1, COUNT + 1))
    assert len(stream.asked) > 10


async def test_what_comes_to_a_silent_topic_while_nobody_is_connected_is_not_lost(session):
    told = [page_change("edit", number, TIME + number) for number in range(1, 5)]
    stamps = [(TIME + number) * 1000 for number in range(1, 5)]
    async with StampedStream(told[:1], stamps, topics=2) as stream:
        source = EventStreamSource(stream.url, session, patience=HASTY)
        async with asyncio.timeout(10), aclosing(source.read(None)) as batches:
            state = (await anext(batches)).state
        assert places(state)["topic-1"] == -1
        stream.add(*told[1:])
        later = EventStreamSource(stream.url, session, patience=HASTY)
        pages = await pages_until_all(later, {2, 3, 4}, state)
    assert Counter(pages) >= Counter([2, 3, 4])


async def test_the_state_does_not_go_back_while_events_come_again(session, monkeypatch):
    monkeypatch.setattr(source_module, "_STATE_SECONDS", -1.0)
    told = [page_change("edit", number, TIME + number) for number in range(1, 102)]
    stamps = [(TIME + number) * 1000 for number in range(1, 102)]
    async with StampedStream(told, stamps) as stream:
        # Each connection but the first ends while it still repeats.
        stream.faults += [("end", 100), *[("end", 3)] * 20]
        source = EventStreamSource(stream.url, session, StreamOptions(overlap_seconds=10), HASTY)
        pages = await pages_until_all(source, {*range(1, 102)}, position(**{"topic-0": 0}))
    assert Counter(pages) == Counter(range(1, 102))
    asked = {places(each.last_event_id.encode())["topic-0"] for each in stream.asked[1:]}
    assert asked == {(TIME + 90) * 1000 + 1}


async def test_who_only_repeats_is_left_alone_for_longer(session):
    told = [page_change("edit", number, TIME + number) for number in range(1, 101)]
    stamps = [(TIME + number) * 1000 for number in range(1, 101)]
    async with StampedStream(told, stamps) as stream:
        stream.faults += [("end", 100), *[("end", 3)] * 500]
        # Without a wait some hundred connections fit into this time.
        source = EventStreamSource(stream.url, session, patience=Patience(first_delay=0.2))
        with suppress(TimeoutError):
            await asyncio.wait_for(pages_until_all(source, {101}, position(**{"topic-0": 0})), 1)
        assert 2 <= len(stream.asked) <= 10


def test_topics_are_asked_for_from_a_little_before():
    assert places(resumption(position(a=50_000, b=70_000), 10)) == {"a": 40_000, "b": 60_000}
    assert places(resumption(position(a=50_000), 100)) == {"a": 0}


def test_a_topic_that_sent_nothing_is_asked_for_from_where_the_others_are():
    resumed = json.loads(resumption(position(a=50_000, b=-1, c=60_000), 10))
    assert resumed[1] == {"topic": "b", "partition": 0, "timestamp": 40_000}


def test_offsets_are_exact_and_stay():
    exact = b'[{"topic":"a","partition":0,"offset":7},{"topic":"b","partition":0,"timestamp":50000}]'
    assert places(resumption(exact, 10)) == {"a": 7, "b": 40_000}
    only = b'[{"topic": "a", "partition": 0, "offset": 7}, {"topic": "b", "partition": 0, "offset": -1}]'
    assert resumption(only, 10) == only


def test_a_topic_keeps_its_latest_time():
    assert places(advanced(position(a=5, b=9), position(a=7, b=8))) == {"a": 7, "b": 9}
    assert places(advanced(position(a=5, b=9), position(a=7, b=-1))) == {"a": 7, "b": 9}
    assert places(advanced(position(a=5, b=-1), position(a=7, b=3))) == {"a": 7, "b": 3}
    assert places(advanced(position(a=5), position(b=3))) == {"a": 5, "b": 3}


def test_a_state_that_stays_looks_the_same_whatever_the_order_of_its_topics():
    state = advanced(position(b=9, a=5), position(b=9, a=5))
    assert advanced(state, position(a=5, b=3)) == advanced(state, position(b=3, a=5)) == state


@given(
    st.sampled_from(
        [b"", b"17", b"{}", b"\xff", b"[1]", b'[{"topic": 1, "partition": 0}]', b'[{"topic": "a"}]', b"opaque", b"null"]
    )
    | st.binary(max_size=20)
)
def test_an_id_of_another_form_stays_as_it_is(identifier):
    assert resumption(identifier, 10) == identifier
    assert advanced(position(a=5), identifier) == identifier
    assert advanced(identifier, b"next") == b"next"
