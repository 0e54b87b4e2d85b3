"""The stream of changes: where it starts, what it survives, how it ends."""

import asyncio
import gc
import random
import threading
from contextlib import aclosing

import grpc
import pytest
from live_server import CuttingProxy

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_client import After, Changes, Client, CursorExpiredError, Reconnecting, Start, WikifeedError

START = After(0)


async def take(stream, count):
    """The offsets of the next changes."""
    offsets = []
    async with asyncio.timeout(60):
        while len(offsets) < count:
            offsets.append((await anext(stream)).offset)
    return offsets


def stream_handler(behaviour, seen=None):
    """A handler of StreamChanges; the requests it gets go to `seen`."""

    async def handle(request, context):
        if seen is not None:
            seen.append(request)
        async for response in behaviour(request, context):
            yield response

    return grpc.unary_stream_rpc_method_handler(
        handle, StreamChangesRequest.FromString, StreamChangesResponse.SerializeToString
    )


def response(*offsets, through=None):
    changes = [Change(offset=offset) for offset in offsets]
    return StreamChangesResponse(changes=changes, through_offset=offsets[-1] if through is None else through)


async def test_a_stream_brings_what_was_and_what_comes(feed, client):
    feed.publish("Ada Lovelace")
    async with client.changes(start=Start.OLDEST) as stream:
        assert await take(stream, 1) == [1]
        waiting = asyncio.create_task(take(stream, 1))
        feed.publish("Grace Hopper")
        assert await waiting == [2]


async def test_a_filter_lets_pass_what_it_names(feed, client):
    feed.publish("Ada")
    feed.publish("Talk:Ada", namespace=1)
    feed.publish("Ada", project="dewiki")
    changes = Changes(projects=("dewiki",), no_body=True, until_offset=3)
    async with client.changes(changes, start=START) as stream:
        (change,) = [change async for change in stream]
    assert (change.offset, change.article.HasField("article_body")) == (3, False)


async def test_restarts_of_the_server_lose_and_repeat_nothing(feed, server, client):
    seen = []
    async with client.changes(Changes(no_body=True, max_batch_size=3), start=START) as stream:
        for _ in range(4):
            for _ in range(10):
                feed.publish("Ada", 7)
            seen += await take(stream, 5)
            await server.stop()
            feed.publish("Ada", 7)
            await server.start()
        seen += await take(stream, 24)
    assert seen == list(range(1, 45))


@pytest.mark.parametrize("seed", range(3))
async def test_connections_cut_at_any_byte_lose_and_repeat_nothing(feed, server, connect, seed):
    chance = random.Random(seed)
    feed.publish_many([feed.write(f"Page {number}", text="x" * 300) for number in range(200)])
    cuts = [chance.randrange(50, 9000) for _ in range(12)]
    async with CuttingProxy(server.address, iter(cuts)) as proxy:
        client = await connect(proxy.address)
        async with client.changes(Changes(max_batch_size=7, until_offset=200), start=START) as stream:
            offsets = [change.offset async for change in stream]
    assert offsets == list(range(1, 201)), f"seed {seed}"
    assert proxy.cut_off > 2


async def test_what_a_server_sends_again_is_dropped(made_up, connect):
    async def behaviour(request, context):
        yield response(1, 2, 3)
        if request.after_offset:
            yield response(3, 4)
            await asyncio.Event().wait()
        await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    client = await connect(await made_up("ChangeService", {"StreamChanges": stream_handler(behaviour)}))
    async with client.changes(start=START) as stream:
        assert await take(stream, 4) == [1, 2, 3, 4]


async def test_a_silent_call_is_given_up_and_the_stream_goes_on(made_up, connect):
    async def behaviour(request, context):
        yield response(request.after_offset + 1)
        await asyncio.Event().wait()

    seen = []
    address = await made_up("ChangeService", {"StreamChanges": stream_handler(behaviour, seen)})
    client = await connect(address, reconnecting=Reconnecting(0.001, silence_seconds=0.05))
    async with client.changes(start=START) as stream:
        assert await take(stream, 3) == [1, 2, 3]
    assert [request.after_offset for request in seen] == [0, 1, 2]


async def test_heartbeats_move_the_place_from_which_a_stream_goes_on(made_up, connect):
    async def behaviour(request, context):
        if request.after_offset == 90:
            yield response(91)
        yield response(through=90)
        await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    client = await connect(await made_up("ChangeService", {"StreamChanges": stream_handler(behaviour)}))
    async with client.changes(start=Start.NEWEST) as stream:
        assert await take(stream, 1) == [91]


async def test_an_expired_cursor_is_raised_with_the_way_out(feed, client):
    for _ in range(5):
        feed.publish("Ada", 7)
    feed.trim(4)
    async with client.changes(start=After(1)) as stream:
        with pytest.raises(CursorExpiredError) as caught:
            await anext(stream)
    assert (caught.value.oldest_offset, caught.value.snapshot_identifier) == (4, "")


@pytest.mark.parametrize("code", [grpc.StatusCode.INTERNAL, grpc.StatusCode.PERMISSION_DENIED])
async def test_errors_that_stay_are_raised_at_once(made_up, connect, code):
    async def behaviour(request, context):
        yield response(1)
        await context.abort(code, "no")

    seen = []
    client = await connect(await made_up("ChangeService", {"StreamChanges": stream_handler(behaviour, seen)}))
    async with client.changes(start=START) as stream:
        await anext(stream)
        with pytest.raises(WikifeedError) as caught:
            await anext(stream)
    assert (caught.value.code, len(seen)) == (code, 1)


async def test_closing_ends_a_stream_that_waits(feed, client):
    feed.publish("Ada")
    stream = client.changes(start=START)
    async with stream as stream:
        await anext(stream)
        waiting = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0)
        await stream.close()
        async with asyncio.timeout(10):
            assert await waiting is None


async def test_closing_ends_a_stream_without_a_server(connect):
    client = await connect("127.0.0.1:1", reconnecting=Reconnecting(first_seconds=60))
    async with client.changes() as stream:
        waiting = asyncio.create_task(anext(stream, None))
        await asyncio.sleep(0)
        await stream.close()
        async with asyncio.timeout(10):
            assert await waiting is None


@pytest.mark.parametrize("connect", ["asyncio"], indirect=True)
async def test_cancellation_is_the_callers_own(feed, client):
    async with client.changes() as stream:
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


@pytest.mark.parametrize("connect", ["asyncio"], indirect=True)
async def test_batches_bring_heartbeats_too(feed, client):
    feed.publish("Ada", project="dewiki")
    feed.publish("Ada")
    changes = Changes(projects=("dewiki",), until_offset=2)
    async with client.changes(changes, start=START) as stream, aclosing(stream.batches()) as batches:
        found = [([change.offset for change in batch.changes], batch.through_offset) async for batch in batches]
    assert [offset for offsets, _ in found for offset in offsets] == [1]
    assert found[-1][1] == 2
    assert stream.handled_offset == 2


async def test_a_stream_that_is_forgotten_ends_its_call_and_its_watch(feed, server):
    def watches():
        return {thread for thread in threading.enumerate() if thread.name == "wikifeed-silence"}

    def forget():
        known = watches()
        with Client(server.address, reconnecting=Reconnecting(silence_seconds=0.05)) as client:
            assert next(client.changes(start=START)).offset == 1
            gc.collect()
            for thread in watches() - known:
                thread.join(30)
            return watches() - known

    feed.publish("Ada")
    assert await asyncio.to_thread(forget) == set()
