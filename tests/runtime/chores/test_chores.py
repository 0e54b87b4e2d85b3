"""What is done beside serving, with a clock of the test's own."""

import asyncio

import pytest
import structlog
from made_up_feed import START, Feed

from wikifeed_server.accounts import Cadence, Plan
from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of
from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.runtime.chores.batches import BatchChore
from wikifeed_server.runtime.chores.retention import RetentionChore
from wikifeed_server.runtime.chores.snapshots import SnapshotChore
from wikifeed_server.runtime.chores.turns import take_turns
from wikifeed_server.runtime.config import BatchSettings, RetentionSettings, SnapshotSettings
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters, State
from wikifeed_server.store.embedded import EmbeddedReader

HOUR = hour_of(START)
DAY = 86400.0


class Clock:
    """Tells the time it was set to, in seconds since 1970."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __call__(self):
        return self.seconds


@pytest.fixture
def feed(tmp_path):
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed, tmp_path):
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


def publish_at(feed, hour, title="Ada"):
    feed.time = hour
    return feed.publish(title)


async def test_an_hour_is_made_when_its_grace_is_over_and_once(feed, tmp_path):
    publish_at(feed, HOUR + 1)
    clock = Clock((HOUR + HOUR_MICROSECONDS) / 1e6 + 59)
    chore = BatchChore(tmp_path, BatchSettings(write="yes", grace_seconds=60), clock)
    await chore.turn()
    assert BatchLibrary(tmp_path).hours() == []
    clock.seconds += 1
    await chore.turn()
    library = BatchLibrary(tmp_path)
    assert library.hours() == [HOUR]
    made = library.manifest(HOUR)
    await chore.turn()
    assert BatchLibrary(tmp_path).manifest(HOUR).finished == made.finished


async def test_hours_missed_while_nobody_ran_are_made_and_empty_ones_are_not(feed, tmp_path):
    for number in (0, 1, 5):
        publish_at(feed, HOUR + number * HOUR_MICROSECONDS + 7, f"Page {number}")
    clock = Clock((HOUR + 9 * HOUR_MICROSECONDS) / 1e6)
    await BatchChore(tmp_path, BatchSettings(write="yes"), clock).turn()
    assert BatchLibrary(tmp_path).hours() == [HOUR + number * HOUR_MICROSECONDS for number in (5, 1, 0)]


async def test_batches_are_kept_as_long_as_asked_and_not_made_again(feed, tmp_path):
    for number in range(3):
        publish_at(feed, HOUR + number * HOUR_MICROSECONDS + 7, f"Page {number}")
    clock = Clock((HOUR + 4 * HOUR_MICROSECONDS) / 1e6)
    chore = BatchChore(tmp_path, BatchSettings(write="yes", keep_seconds=3 * 3600), clock)
    await chore.turn()
    assert len(BatchLibrary(tmp_path).hours()) == 2
    clock.seconds += 3600
    await chore.turn()
    assert BatchLibrary(tmp_path).hours() == [HOUR + 2 * HOUR_MICROSECONDS]


async def test_retention_drops_what_is_too_old(feed, reader, tmp_path):
    for number in range(10):
        publish_at(feed, START + number * 1_000_000, f"Page {number}")
    clock = Clock(START / 1e6 + 14)
    with structlog.testing.capture_logs() as logs:
        await RetentionChore(tmp_path, RetentionSettings(age_seconds=10), clock).turn()
    assert (await reader.log_info()).oldest_offset == 5
    assert [entry["oldest_offset"] for entry in logs if entry["event"] == "dropped"] == [5]


@pytest.fixture
async def scheduling(feed, reader, tmp_path):
    """Makes a chore for a schedule; and waits until what it began is written."""
    library = SnapshotLibrary(tmp_path)
    async with SnapshotWriters(tmp_path, library) as writers:

        async def turn(chore):
            await chore.turn()
            while any(status.state is State.WRITING for status in library.list()):  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.02)

        def make(clock, plans=(), **settings):
            async def in_use():
                return plans

            return SnapshotChore(reader, library, writers, SnapshotSettings(**settings), clock, in_use)

        yield make, turn, library


async def test_a_snapshot_is_made_once_a_period_and_only_so_many_are_kept(feed, scheduling):
    make, turn, library = scheduling
    feed.publish("Ada")
    # Snapshots bear the machine's time: the test's days begin behind today.
    clock = Clock(4_000_000_000.0 // DAY * DAY + 10)
    chore = make(clock, scheduled=("enwiki", "enwiki:0:wikitext:ndjson.zst"), keep=2)
    for day in range(4):
        await turn(chore)
        await turn(chore)
        feed.publish(f"Page {day}")
        clock.seconds += DAY
    await chore.turn()
    offsets = {
        identifier: [status.spec.offset for status in library.list() if status.spec.identifier == identifier]
        for identifier in ("enwiki_namespace_0", "enwiki_namespace_0_wikitext_zst")
    }
    # The fifth day's is begun, and was not there when the old ones were dropped.
    assert [offsets_of[-2:] for offsets_of in offsets.values()] == [[4, 3], [4, 3]]


async def test_what_a_monthly_plan_shows_is_kept_until_there_is_another(feed, scheduling):
    make, turn, library = scheduling
    clock = Clock(4_000_000_000.0 // DAY * DAY + 10)
    chore = make(clock, [Plan("free", snapshot_cadence=Cadence.MONTHLY)], scheduled=("enwiki",), keep=1)
    for day in range(4):
        feed.publish(f"Page {day}")
        await turn(chore)
        clock.seconds += DAY
    await chore.turn()
    # All were made in the machine's month: the first stays beside the newest.
    assert [status.spec.offset for status in library.list()] == [4, 1]


async def test_what_was_made_today_is_not_made_again_by_another_process(feed, scheduling):
    make, turn, library = scheduling
    feed.publish("Ada")
    clock = Clock(1.0)
    await turn(make(clock, scheduled=("enwiki",)))
    feed.publish("Grace")
    await turn(make(clock, scheduled=("enwiki",)))
    assert len(library.list()) == 1


async def test_a_turn_that_fails_is_logged_and_taken_again():
    turns = 0

    async def turn():
        nonlocal turns
        turns += 1
        if turns < 3:
            raise StoreCorruptError("the disk is gone")

    with structlog.testing.capture_logs() as logs:
        taking = asyncio.create_task(take_turns("made up", turn, lambda: 0.0))
        while turns < 5:  # noqa: ASYNC110 - what is waited for is a number of turns
            await asyncio.sleep(0)
        taking.cancel()
    assert [entry["error"] for entry in logs] == ["the disk is gone"] * 2
