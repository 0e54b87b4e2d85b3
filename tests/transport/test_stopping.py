"""How a server stops, and what it does about clients that misbehave."""

import asyncio

import grpc
import structlog
from calls import detail, failure, status_of
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from grpc_health.v1 import health_pb2

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest
from wikifeed_server.errors import StoreFullError

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


async def test_what_nobody_foresaw_is_internal_and_tells_only_an_id(made_up):
    async def info(_request):
        raise KeyError("a secret")

    async def stream(_request):
        yield b""
        raise KeyError("a secret")

    with structlog.testing.capture_logs() as logs:
        _, changes, _ = await made_up(info=info, stream=stream)
        errors = [
            await failure(changes.GetChangeLogInfo(GetChangeLogInfoRequest())),
            await failure(changes.StreamChanges(StreamChangesRequest())),
        ]
    for error, logged in zip(errors, logs, strict=True):
        assert error.code() == grpc.StatusCode.INTERNAL
        assert "secret" not in str(status_of(error))
        assert detail(error, ErrorInfo).metadata["error_id"] == logged["error_id"]
        assert isinstance(logged["exc_info"], KeyError)
    assert logs[0]["error_id"] != logs[1]["error_id"]


async def test_an_error_raised_among_tasks_is_told_as_if_it_were_alone(made_up):
    async def fails():
        raise StoreFullError("the disk is full")

    async def info(_request):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fails())

    _, changes, _ = await made_up(info=info)
    error = await failure(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    assert detail(error, ErrorInfo).reason == "STORE_FULL"


async def test_a_client_that_goes_away_closes_the_services_stream(made_up):
    closed = asyncio.Event()

    async def stream(_request):
        try:
            while True:
                yield b""
                await asyncio.sleep(0)
        finally:
            closed.set()

    _, changes, _ = await made_up(stream=stream)
    call = changes.StreamChanges(StreamChangesRequest())
    await call.read()
    call.cancel()
    await asyncio.wait_for(closed.wait(), 20)


async def test_a_reader_that_does_not_read_is_not_sent_more_than_a_window(made_up):
    sent = 0
    piece = b"\x7a" + (65536).to_bytes(3, "little") + bytes(65536)

    async def stream(_request):
        nonlocal sent
        while True:
            sent += len(piece)
            yield piece

    _, changes, _ = await made_up(stream=stream)
    call = changes.StreamChanges(StreamChangesRequest())
    await call.initial_metadata()
    for _ in range(300):
        await changes.GetChangeLogInfo(GetChangeLogInfoRequest())
    assert sent < 16 * 1024 * 1024
    call.cancel()


async def test_a_stop_ends_streams_with_the_offset_to_go_on_from(feed, server, changes):
    feed.publish("Ada")
    call = changes.StreamChanges(StreamChangesRequest(after_offset=0))
    await call.read()
    async with asyncio.timeout(20):
        await server.stop(60)
        error = await failure(call)
    assert error.code() == grpc.StatusCode.UNAVAILABLE
    info = detail(error, ErrorInfo)
    assert (info.reason, dict(info.metadata)) == ("SERVER_STOPPING", {"through_offset": "1"})
    assert detail(error, RetryInfo).retry_delay.seconds == 1


async def test_a_stop_tells_watchers_of_health_first_and_lets_calls_finish(made_up):
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def info(_request):
        entered.set()
        await go_on.wait()
        return b"\x10\x05"

    server, changes, health = await made_up(info=info)
    watch = health.Watch(health_pb2.HealthCheckRequest(service="wikifeed.v1.ChangeService"))
    assert (await watch.read()).status == SERVING
    slow = asyncio.ensure_future(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    await entered.wait()
    async with asyncio.timeout(20):
        stop = asyncio.ensure_future(server.stop(60))
        assert (await watch.read()).status == NOT_SERVING
        assert not stop.done()
        go_on.set()
        assert (await slow).newest_offset == 5
        await stop  # the watch, which has no end of its own, does not hold it up


async def test_a_stop_cuts_off_what_takes_longer_than_its_grace(made_up):
    entered = asyncio.Event()

    async def info(_request):
        entered.set()
        await asyncio.Event().wait()

    server, changes, _ = await made_up(info=info)
    call = asyncio.ensure_future(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    await entered.wait()
    async with asyncio.timeout(20):
        await server.stop(0.1)
        await failure(call)


async def test_a_stop_is_not_held_up_by_a_reader_that_does_not_read(feed, server, changes):
    feed.publish_many([feed.write(f"Page {number}", text="x" * 100_000) for number in range(200)])
    call = changes.StreamChanges(StreamChangesRequest(after_offset=0))
    await call.initial_metadata()
    async with asyncio.timeout(20):
        await server.stop(0.3)
    call.cancel()


async def test_a_stopped_server_takes_no_calls(server, articles):
    await server.stop(1)
    await server.wait()
    error = await failure(articles.GetArticle(GetArticleRequest(project="enwiki", title="Ada")))
    assert error.code() == grpc.StatusCode.UNAVAILABLE


async def test_a_stopped_server_may_be_stopped_again(server):
    await server.stop(1)
    await server.stop(1)
