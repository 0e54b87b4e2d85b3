"""Following an event stream whose server misbehaves."""

import asyncio
import json
import random
import time
from collections import Counter
from contextlib import aclosing

import aiohttp
import pytest
from made_up_events import TIME, canary, older, page_change, stamp
from misbehaving_stream import BEGINNING, MisbehavingStream, cuts
from structlog.testing import capture_logs

from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.sources.events import Patience
from wikifeed_server.sources.eventstreams import EventStreamSource, StreamOptions

HASTY = Patience(first_delay=0.001, longest_delay=0.01, silence=0.3, request=5)
EVENTS = [page_change("edit", number, TIME + number) for number in range(1, 201)]


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


async def read(source, until, state=BEGINNING):
    """The pages of events up to the one of page `until`, and the last state."""
    pages: list[int] = []
    async with asyncio.timeout(60), aclosing(source.read(state)) as batches:
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
        assert stream.asked[0].user_agent == "Wikifeed/1 (me@example.org)"
        assert source.condition.received == 200
        assert source.condition.upstream_time == (TIME + 200) * 1_000_000
        assert source.condition.connected_since > 0


async def test_a_later_source_goes_on_behind_the_state(session):
    async with MisbehavingStream(EVENTS) as stream:
        _, state = await read(EventStreamSource(stream.url, session, patience=HASTY), 64)
        offset = json.loads(state)[0]["offset"]
        pages, _ = await read(EventStreamSource(stream.url, session, patience=HASTY), 200, state)
        assert pages == list(range(offset + 2, 201))


@pytest.mark.parametrize(("repeats", "topics"), [(0, 1), (3, 1), (0, 2), (5, 3)])
async def test_two_hundred_random_cuts_lose_and_double_nothing(session, repeats, topics):
    numbers = range(1, 1001)
    told = [page_change("edit", number, TIME + number) for number in numbers]
    async with MisbehavingStream(told, repeats=repeats, topics=topics) as stream:
        stream.faults += cuts(200, 4000, seed=topics)
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages = []
        async with asyncio.timeout(60), aclosing(source.read(BEGINNING)) as batches:
            async for batch in batches:
                pages += [event.page_id for event in batch.events]
                if len(stream.asked) > 200 and set(pages) >= {*numbers}:
                    break
        assert Counter(pages) == Counter(numbers)
        assert source.condition.failures == 200


async def test_reading_anew_after_each_cut_loses_nothing_and_repeats_only_what_was_not_kept(session):
    told = [page_change("edit", number, TIME + number) for number in range(1, 301)]
    chance = random.Random(3)
    async with MisbehavingStream(told) as stream:
        stream.faults += cuts(100, 5000, seed=9)
        kept, state = [], BEGINNING
        while not kept or kept[-1] != 300:
            source = EventStreamSource(stream.url, session, patience=HASTY)
            async with asyncio.timeout(60), aclosing(source.read(state)) as batches:
                async for batch in batches:
                    if chance.random() < 0.3:
                        break  # whoever took the batch died before keeping it
                    kept += [event.page_id for event in batch.events]
                    state = batch.state
                    if 300 in kept:
                        break
        assert kept == list(range(1, 301))


async def test_refusals_that_pass_are_waited_out(session):
    async with MisbehavingStream(EVENTS) as stream:
        stream.faults += [503, 429, ("status", 503, {"Retry-After": "0"}), 500, ("end", 10), ("hang",), ("hang", 5)]
        source = EventStreamSource(stream.url, session, patience=HASTY)
        pages, _ = await read(source, 200)
        assert pages == list(range(1, 201))
        assert source.condition.failures == 6
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
        batches = source.read(BEGINNING)
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
        batches = EventStreamSource(stream.url, session, patience=Patience()).read(BEGINNING)
        async with asyncio.timeout(30), aclosing(batches):
            await anext(batches)
            await asyncio.sleep(0.5)
            assert stream.sent < 1000


