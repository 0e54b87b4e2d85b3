"""/status/changes: what happens, for people to watch."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from gateway_client import http_client
from made_up_feed import START, Feed
from open_guard import OpenGuard

from wikifeed_server.accounts.model import Caller
from wikifeed_server.errors import PermissionDeniedError
from wikifeed_server.gateway import Parts

HOSTILE = '<script>alert(1)</script>\n\ndata: {"changes":[]}'


@asynccontextmanager
async def watching(http: aiohttp.ClientSession, query: str = "") -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """A watcher's events."""
    async with http.get(f"/status/changes{query}") as answer:
        assert (answer.status, answer.content_type) == (200, "text/event-stream")
        yield events(answer)


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    while block := await answer.content.readuntil(b"\n\n"):
        yield orjson.loads(block.split(b"data: ", 1)[1])


async def rows_until(events: AsyncIterator[dict[str, Any]], offset: int) -> list[dict[str, Any]]:
    """The rows that come until the log was followed to an offset."""
    rows: list[dict[str, Any]] = []
    async for event in events:
        rows += event["changes"]
        if event["through_offset"] >= offset:
            return rows
    raise AssertionError("the stream ended")


async def test_a_watcher_sees_the_last_changes_and_those_that_come(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish("Ada Lovelace", 7)
    async with watching(http) as events:
        (row,) = await rows_until(events, 1)
        assert row == {
            "offset": 1,
            "time": START,
            "type": "create",
            "project": "enwiki",
            "title": "Ada Lovelace",
            "page_id": 7,
            "namespace": 0,
            "namespace_name": "",
            "editor": "Ada",
            "is_bot": False,
            "previous_title": "",
            "redirect_target": "",
        }
        feed.delete("Ada Lovelace", 7)
        (row,) = await rows_until(events, 2)
        assert (row["type"], row["title"]) == ("delete", "Ada Lovelace")


async def test_it_begins_with_the_newest_fifty(http: aiohttp.ClientSession, feed: Feed) -> None:
    last = feed.publish_many([feed.write(f"Page {number}") for number in range(120)])
    async with watching(http) as events:
        rows = await rows_until(events, last)
    assert [row["offset"] for row in rows] == list(range(71, 121))


async def test_a_watcher_is_never_behind_however_much_comes(http: aiohttp.ClientSession, feed: Feed) -> None:
    async with watching(http) as events:
        await rows_until(events, 0)
        last = feed.publish_many([feed.write(f"Page {number}") for number in range(5000)])
        offsets = [row["offset"] for row in await rows_until(events, last)]
    assert offsets == sorted(set(offsets))
    assert offsets[-50:] == list(range(last - 49, last + 1))


async def test_a_project_is_looked_for_further_back(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish("Ada Lovelace", project="dewiki")
    last = feed.publish_many([feed.write(f"Page {number}") for number in range(120)])
    async with watching(http, "?project=dewiki") as events:
        rows = await rows_until(events, last)
    assert [(row["project"], row["offset"]) for row in rows] == [("dewiki", 1)]


async def test_a_log_that_has_dropped_changes_begins_where_it_is_whole(http: aiohttp.ClientSession, feed: Feed) -> None:
    for number in range(5):
        feed.publish(f"Page {number}")
    feed.trim(4)
    async with watching(http) as events:
        assert [row["offset"] for row in await rows_until(events, 5)] == [4, 5]


async def test_a_title_can_end_no_event(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish(HOSTILE)
    async with watching(http) as events:
        (row,) = await rows_until(events, 1)
    assert row["title"] == HOSTILE


async def test_a_plan_sees_its_projects_alone(start: Callable[..., Any], feed: Feed, guard: OpenGuard) -> None:
    guard.projects = ("dewiki",)
    feed.publish("Ada Lovelace")
    feed.publish("Ada Lovelace", project="dewiki")
    async with http_client(await start()) as http, watching(http) as events:
        assert [row["project"] for row in await rows_until(events, 2)] == ["dewiki"]


async def test_a_plan_without_streams_is_refused(http: aiohttp.ClientSession, guard: OpenGuard) -> None:
    guard.refusal = PermissionDeniedError("your plan has no streams")
    answer = await http.get("/status/changes")
    assert (answer.status, (await answer.json())["message"]) == (403, "your plan has no streams")


async def test_a_server_that_stops_tells_watchers(http: aiohttp.ClientSession, feed: Feed, parts: Parts) -> None:
    feed.publish("Ada Lovelace")
    async with http.get("/status/changes") as answer:
        await answer.content.readuntil(b"\n\n")
        parts.stopping.set()
        assert b"event: end\n" in await answer.content.read()


class _Leaving(OpenGuard):
    """Tells when a stream ended."""

    def __init__(self) -> None:
        super().__init__()
        self.left = asyncio.Event()

    @asynccontextmanager
    async def stream(self, caller: Caller) -> AsyncIterator[None]:
        try:
            async with super().stream(caller):
                yield
        finally:
            self.left.set()


async def test_a_watcher_that_goes_leaves_nothing_open(start: Callable[..., Any], feed: Feed) -> None:
    feed.publish("Ada Lovelace")
    guard = _Leaving()
    async with http_client(await start(guard=guard)) as http, watching(http) as events:
        await rows_until(events, 1)
        assert guard.streams == 1
    await guard.left.wait()
    assert guard.streams == 0
