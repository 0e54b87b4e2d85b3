"""/status/summary: what the status page shows of a server."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
from gateway_client import http_client
from made_up_feed import START, Feed
from open_guard import OpenGuard
from stored_files import DATE_AND_HOUR, HOUR, StoredFiles

from wikifeed_server.accounts.model import Cadence, Caller, Plan
from wikifeed_server.gateway.pages.files import snapshot_rows
from wikifeed_server.gateway.pages.rate import MINUTES, Rates
from wikifeed_server.gateway.pages.remembered import Remembered
from wikifeed_server.gateway.pages.storage import store_size
from wikifeed_server.snapshots import Content, Format, SnapshotLibrary, SnapshotSpec
from wikifeed_server.sources.status import SourceStatus
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

MINUTE = 60_000_000
HOUR_OF_START = START - START % MINUTE


async def summary(http: aiohttp.ClientSession) -> dict[str, Any]:
    answer = await http.get("/status/summary")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    found: dict[str, Any] = await answer.json()
    return found


async def test_an_empty_store_has_a_summary(http: aiohttp.ClientSession) -> None:
    found = await summary(http)
    assert found["log"]["newest_offset"] == 0
    assert found["rate"]["counts"] == [0] * MINUTES
    assert (found["sources"], found["snapshots"], found["batches"]) == ([], [], [])
    assert [project["identifier"] for project in found["projects"]] == ["dewiki", "enwiki", "hewiktionary"]


async def test_it_tells_of_the_log(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish("Ada Lovelace")
    log = (await summary(http))["log"]
    assert (log["oldest_offset"], log["newest_offset"], log["newest_time"]) == (1, 1, START)


async def test_it_tells_of_each_source_in_which_state_it_is(start: Callable[..., Any], tmp_path: Path) -> None:
    followed = tmp_path / "followed"
    status = SourceStatus("wiki", process=7, started=START, updated=START, lag_seconds=2.5, received=3)
    writer = EmbeddedWriter.open(followed)
    writer.put_status("wiki", status.to_json())
    writer.close()
    async with EmbeddedReader.open(followed) as reader, http_client(await start(reader=reader)) as http:
        (source,) = (await summary(http))["sources"]
    assert source == {**asdict(status), "state": "gone"}


async def test_it_lists_snapshots_with_the_paths_of_their_files(
    http: aiohttp.ClientSession, stored: StoredFiles
) -> None:
    earlier = await stored.snapshot()
    newest = await stored.snapshot()
    await stored.snapshot(content=Content.STRUCTURED)
    await stored.snapshot(format=Format.ZST)
    rows = (await summary(http))["snapshots"]
    downloads = {(row["identifier"], row["offset"]): row["download"] for row in rows}
    assert downloads[newest.spec.identifier, newest.spec.offset] == "/v2/snapshots/enwiki_namespace_0/download"
    assert downloads[earlier.spec.identifier, earlier.spec.offset] == ""
    assert {row["download"] for row in rows if row["format"] != "ndjson.tar.gz"} == {""}
    for row in rows:
        if row["download"]:
            answer = await http.get(row["download"])
            assert (answer.status, len(await answer.read())) == (200, row["size_bytes"])


async def test_a_snapshot_in_several_files_leads_to_the_whole_and_to_their_list(
    http: aiohttp.ClientSession, stored: StoredFiles
) -> None:
    stored.feed.publish("Ada Lovelace")
    await stored.snapshot(chunk_size_bytes=1)
    (row,) = (await summary(http))["snapshots"]
    assert (await http.head(row["download"])).status == 200
    chunks = await (await http.get(row["chunks"])).json()
    assert len(chunks) == row["chunks_count"] == 2


async def test_a_snapshot_being_written_says_how_far_it_is_beside_the_one_before(
    stored: StoredFiles, tmp_path: Path
) -> None:
    ready = await stored.snapshot()
    claim = stored.snapshots.claim(SnapshotSpec("enwiki", 0, ready.spec.offset + 1))
    stored.snapshots.report(claim.status, 5, 100)
    writing, before = snapshot_rows(SnapshotLibrary(tmp_path).list())
    assert (writing["state"], writing["articles_count"], writing["expected_count"]) == ("writing", 5, 1)
    assert (before["state"], before["download"]) == ("ready", "/v2/snapshots/enwiki_namespace_0/download")


async def test_it_lists_batches_with_the_paths_of_their_files(http: aiohttp.ClientSession, stored: StoredFiles) -> None:
    await stored.hour("enwiki")
    rows = (await summary(http))["batches"]
    assert {row["hour"] for row in rows} == {HOUR}
    (row,) = [row for row in rows if row["download"]]
    assert row["download"] == f"/v2/batches/{DATE_AND_HOUR}/enwiki_namespace_0/download"
    answer = await http.get(row["download"])
    assert (answer.status, len(await answer.read())) == (200, row["size_bytes"])


async def test_a_plan_for_some_projects_is_shown_those(
    start: Callable[..., Any], stored: StoredFiles, guard: OpenGuard
) -> None:
    await stored.snapshot("enwiki")
    await stored.snapshot("dewiki")
    plan = Plan("german", projects=("dewiki",), snapshot_cadence=Cadence.MONTHLY)
    guard.who = Caller("ada", plan)
    async with http_client(await start()) as http:
        found = await summary(http)
    assert found["user"] == "ada"
    assert [project["identifier"] for project in found["projects"]] == ["dewiki"]
    assert [snapshot["project"] for snapshot in found["snapshots"]] == ["dewiki"]


async def test_changes_are_counted_in_the_minute_that_published_them(feed: Feed, reader: EmbeddedReader) -> None:
    for minute, count in ((0, 2), (1, 0), (2, 3)):
        feed.time = HOUR_OF_START + minute * MINUTE + 1
        for _ in range(count):
            feed.publish("Ada Lovelace")
    rates = Rates(reader)
    now = HOUR_OF_START + 2 * MINUTE + 30_000_000
    rate = await rates.rate(now)
    assert rate.began == HOUR_OF_START - (MINUTES - 3) * MINUTE
    assert rate.counts == (*([0] * (MINUTES - 3)), 2, 0, 3)
    feed.time = now
    feed.publish("Ada Lovelace")
    assert (await rates.rate(now + MINUTE)).counts[-4:] == (2, 0, 4, 0)


async def test_minutes_of_which_changes_were_dropped_are_not_known(feed: Feed, reader: EmbeddedReader) -> None:
    for minute in range(3):
        feed.time = HOUR_OF_START + minute * MINUTE
        feed.publish("Ada Lovelace")
        feed.publish("Grace Hopper")
    feed.trim(4)
    counts = (await Rates(reader).rate(feed.time)).counts
    assert counts == (*([None] * (MINUTES - 1)), 2)


def test_sizes_are_those_of_files_on_the_disk(tmp_path: Path) -> None:
    for name, size in (("wikifeed.db", 7), ("blobs/snapshots/a/1/a.tar.gz", 20), ("blobs/batches/x/01/b.tar.gz", 300)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    size = store_size(tmp_path)
    assert (size.database_bytes, size.snapshots_bytes, size.batches_bytes) == (7, 20, 300)


def test_a_store_that_is_gone_has_no_size(tmp_path: Path) -> None:
    assert store_size(tmp_path / "nowhere").database_bytes == 0


async def test_an_answer_is_asked_for_again_when_it_is_old() -> None:
    asked, now = [], 0.0

    async def ask() -> int:
        asked.append(now)
        return len(asked)

    remembered = Remembered(ask, 10.0, lambda: now)
    assert [await remembered.get(), await remembered.get()] == [1, 1]
    now = 10.0
    assert await remembered.get() == 2
    assert asked == [0.0, 10.0]