async def test_what_happens_before_the_first_event_came_is_asked_for_by_time(session):
    async with MisbehavingStream([], knows_times=True) as stream:
        stream.faults += [503, ("end", 0)]
        before = int(time.time())
        source = EventStreamSource(stream.url, session, patience=HASTY)
        async with asyncio.timeout(10), aclosing(source.read(None)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            stream.add(page_change("edit", 1, TIME), page_change("edit", 2, time.time() + 5))
            batch = await waiting
        assert [event.page_id for event in batch.events] == [2]
        assert stream.asked[0].since == ""
        assert stream.asked[1].since in {stamp(second) for second in range(before, int(time.time()) + 1)}


async def test_a_beginning_may_be_named_and_is_not_asked_for_again(session):
    async with MisbehavingStream(EVENTS, knows_times=True) as stream:
        stream.faults += [("end", 0), ("end", 100)]
        options = StreamOptions(since=stamp(TIME + 52))
        pages, _ = await read(EventStreamSource(stream.url, session, options, HASTY), 200, None)
        assert pages == list(range(51, 201))
        assert [asked.since for asked in stream.asked] == [stamp(TIME + 52), stamp(TIME + 52), ""]


async def test_batches_are_small_and_each_state_covers_what_came_before(session):
    async with MisbehavingStream(EVENTS) as stream:
        seen = 0
        async with (
            asyncio.timeout(10),
            aclosing(EventStreamSource(stream.url, session, patience=HASTY).read(BEGINNING)) as batches,
        ):
            async for batch in batches:
                assert len(batch.events) <= 64
                seen += len(batch.events)
                assert json.loads(batch.state)[0]["offset"] == seen - 1
                if seen == 200:
                    break


async def test_canaries_alone_move_the_state(session):
    async with MisbehavingStream([]) as stream:
        source = EventStreamSource(stream.url, session, patience=Patience())
        async with asyncio.timeout(10), aclosing(source.read(BEGINNING)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            while not waiting.done():
                stream.add(canary())
                await asyncio.sleep(0.1)
            batch = await waiting
        assert batch.events == ()
        assert json.loads(batch.state)[0]["offset"] >= 0
        assert source.condition.received == source.condition.malformed == source.condition.duplicates == 0
        assert source.condition.last_sign > 0


async def test_a_move_out_of_what_is_wanted_is_told(session):
    def moved(number, before, after):
        page = {"page_id": number, "page_title": "X", "namespace_id": after}
        return page_change("move", number, page=page, prior_state={"page": {"page_title": "Y", "namespace_id": before}})

    async with MisbehavingStream([moved(301, 0, 118), moved(302, 1, 118), moved(303, 118, 0), *EVENTS]) as stream:
        options = StreamOptions(namespaces=frozenset({0}))
        pages, _ = await read(EventStreamSource(stream.url, session, options, HASTY), 200)
        assert pages == [301, 303, *range(1, 201)]


async def test_a_malformed_event_is_logged_with_stream_id_and_field(session):
    wrong = page_change("edit", 7, wiki_id=3)
    with capture_logs() as logs:
        async with MisbehavingStream([wrong, *EVENTS]) as stream:
            await read(EventStreamSource(stream.url, session, patience=HASTY), 200)
    (entry,) = [entry for entry in logs if entry["event"] == "event malformed"]
    assert (entry["stream"], entry["event_id"]) == (wrong["meta"]["stream"], wrong["meta"]["id"])
    assert entry["field"] == "wiki_id"


async def test_no_address_is_refused(session):
    with pytest.raises(SourceRefusedError, match="no address"):
        await read(EventStreamSource("nowhere", session, patience=HASTY), 1)


async def test_short_connections_get_past_what_is_not_wanted(session):
    others = [page_change("edit", number, wiki_id="dewiki") for number in range(1, 201)]
    async with MisbehavingStream([*others, *EVENTS]) as stream:
        stream.faults += [("cut", 5000)] * 100
        options = StreamOptions(projects=frozenset({"enwiki"}))
        pages, _ = await read(EventStreamSource(stream.url, session, options, HASTY), 200)
        assert pages == list(range(1, 201))
        assert len(stream.asked) > 50
