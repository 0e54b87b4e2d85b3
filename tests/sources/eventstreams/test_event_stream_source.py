"""Following an event stream whose server misbehaves."""

import asyncio
import json
import random
from collections import Counter
from contextlib import aclosing

import aiohttp
import pytest
from made_up_events import TIME, canary, older, page_change
from misbehaving_stream import MisbehavingStream

from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.sources.events import Patience
from wikifeed_server.sources.eventstreams import EventStreamSource, StreamOptions

HASTY = Patience(first_delay=0.001, longest_delay=0.01, silence=0.3, request=5)
EVENTS = [page_change("edit", number, TIME + number) for number in range(1, 201)]


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


async def read(source, until, state=b"0"):
    """The pages of events up to the one of page `until`, and the last state."""
    start = json.dumps([{"topic": "t", "partition": 0, "offset": -1}]).encode() if state == b"0" else state
    pages: list[int] = []
    async with asyncio.timeout(60), aclosing(source.read(start)) as batches:
        async for batch in batches:
            pages += [event.page_id for event in batch.events]
            state = batch.state
            if until in pages:
                return pages, state
    raise AssertionError


async def test_events_come_once_and_in_order_with_who_we_are(session):
    async with MisbehavingStream(EVENTS) as stream:
        source = EventStreamSource(stream.url, session, patience=HASTY, user_agent="Wikifeed/1 (me@example.org)")
        pages, state = await read(source, 200)
        assert pages == list(range(1, 201))
        assert json.loads(state)[0]["offset"] == 199
        assert stream.asked[0][1] == "Wikifeed/1 (me@example.org)"
        assert source.condition.received == 200
        assert source.condition.upstream_time == (TIME + 200) * 1_000_000
        assert source.condition.connected_since > 0


async def test_a_later_source_goes_on_behind_the_state(session):
    async with MisbehavingStream(EVENTS) as stream:
        _, state = await read(EventStreamSource(stream.url, session, patience=HASTY), 64)
        offset = json.loads(state)[0]["offset"]
        pages, _ = await read(EventStreamSource(stream.url, session, patience=HASTY), 200, state)
        assert pages == list(range(offset + 2, 201))


@pytest.mark.parametrize("seed", range(4))
async def test_fifty_random_cuts_lose_and_double_nothing(session, seed):
    chance = random.Random(seed)
    async with MisbehavingStream(EVENTS, repeats=seed) as stream:
        stream.faults += [("cut", chance.randint(0, 9000)) for _ in range(50)]
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages, _ = await read(source, 200)
        assert not stream.faults or len(stream.asked) > 20
        assert pages == list(range(1, 201))
        assert source.condition.failures > 10


async def test_refusals_that_pass_are_waited_out(session):
    async with MisbehavingStream(EVENTS) as stream:
        stream.faults += [503, 429, ("status", 503, {"Retry-After": "0"}), 500, ("end", 10), ("hang",)]
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages, _ = await read(source, 200)
        assert pages == list(range(1, 201))
        assert source.condition.failures == 5
        assert "silent" in source.condition.last_error
        assert source.condition.retries == 0


async def test_a_wish_to_be_left_alone_is_obeyed(session):
    async with MisbehavingStream(EVENTS) as stream:
        stream.faults += [("status", 429, {"Retry-After": "1"})]
        clock = asyncio.get_running_loop().time
        began = clock()
        await read(EventStreamSource(stream.url, session, patience=HASTY), 200)
        assert clock() - began >= 1


@pytest.mark.parametrize("fault", [404, 400, ("type", "text/html")])
async def test_what_time_does_not_mend_is_refused(session, fault):
    async with MisbehavingStream(EVENTS) as stream:
        stream.faults.append(fault)
        with pytest.raises(SourceRefusedError, match=stream.url):
            await read(EventStreamSource(stream.url, session, patience=HASTY), 200)


async def test_what_is_not_to_be_read_is_passed_over(session):
    strange = [b"{", b"[]", b"\xff", json.dumps(page_change("edit", 1, wiki_id=3)).encode(), canary()]
    async with MisbehavingStream([*strange, *EVENTS]) as stream:
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages, _ = await read(source, 200)
        assert pages == list(range(1, 201))
        assert source.condition.malformed == 4


async def test_an_event_of_eight_megabytes_passes_and_one_beyond_the_bound_does_not(session):
    big = page_change("edit", 300, comment="x" * (8 << 20))
    async with MisbehavingStream([big, *EVENTS]) as stream:
        pages, _ = await read(EventStreamSource(stream.url, session, patience=HASTY), 200)
        assert pages == [300, *range(1, 201)]
        bounded = EventStreamSource(stream.url, session, StreamOptions(longest_event_bytes=1 << 20), HASTY)
        pages, _ = await read(bounded, 200)
        assert pages == list(range(1, 201))
        assert bounded.condition.malformed == 1


async def test_only_what_is_wanted_is_told(session):
    others = [page_change("edit", n, wiki_id="dewiki") for n in range(300, 320)]
    talk = [page_change("edit", n, page={"page_id": n, "page_title": "Talk:X", "namespace_id": 1}) for n in (400, 401)]
    async with MisbehavingStream([*others, *talk, *EVENTS]) as stream:
        options = StreamOptions(projects=frozenset({"enwiki"}), namespaces=frozenset({0}))
        pages, _ = await read(EventStreamSource(stream.url, session, options, HASTY), 200)
        assert pages == list(range(1, 201))


async def test_two_streams_in_one_out_of_order_tell_each_edit_once(session):
    chance = random.Random(5)
    both = [*EVENTS, *(older("revision-create", number, TIME, rev_parent_id=1) for number in range(1, 201))]
    chance.shuffle(both)
    last = page_change("edit", 999)
    async with MisbehavingStream([*both, last]) as stream:
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages, _ = await read(source, 999)
        assert Counter(pages) == Counter([*range(1, 201), 999])
        assert source.condition.duplicates == 200


async def test_an_event_arrives_when_it_happens(session):
    async with MisbehavingStream([]) as stream:
        source = EventStreamSource(stream.url, session, patience=HASTY)
        batches = source.read(b'[{"offset": -1}]')
        async with asyncio.timeout(10), aclosing(batches):
            for number in range(1, 6):
                waiting = asyncio.ensure_future(anext(batches))
                await asyncio.sleep(0.02)
                stream.add(page_change("edit", number))
                batch = await waiting
                assert [event.page_id for event in batch.events] == [number]


async def test_who_does_not_take_is_not_sent_more(session):
    bulky = [page_change("edit", number, comment="x" * 50_000) for number in range(1, 2001)]
    async with MisbehavingStream(bulky) as stream:
        sent = 0
        framed = stream._framed

        def counted(position: int) -> bytes:
            nonlocal sent
            sent = max(sent, position)
            return framed(position)

        stream._framed = counted
        batches = EventStreamSource(stream.url, session, patience=Patience()).read(b'[{"offset": -1}]')
        async with asyncio.timeout(30), aclosing(batches):
            await anext(batches)
            await asyncio.sleep(0.5)
            assert sent < 1000
