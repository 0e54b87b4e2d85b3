"""Mirrors: what the sink holds is what the store holds, whatever happens in between."""

import asyncio

import duckdb
import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_client import (
    CallingSink,
    Client,
    CursorExpiredError,
    FileCheckpoint,
    NotFoundError,
    Put,
    Remove,
    SnapshotKind,
    SqliteSink,
    UnavailableError,
)
from wikifeed_client.duckdb_sink import DuckDbSink

STRUCTURED = ("infoboxes", "sections", "references", "tables", "links")


class CrashError(Exception):
    """The program dies."""


@pytest.fixture(params=[SqliteSink, DuckDbSink])
def sink(request, tmp_path):
    with request.param(tmp_path / "mirror.db") as sink:
        yield sink


async def stored(client):
    """What the store holds of namespace 0: text and revision, by page id."""
    articles = [article async for article in client.list("enwiki", namespaces=[0])]
    return {article.identifier: facts(article) for article in articles}


def facts(article):
    return article.name, article.version, article.article_body, article.categories


def mirrored(sink, page_ids):
    found = {page_id: sink.get(page_id) for page_id in page_ids}
    return {page_id: facts(article) for page_id, article in found.items() if article is not None}


async def test_a_mirror_is_what_the_store_is_after_edits_deletions_moves_and_a_restart(feed, server, client, sink):
    for page_id in range(1, 9):
        feed.publish(f"Page {page_id}", page_id)
    feed.delete("Page 2", 2)
    await server.write_snapshot()
    feed.publish("Page 1", 1, text="edited")
    feed.delete("Page 3", 3)
    feed.publish("Elsewhere", 4, namespace=4)
    feed.redirect("Page 5", "Page 1", 5)
    await client.mirror("enwiki", sink, until_offset=feed.publish("Fresh", 9))
    assert mirrored(sink, range(1, 12)) == await stored(client)
    await server.stop()
    feed.publish("Renamed", 6)
    feed.publish("Page 2", 2, text="again")
    await server.start()
    await client.mirror("enwiki", sink, until_offset=feed.publish("Fresh", 9, text="newer"))
    assert mirrored(sink, range(1, 12)) == await stored(client)
    assert (sink.get("Renamed").identifier, sink.get("Page 6"), sink.position()) == (6, None, 17)
    assert not any(getattr(sink.get(1), field) for field in STRUCTURED)


async def test_a_mirror_that_runs_outlives_restarts_of_the_server(feed, server, client, tmp_path):
    seen, loop, loaded = [], asyncio.get_running_loop(), asyncio.Event()

    def handle(update):
        seen.append(update.offset)
        loop.call_soon_threadsafe(loaded.set)

    sink = CallingSink(handle, FileCheckpoint(tmp_path / "place"))
    feed.publish("Ada", 7)
    await server.write_snapshot()

    async def mirror():
        await client.mirror("enwiki", sink, until_offset=9)

    running = asyncio.create_task(mirror())
    await loaded.wait()
    for _ in range(4):
        feed.publish("Ada", 7)
        await server.stop()
        feed.publish("Ada", 7)
        await server.start()
    await running
    assert seen == list(range(1, 10))


async def test_a_mirror_without_a_snapshot_has_one_made(feed, client, sink):
    feed.publish("Ada", 7)
    await client.mirror("enwiki", sink, until_offset=1)
    assert sink.get(7).name == "Ada"


async def test_a_snapshot_that_the_log_does_not_follow_is_not_used(feed, server, client, sink):
    feed.publish("Ada", 7)
    await server.write_snapshot()
    for _ in range(4):
        feed.publish("Ada", 7)
    feed.trim(4)
    await client.mirror("enwiki", sink, until_offset=5)
    assert mirrored(sink, [7]) == await stored(client)


async def test_a_sink_that_is_older_than_the_log_is_told(feed, server, client, sink):
    feed.publish("Ada", 7)
    await server.write_snapshot()
    await client.mirror("enwiki", sink, until_offset=1)
    for _ in range(4):
        feed.publish("Ada", 7)
    feed.trim(4)
    with pytest.raises(CursorExpiredError):
        await client.mirror("enwiki", sink, until_offset=5)


async def test_a_sink_that_is_older_than_the_log_begins_again_where_it_may(feed, server, client, sink):
    for page_id in (7, 8):
        feed.publish(f"Page {page_id}", page_id)
    await server.write_snapshot()
    await client.mirror("enwiki", sink, until_offset=2)
    feed.delete("Page 8", 8)
    for _ in range(4):
        feed.publish("Page 7", 7, text="edited")
    feed.trim(6)
    await client.mirror("enwiki", sink, until_offset=feed.publish("Fresh", 9), on_expired="begin_again")
    assert mirrored(sink, [7, 8, 9]) == await stored(client)
    assert (sink.get(8), sink.position()) == (None, 8)


