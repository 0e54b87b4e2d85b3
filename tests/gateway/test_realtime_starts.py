"""/v2/articles: where streams start, how partitions divide them, and that whoever comes again misses nothing."""

import os
import random
import time
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession
from gateway_client import http_client
from hypothesis import example, given
from hypothesis import strategies as st
from made_up_feed import SECOND, START, Feed
from realtime_client import PAGES, Client
from realtime_reading import EVENT_STREAM, from_oldest, partition_of, realtime, refusal, rfc3339

from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.starting import read_start
from wikifeed_server.services.change import ChangeService
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, write_snapshot
from wikifeed_server.store.framing import PARTITIONS

SOON = time.time_ns() // 1000 + 3600 * SECOND
JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.integers(-1, 11), max_size=12)
TIMES = st.from_regex(
    r"[0-9]{4}-[01][0-9]-[0-2][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9a-z]{0,10})?(Z|[+-][0-9:]{2,5})?",
    fullmatch=True,
)
STARTS = st.dictionaries(st.integers(-1, 51).map(str) | st.text(max_size=2), JSON | TIMES, max_size=4)


def published(feed: Feed, count: int, seed: int = 0) -> list[tuple[int, int]]:
    """Publish changes of pages at random, a second apart: the partition and offset of each."""
    rng = random.Random(seed)
    changes = []
    for _ in range(count):
        page_id = rng.choice(PAGES)
        feed.time += SECOND
        changes.append((partition_of(page_id), feed.publish("Page", page_id)))
    return changes


def time_of(offset: int) -> str:
    """When `published` published an offset."""
    return rfc3339(START + offset * SECOND)


async def seen(http: ClientSession, count: int, **parameters: object) -> list[tuple[int, int]]:
    """The partitions and offsets of the first changes of a stream."""
    async with realtime(http, fields=["name"], **parameters) as stream:
        events = [article["event"] for article in await stream.articles(count)]
        return [(event["partition"], event["offset"]) for event in events]


# Each rule


async def test_since_begins_with_what_was_published_at_that_time(feed, http):
    changes = published(feed, 20)
    assert await seen(http, 11, since=time_of(10)) == changes[9:]
    assert await seen(http, 10, since=time_of(10).replace("Z", ".000001Z")) == changes[10:]
    assert await seen(http, 11, since=time_of(10).replace("Z", "+00:00")) == changes[9:]


async def test_an_offset_is_the_first_that_is_sent(feed, http):
    changes = published(feed, 20)
    partition, offset = changes[12]
    wanted = [change for change in changes if change[0] == partition and change[1] >= offset]
    assert await seen(http, len(wanted), offsets={str(partition): offset}) == wanted


async def test_a_partition_without_a_start_begins_with_what_comes(feed, http):
    changes = published(feed, 50)
    partition = changes[0][0]
    wanted = [change for change in changes if change[0] == partition]
    async with realtime(http, offsets=from_oldest([partition])) as stream:
        later = [offset for _, offset in published(feed, 20, seed=1)]
        assert await stream.offsets(len(wanted) + 20) == [offset for _, offset in wanted] + later


async def test_offsets_and_times_go_together(feed, http):
    changes = published(feed, 50)
    early, late = changes[0][0], next(partition for partition, _ in changes if partition != changes[0][0])
    begins = {early: 20, late: 5}
    wanted = [change for change in changes if change[1] >= begins.get(change[0], 51)]
    parameters = {"offsets": {str(early): 20}, "since_per_partition": {str(late): time_of(5)}}
    assert await seen(http, len(wanted), **parameters) == wanted


async def test_since_counts_before_starts_of_partitions(feed, http):
    changes = published(feed, 20)
    assert await seen(http, 6, since=time_of(15), offsets=from_oldest()) == changes[14:]


async def test_starts_outside_the_chosen_parts_are_ignored(feed, http):
    changes = published(feed, 50)
    wanted = [change for change in changes if change[0] < 5]
    ignored = {"44": 10**9, "45": 1}
    parameters = {"offsets": from_oldest(range(5)) | ignored, "since_per_partition": {"45": rfc3339(SOON)}}
    assert await seen(http, len(wanted), parts=[0], **parameters) == wanted


async def test_the_next_offset_is_a_start_before_it_is_there(feed, http):
    changes = published(feed, 5)
    async with realtime(http, offsets=dict.fromkeys(from_oldest(), changes[-1][1] + 1)) as stream:
        ((_, later),) = published(feed, 1)
        assert await stream.offsets(1) == [later]


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"since": "2024-01-01T00:00:00"}, "since: "),
        ({"since": 1_700_000_000}, "since: "),
        ({"since": "yesterday"}, "since: "),
        ({"since": rfc3339(SOON)}, "since: is in the future"),
        ({"since": time_of(1), "parts": [1]}, "since: "),
        ({"parts": 1}, "parts: "),
        ({"parts": [10]}, "parts[0]: "),
        ({"parts": [0, -1]}, "parts[1]: "),
        ({"parts": [None]}, "parts[0]: "),
        ({"parts": [*range(10), 0]}, "parts: has 11 entries"),
        ({"offsets": [1]}, "offsets: "),
        ({"offsets": {"0": "one"}}, "offsets.0: "),
        ({"offsets": {"0": -1}}, "offsets.0: "),
        ({"offsets": {"50": 1}}, "offsets: the partition '50': "),
        ({"offsets": {"all": 1}}, "offsets: the partition 'all': "),
        ({"offsets": {str(number): 1 for number in range(51)}}, "offsets: has 51 entries"),
        ({"offsets": {"7": 3}}, "offset 3 is beyond the newest, 1"),
        ({"since_per_partition": {"7": 3}}, "since_per_partition.7: "),
        ({"since_per_partition": {"7": rfc3339(SOON)}}, "since_per_partition.7: is in the future"),
        ({"since_per_partition": {"7": time_of(1)}, "offsets": {"7": 1}}, "since_per_partition.7: "),
    ],
)
async def test_starts_that_can_not_be_are_refused(feed, http, parameters, problem):
    feed.publish("Ada")
    status, message = await refusal(http, **parameters)
    assert status == 422
    assert message.startswith(problem)


