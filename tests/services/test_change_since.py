"""ChangeService: streams that start at a time."""

import time
from contextlib import aclosing

import pytest
from change_streams import offsets, timestamp
from google.protobuf.timestamp_pb2 import Timestamp
from made_up_feed import SECOND, START

from wikifeed_server.errors import InvalidRequestError, OffsetExpiredError


@pytest.fixture
def timed_log(feed):
    """Changes 1 to 5, published a second apart."""
    for number in range(1, 6):
        feed.time = START + number * SECOND
        feed.publish(f"Page {number}")
    return feed


@pytest.mark.parametrize(
    ("since", "first"),
    [(0, 1), (-(10**15), 1), (START, 1), (START + SECOND, 1), (START + SECOND + 1, 2), (START + 5 * SECOND, 5)],
)
async def test_since_starts_with_the_first_change_of_that_time_or_later(timed_log, replay, since, first):
    assert offsets(await replay(5, since=timestamp(since))) == list(range(first, 6))


async def test_since_counts_nanoseconds(timed_log, replay):
    since = timestamp(START + 2 * SECOND)
    since.nanos += 1
    assert offsets(await replay(5, since=since)) == [3, 4, 5]


async def test_since_after_the_newest_waits_for_what_comes(timed_log, stream):
    async with aclosing(stream(since=timestamp(START + 6 * SECOND))) as responses:
        assert (await anext(responses)).through_offset == 5


@pytest.mark.parametrize("seconds", [3600, 10**12, 2**63 - 1])
async def test_since_in_the_future_is_refused(timed_log, replay, seconds):
    seconds = min(seconds + int(time.time()), 2**63 - 1)
    with pytest.raises(InvalidRequestError, match="this server's time is") as caught:
        await replay(5, since=Timestamp(seconds=seconds))
    assert caught.value.violations[0].field == "since"


async def test_since_by_a_clock_that_is_a_little_fast_is_taken(timed_log, stream):
    async with aclosing(stream(since=Timestamp(seconds=int(time.time()) + 5))) as responses:
        assert (await anext(responses)).through_offset == 5


async def test_since_a_time_of_dropped_changes_is_refused(timed_log, replay):
    timed_log.trim(3)
    for since in (0, START + SECOND, START + 3 * SECOND, -(2**62)):
        with pytest.raises(OffsetExpiredError):
            await replay(5, since=Timestamp(seconds=since // SECOND))
    assert offsets(await replay(5, since=timestamp(START + 3 * SECOND + 1))) == [4, 5]
