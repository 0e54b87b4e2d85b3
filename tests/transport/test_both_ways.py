"""Bidirectional calls: requests are checked one by one, and whatever ends a call ends the service's part of it."""

import asyncio
from dataclasses import replace

import grpc
import pytest
from calls import MadeUpChanges, detail, failure
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo

from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed_server.errors import SubscriberStalledError

OPEN = SubscribeRequest(open={"name": "mine"}).SerializeToString()
PIECE = SubscribeResponse(changes=[{"previous_name": "x" * 60_000}]).SerializeToString()


@pytest.fixture
async def subscribed(serve, usual):
    """Calls, in bytes, of a Subscribe that is the given generator."""
    channels = []

    async def subscribed(generator, **options):
        service = MadeUpChanges(subscribe=generator)
        server = await serve(ChangeService=service, options=replace(usual, **options))
        channels.append(grpc.aio.insecure_channel(server.addresses[0]))
        return channels[-1].stream_stream("/wikifeed.v1.ChangeService/Subscribe")()

    yield subscribed
    for channel in channels:
        await channel.close()


async def answers(requests):
    """An answer to each request."""
    async for request in requests:
        yield request.open.name.encode()


async def test_each_request_is_answered_as_it_comes_until_no_more_do(subscribed):
    call = await subscribed(answers)
    for name in ("one", "two"):
        await call.write(SubscribeRequest(open={"name": name}).SerializeToString())
        assert await call.read() == name.encode()
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF
    assert await call.code() is grpc.StatusCode.OK


@pytest.mark.parametrize("earlier", [0, 1])
async def test_bytes_that_are_no_request_end_the_call_as_the_callers_fault(subscribed, earlier):
    call = await subscribed(answers)
    for _ in range(earlier):
        await call.write(OPEN)
        await call.read()
    await call.write(b"\xff\xff")
    error = await failure(call)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "wikifeed.v1.SubscribeRequest" in error.details()


async def test_a_request_that_breaks_a_rule_names_the_field(subscribed):
    call = await subscribed(answers)
    await call.write(OPEN)
    assert await call.read() == b"mine"
    await call.write(SubscribeRequest(open={"name": "no such name"}).SerializeToString())
    error = await failure(call)
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in detail(error, BadRequest).field_violations] == ["open.name"]


async def test_a_client_that_goes_away_closes_the_services_generator(subscribed):
    closed = asyncio.Event()

    async def subscribe(requests):
        try:
            async for _ in requests:
                yield b""
        finally:
            closed.set()

    call = await subscribed(subscribe)
    await call.write(OPEN)
    await call.read()
    call.cancel()
    async with asyncio.timeout(20):
        await closed.wait()


async def test_a_client_that_takes_nothing_is_ended_with_where_to_go_on(subscribed):
    sent, told = 0, asyncio.Event()

    async def subscribe(requests):
        nonlocal sent
        await anext(requests)
        try:
            while True:
                sent += 1
                yield PIECE
        except SubscriberStalledError as error:
            told.set()
            raise SubscriberStalledError("read on", {"through_offset": str(sent)}) from error

    call = await subscribed(subscribe, stalled_seconds=0.2)
    await call.write(OPEN)
    async with asyncio.timeout(20):
        await told.wait()
        error = await failure(call, received := [])
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    info = detail(error, ErrorInfo)
    assert (info.reason, info.metadata["through_offset"]) == ("SUBSCRIBER_STALLED", str(len(received)))