async def test_a_function_is_told_to_forget_before_a_mirror_begins_again(feed, server, client, tmp_path):
    feed.publish("Ada", 7)
    await server.write_snapshot()
    seen, forgotten = {}, []

    def handle(update):
        if isinstance(update, Put):
            seen[update.article.identifier] = update.offset
        else:
            seen.pop(update.page_id, None)

    def forget():
        forgotten.append(dict(seen))
        seen.clear()

    sink = CallingSink(handle, FileCheckpoint(tmp_path / "place"), forget)
    await client.mirror("enwiki", sink, until_offset=1)
    feed.delete("Ada", 7)
    for _ in range(3):
        feed.publish("Grace", 8)
    feed.trim(4)
    await client.mirror("enwiki", sink, until_offset=5, on_expired="begin_again")
    assert (forgotten, seen, sink.position()) == ([{}, {7: 1}], {8: 5}, 5)


async def test_what_a_crash_left_of_a_snapshot_is_forgotten(feed, server, client, sink):
    feed.publish("Ada", 7)
    sink.write([Put((await client.get("enwiki", 7)), 1)], None)
    feed.delete("Ada", 7)
    feed.publish("Grace", 8)
    await server.write_snapshot()
    await client.mirror("enwiki", sink, until_offset=3)
    assert mirrored(sink, [7, 8]) == await stored(client)


async def test_updates_and_their_offset_are_one_transaction(feed, sink):
    with pytest.raises(AttributeError):
        sink.write([Remove(1, 1), Put(None, 2)], 2)
    assert sink.position() is None


async def test_a_function_is_called_again_with_what_a_crash_left_undone(feed, server, client, tmp_path):
    feed.publish("Ada", 7)
    await server.write_snapshot()
    feed.delete("Ada", 7)
    feed.publish("Grace", 8)
    seen = []

    def handle(update):
        seen.append(update)
        if len(seen) == 3:
            raise CrashError

    sink = CallingSink(handle, FileCheckpoint(tmp_path / "place"))
    with pytest.raises(CrashError):
        await client.mirror("enwiki", sink, until_offset=3)
    await client.mirror("enwiki", sink, until_offset=3)
    said = [(update.offset, isinstance(update, Put)) for update in seen]
    assert said[:3] == [(1, True), (2, False), (3, True)]
    assert said[-1] == (3, True)
    assert sink.position() == 3


async def test_a_mirror_that_was_cut_off_goes_on_with_the_files_that_came(feed, server, client, sink, tmp_path):
    feed.publish("Ada", 7)
    await server.write_snapshot()
    folder = tmp_path / "snapshot"

    def die(update):
        raise CrashError

    with pytest.raises(CrashError):
        await client.mirror("enwiki", CallingSink(die, FileCheckpoint(tmp_path / "place")), folder=folder)
    (file,) = folder.iterdir()
    came = file.stat().st_ino
    with pytest.raises(CrashError):
        await client.mirror("enwiki", CallingSink(die, FileCheckpoint(tmp_path / "place")), folder=folder)
    assert file.stat().st_ino == came
    await client.mirror("enwiki", sink, folder=folder, until_offset=1)
    assert list(folder.iterdir()) == []
    assert mirrored(sink, [7]) == await stored(client)


async def test_a_project_that_is_not_there_is_told(feed, client, sink):
    with pytest.raises(NotFoundError) as caught:
        await client.mirror("nowiki", sink)
    assert caught.value.reason == "PROJECT_NOT_FOUND"


def test_a_snapshot_without_a_server_is_unavailable(sink):
    with Client("127.0.0.1:1") as client, pytest.raises(UnavailableError):
        client.snapshot(SnapshotKind("enwiki"))


def test_a_mirror_in_duckdb_answers_questions_and_has_updates_and_their_offset_at_once(tmp_path):
    moon = Article(identifier=7, name="Moon", url="u", abstract="A", article_body={"wikitext": "text"})
    moon.date_modified.seconds = 1_767_323_045
    with DuckDbSink(tmp_path / "mirror.db") as sink:
        sink.write([Put(Article(identifier=7, name="Older"), 1), Put(moon, 2), Put(Article(identifier=8), 2)], None)
        assert sink.position() is None
        sink.write([Remove(8, 3)], 3)
        with pytest.raises(duckdb.Error):
            sink.write([Remove(7, 4)], -4)
        assert (sink.position(), sink.get("Moon"), sink.get(8)) == (3, moon, None)
    with duckdb.connect(str(tmp_path / "mirror.db")) as database:
        question = "SELECT name, url, abstract, year(date_modified), wikitext, changed FROM article"
        assert database.execute(question).fetchall() == [("Moon", "u", "A", 2026, "text", 2)]
