"""Checkpoints: what is saved when, and what comes again after a crash."""

import sqlite3

import pytest

from wikifeed_client import Changes, FileCheckpoint, SqliteCheckpoint, Start


class CrashError(Exception):
    """The program dies."""


async def follow(client, checkpoint, handle, until=9):
    """Handle each change, from the checkpoint on."""
    changes = Changes(no_body=True, until_offset=until)
    async with client.changes(changes, start=Start.OLDEST, checkpoint=checkpoint) as stream:
        async for change in stream:
            handle(change.offset)


@pytest.fixture
def nine(feed):
    for _ in range(9):
        feed.publish("Ada", 7)


async def test_a_crash_between_items_repeats_the_one_in_hand(nine, client, tmp_path):
    seen = []

    def handle(offset):
        seen.append(offset)
        if seen.count(offset) == 1 and offset in {1, 4, 9}:
            raise CrashError

    for _ in range(3):
        with pytest.raises(CrashError):
            await follow(client, FileCheckpoint(tmp_path / "place"), handle)
    await follow(client, FileCheckpoint(tmp_path / "place"), handle)
    assert seen == [1, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 9]
    assert FileCheckpoint(tmp_path / "place").load() == 9


@pytest.mark.parametrize("connect", ["asyncio"], indirect=True)
async def test_what_is_written_over_the_checkpoints_connection_is_there_exactly_once(nine, client, tmp_path):
    crashes = {2, 5, 9}

    def run():
        database = sqlite3.connect(tmp_path / "data.db")
        database.execute("CREATE TABLE IF NOT EXISTS seen (offset)")

        def handle(offset):
            database.execute("INSERT INTO seen VALUES (?)", (offset,))
            if offset in crashes:
                crashes.remove(offset)
                raise CrashError

        return database, SqliteCheckpoint(database), handle

    while crashes:
        database, checkpoint, handle = run()
        with pytest.raises(CrashError):
            await follow(client, checkpoint, handle)
        database.close()
    database, checkpoint, handle = run()
    await follow(client, checkpoint, handle)
    assert [row[0] for row in database.execute("SELECT offset FROM seen ORDER BY rowid")] == list(range(1, 10))
    assert checkpoint.load() == 9
    database.close()


def test_an_offset_put_goes_with_the_callers_transaction(tmp_path):
    database = sqlite3.connect(tmp_path / "data.db")
    mine, other = SqliteCheckpoint(database, "mine"), SqliteCheckpoint(database, "other")
    mine.save(3)
    mine.put(4)
    database.rollback()
    assert (mine.load(), other.load()) == (3, None)
    with database:
        mine.put(5)
    assert mine.load() == 5
    database.close()


def test_a_file_is_replaced_in_one_step(tmp_path):
    path = tmp_path / "place"
    checkpoint = FileCheckpoint(path)
    assert checkpoint.load() is None
    checkpoint.save(41)
    (tmp_path / "place.tmp").write_text("4")
    assert checkpoint.load() == 41
    checkpoint.save(42)
    assert (checkpoint.load(), [each.name for each in tmp_path.iterdir()]) == (42, ["place"])


def test_a_file_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "place").write_text("here")
    with pytest.raises(ValueError, match=r"place holds no offset: 'here'"):
        FileCheckpoint(tmp_path / "place").load()
