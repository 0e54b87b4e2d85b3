"""/v2/articles: what streams share, what they cost, who may have one, and how they end."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import aiohttp
import orjson
import pytest
from gateway_client import http_client
from made_up_feed import Feed
from realtime_reading import EVENT_STREAM, PATH, from_oldest, realtime, refusal

from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed_server.errors import PermissionDeniedError, UnauthenticatedError
from wikifeed_server.gateway import GatewayOptions, RunningGateway
from wikifeed_server.gateway.ndjson import Form
from wikifeed_server.services.change import ChangeService
from wikifeed_server.transport.options import Limits

SUBSCRIBERS = 10
ARTICLE_BYTES = 100_000
ARTICLES = 200
END = b"0\r\n\r\n"  # of a chunked body


class CountedReader:
    """A reader that counts the calls of its methods and the bytes of articles that were read."""

    def __init__(self, reader):
        self.calls = Counter()
        self.bytes = 0
        self._reader = reader

    def __getattr__(self, name):
        method = getattr(self._reader, name)

        async def call(*values, **named):
            self.calls[name] += 1
            found = await method(*values, **named)
            if name == "read_entries":
                self.bytes += sum(len(fragment) for entry in found.entries for fragment in entry.fragments)
            return found

        return call


class WatchedGuard:
    """Lets everybody in until `revoked`; `ended` is set once a stream has ended."""

    required = True

    def __init__(self, guard) -> None:
        self.revoked, self.ended = asyncio.Event(), asyncio.Event()
        self._guard = guard

    def __getattr__(self, name):
        return getattr(self._guard, name)

    @asynccontextmanager
    async def stream(self, caller):
        del caller
        revoking = asyncio.create_task(self._revoke(asyncio.current_task()))
        try:
            yield
        except asyncio.CancelledError:
            if not self.revoked.is_set():
                raise
            raise UnauthenticatedError("revoked") from None
        finally:
            revoking.cancel()
            self.ended.set()

    async def _revoke(self, stream):
        await self.revoked.wait()
        stream.cancel()
        stream.uncancel()


@pytest.fixture
def watched(guard):
    return WatchedGuard(guard)


@pytest.fixture
def counted(reader):
    return CountedReader(reader)


@pytest.fixture
async def counting(start, parts, counted, watched) -> RunningGateway:
    return await start(changes=ChangeService(counted, parts.stopping), guard=watched)


def running(before) -> set[str]:
    """What runs that did not before."""
    return {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}


def publish_much(feed: Feed) -> None:
    feed.publish_many([feed.write(f"Page {number}", text="long " * (ARTICLE_BYTES // 5)) for number in range(ARTICLES)])


@asynccontextmanager
async def raw_stream(gateway: RunningGateway) -> AsyncIterator[asyncio.StreamReader]:
    """The bytes of a stream from the oldest change on; as few as can be are taken before they are asked for."""
    host, _, port = gateway.address.rpartition(":")
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (host, int(port)))
        reader, writer = await asyncio.open_connection(sock=connection, limit=4096)
        body = orjson.dumps({"offsets": from_oldest()})
        head = f"POST {PATH} HTTP/1.1\r\nHost: {gateway.address}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        try:
            yield reader
        finally:
            writer.close()


# What is shared


async def test_streams_of_one_selection_are_written_once(feed, parts):
    """Also where gRPC's subscribers are among them."""
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(aclosing(parts.changes.batches(StreamChangesRequest())))
            for _ in range(SUBSCRIBERS)
        ]
        await asyncio.gather(*(anext(stream) for stream in streams))
        waiting = [asyncio.create_task(anext(stream)) for stream in streams]
        await asyncio.sleep(0)
        feed.publish("Ada")
        batches = await asyncio.gather(*waiting)
        form = Form(("name",), (), event_stream=False)
        texts = [Form(("name",), (), event_stream=False).text(batch) for batch in batches]
        assert orjson.loads(texts[0])["name"] == "Ada"
        assert all(text is texts[0] for text in texts)
        assert Form(("name",), (), event_stream=True).text(batches[0]) != form.text(batches[0])


async def test_live_articles_are_read_once_for_all_streams(feed, counting, counted):
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(http_client(counting))
        streams = [await stack.enter_async_context(realtime(http)) for _ in range(SUBSCRIBERS)]
        first = feed.publish("Ada")
        assert [await stream.offsets(1) for stream in streams] == [[first]] * SUBSCRIBERS
        counted.calls.clear()
        later = feed.publish("Grace")
        assert [await stream.offsets(1) for stream in streams] == [[later]] * SUBSCRIBERS
        assert (counted.calls["read_slice"], counted.calls["read_entries"]) == (1, 1)