async def test_a_start_that_the_log_no_longer_has_is_gone(feed, http):
    published(feed, 20)
    feed.trim(11)
    for parameters in ({"offsets": {"7": 10}}, {"since": time_of(5)}, {"since_per_partition": {"7": time_of(5)}}):
        status, message = await refusal(http, **parameters)
        assert status == 410
        assert "oldest offset kept is 11" in message
        assert "snapshot" in message
    async with realtime(http, offsets=dict.fromkeys(from_oldest(), 11)) as stream:
        assert await stream.offsets(10) == list(range(11, 21))


async def test_the_snapshot_to_begin_from_is_named(feed, start, parts, reader, tmp_path):
    published(feed, 20)
    library = SnapshotLibrary(tmp_path)
    claim = library.claim(SnapshotSpec("enwiki", 0, 15))
    await write_snapshot(reader, claim.status.spec, claim.status.folder, lambda progress: None)
    os.close(claim.lock)
    feed.trim(11)
    gateway = await start(changes=ChangeService(reader, parts.stopping, snapshots=library))
    async with http_client(gateway) as http:
        status, message = await refusal(http, offsets=from_oldest())
        assert status == 410
        assert "snapshot enwiki_namespace_0 and begin with offset 16 " in message


@given(
    st.fixed_dictionaries(
        {}, optional={"since": JSON | TIMES, "parts": JSON, "offsets": STARTS, "since_per_partition": STARTS}
    )
)
@example({"parts": []})
@example({"offsets": {}, "since_per_partition": {}, "since": ""})
def test_any_start_is_understood_or_refused(values):
    try:
        asked = read_start(values)
    except HttpError as error:
        refused_with = error.status
    else:
        assert set(asked.partitions) <= set(range(PARTITIONS))
        assert not asked.offsets.keys() & asked.times.keys()
        return
    assert refused_with == 422


# Parts


async def test_ten_parts_together_are_the_whole_stream_once(feed, http):
    changes = published(feed, 200)
    found = []
    for part in range(10):
        own = [change for change in changes if change[0] // 5 == part]
        found += await seen(http, len(own), parts=[part], offsets=from_oldest())
        assert found[-len(own) :] == own
    assert Counter(found) == Counter(changes)


async def test_several_parts_are_one_stream_in_the_order_of_offsets(feed, http):
    changes = published(feed, 200)
    own = [change for change in changes if change[0] // 5 in {2, 7}]
    assert await seen(http, len(own), parts=[7, 2, 7], offsets=from_oldest()) == own


async def test_live_changes_come_in_their_parts_alone(feed, http):
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(realtime(http, parts=[part])) for part in range(10)]
        changes = published(feed, 100)
        for part, stream in enumerate(streams):
            own = [offset for partition, offset in changes if partition // 5 == part]
            assert await stream.offsets(len(own)) == own


# Coming again


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("careful", [True, False])
async def test_coming_again_by_offsets_misses_nothing(feed, http, seed, careful):
    """Who asks for what is behind the last seen gets nothing twice, who asks for the last seen gets just that again."""

    def again(events):
        last = {event["partition"]: event["offset"] for event in events}
        return {"offsets": from_oldest() | {str(number): offset + careful for number, offset in last.items()}}

    client = Client(feed, http, seed)
    await client.read(150, again)
    offsets = Counter(event["offset"] for event in client.events)
    assert offsets.keys() == set(range(1, 151))
    if careful:
        assert set(offsets.values()) == {1}
    in_order_of_their_partition(client.events, repeats=not careful)


@pytest.mark.parametrize("seed", range(3))
async def test_coming_again_by_time_misses_nothing(feed, http, seed):
    def again(events):
        return {"since": events[-1]["date_published"] if events else rfc3339(START)}

    client = Client(feed, http, seed)
    await client.read(150, again)
    assert {event["offset"] for event in client.events} == set(range(1, 151))


@pytest.mark.parametrize("seed", range(3))
async def test_coming_again_by_times_of_partitions_misses_nothing(feed, http, seed):
    def again(events):
        last = {event["partition"]: event["date_published"] for event in events}
        return {"since_per_partition": {str(number): last.get(number, rfc3339(START)) for number in range(PARTITIONS)}}

    client = Client(feed, http, seed)
    await client.read(150, again)
    assert {event["offset"] for event in client.events} == set(range(1, 151))


@pytest.mark.parametrize("seed", range(3))
async def test_coming_again_by_last_event_id_misses_and_repeats_nothing(feed, http, seed):
    changes = published(feed, 60)
    rng, last, ids = random.Random(seed), "0", []
    while last != "60":
        headers = {**EVENT_STREAM, "Last-Event-ID": last}
        async with realtime(http, headers) as stream:
            for _ in range(rng.randint(1, min(9, 60 - len(ids)))):
                last = (await stream.event())["id"]
                ids.append(int(last))
    assert ids == [offset for _, offset in changes]


def in_order_of_their_partition(events: list[dict], repeats: bool) -> None:
    last: dict[int, int] = {}
    for event in events:
        before = last.get(event["partition"], 0)
        assert event["offset"] >= before if repeats else event["offset"] > before
        last[event["partition"]] = event["offset"]