async def test_a_batch_keeps_few_forms(feed, parts):
    feed.publish("Ada")
    async with aclosing(parts.changes.batches(StreamChangesRequest(after_offset=0))) as batches:
        batch = await anext(batches)
    for count in range(1, 100):
        assert orjson.loads(Form(("name",) * count).text(batch))["name"] == "Ada"
    assert len(batch.forms) < 20


# Slow clients


async def test_a_slow_client_gets_everything_once(feed, counting):
    publish_much(feed)
    async with raw_stream(counting) as reader:
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        lines, rest = 0, b""
        while lines < ARTICLES:
            size = int(await reader.readline(), 16)
            *whole, rest = (rest + await reader.readexactly(size)).split(b"\n")
            offsets = [orjson.loads(line)["event"]["offset"] for line in whole]
            assert offsets == list(range(lines + 1, lines + 1 + len(whole)))
            lines += len(whole)
            await reader.readexactly(2)
        assert rest == b""


async def test_a_client_that_takes_nothing_is_cut_off_having_cost_little(feed, start, counted, parts, watched):
    publish_much(feed)
    changes = ChangeService(counted, parts.stopping)
    gateway = await start(changes=changes, guard=watched, stalled_seconds=0.1)
    async with raw_stream(gateway) as reader, asyncio.timeout(20):
        await watched.ended.wait()
        assert 0 < counted.bytes < ARTICLES * ARTICLE_BYTES / 2  # of which the kernel has the most
        assert not (await reader.read(-1)).endswith(END)


# Ends


async def test_a_server_that_stops_ends_streams_with_a_whole_line(feed, http, parts):
    for number in range(20):
        feed.publish(f"Page {number}")
    async with realtime(http, offsets=from_oldest()) as lines, realtime(http, EVENT_STREAM) as events:
        assert (await lines.article())["name"] == "Page 0"
        parts.stopping.set()
        rest = await lines.response.read()
        assert [orjson.loads(line)["event"]["offset"] for line in rest.splitlines()] == list(range(2, 21))
        assert rest.endswith(b"\n")
        assert await events.response.read() == b""


async def test_nothing_is_left_of_a_stream_whose_client_went_away(feed, counting, watched):
    before = asyncio.all_tasks()
    async with http_client(counting) as http, realtime(http) as stream:
        feed.publish("Ada")
        await stream.article()
        assert {"Lane.run", "Tail.follow"} < running(before)
    async with asyncio.timeout(10):
        await watched.ended.wait()
    assert running(before).isdisjoint({"Lane.run", "Tail.follow"})


async def test_a_stream_that_the_log_has_passed_by_is_cut_off(feed, counting):
    publish_much(feed)
    async with raw_stream(counting) as reader, asyncio.timeout(20):
        await reader.readuntil(b"\r\n\r\n")
        feed.trim(ARTICLES)
        taken = await reader.read(-1)
    assert 0 < taken.count(b"}\n") < ARTICLES
    assert not taken.endswith(END)


async def test_a_stream_whose_credentials_are_revoked_is_cut_off(feed, counting, watched):
    async with http_client(counting) as http, realtime(http) as stream:
        feed.publish("Ada")
        assert (await stream.article())["name"] == "Ada"
        watched.revoked.set()
        with pytest.raises(aiohttp.ClientPayloadError):
            await stream.response.read()


# Who may


async def test_a_plan_narrows_a_stream_to_its_projects(feed, http, guard):
    guard.projects = ("dewiki",)
    feed.publish("Ada")
    feed.publish("Ada", project="dewiki")
    async with realtime(http, offsets=from_oldest()) as stream:
        assert await stream.offsets(1) == [2]
    assert guard.admitted == ["/wikifeed.v1.ChangeService/StreamChanges"]


async def test_who_may_not_is_told_before_anything_is_sent(http, guard):
    guard.refusal = PermissionDeniedError("not in the plan")
    assert await refusal(http) == (403, "not in the plan")


async def test_streams_at_once_are_bounded(start):
    gateway = await start(GatewayOptions(limits=Limits(caller_streams=2)))
    async with http_client(gateway) as http, realtime(http), realtime(http):
        assert (await refusal(http))[0] == 429


async def test_deliveries_are_observed(feed, start, parts, reader):
    class Deliveries:
        changes = subscribers = 0

        def delivered(self, changes):
            self.changes += changes

        def subscribed(self, subscriber):
            self.subscribers += 1

        def unsubscribed(self, subscriber):
            self.subscribers -= 1

    told = Deliveries()
    gateway = await start(changes=ChangeService(reader, parts.stopping, deliveries=told))
    async with http_client(gateway) as http, realtime(http, offsets=from_oldest()) as stream:
        feed.publish_many([feed.write(f"Page {number}") for number in range(100)])
        await stream.articles(100)
        assert told.subscribers == 1
        await stream.response.release()
    assert told.changes == 100
