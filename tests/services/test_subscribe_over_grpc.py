"""Subscribe over a real connection, as clients in any language see it."""

import asyncio

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
    SubscribeRequest,
)
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions


@pytest.fixture
async def stubs(reader, tmp_path, stopping):
    """Stubs on two connections to one server."""
    async with EmbeddedSubscriptions(tmp_path) as store:
        service = ChangeService(reader, stopping), Subscriptions(reader, store, stopping)
        server = await start_server({"wikifeed.v1.ChangeService": service}, ["127.0.0.1:0"], ServerOptions(), stopping)
        channels = [grpc.aio.insecure_channel(server.addresses[0]) for _ in range(2)]
        yield [ChangeServiceStub(channel) for channel in channels]
        for channel in channels:
            await channel.close()
        await server.stop(0)


async def opened(stub, **fields):
    """A call that is open, with its first response."""
    call = stub.Subscribe()
    await call.write(SubscribeRequest(open={"name": "mine", **fields}))
    return call, await call.read()


async def take(call, count):
    """Read and acknowledge until so many changes came; their offsets."""
    offsets = []
    async with asyncio.timeout(30):
        while len(offsets) < count:
            response = await call.read()
            assert response is not grpc.aio.EOF, await call.details()
            offsets += [change.offset for change in response.changes]
            if response.delivery_id:
                await call.write(SubscribeRequest(acknowledge=response.delivery_id))
    return offsets


async def read_out(call):
    """Read to the call's end."""
    async with asyncio.timeout(30):
        while await call.read() is not grpc.aio.EOF:
            pass


async def reason(call):
    """The status code and the reason with which a call ends."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await read_out(call)
    status = status_pb2.Status.FromString(dict(caught.value.trailing_metadata())["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    next(detail for detail in status.details if detail.Is(info.DESCRIPTOR)).Unpack(info)
    return caught.value.code(), info.reason


async def test_a_client_goes_on_by_name_over_another_connection(feed, stubs):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    call, first = await opened(stubs[0], after_offset=0, max_batch_size=4)
    assert (first.subscription.lag, first.share_count) == (10, 64)
    assert await take(call, 10) == list(range(1, 11))
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF
    assert await call.code() == grpc.StatusCode.OK
    feed.publish("Later")
    call, first = await opened(stubs[1])
    assert (first.subscription.acknowledged_offset, first.subscription.lag) == (10, 1)
    assert await take(call, 1) == [11]
    call.cancel()


async def test_two_connections_share_and_one_that_is_cut_leaves_its_share(feed, stubs):
    (one, _), (two, second) = await opened(stubs[0]), await opened(stubs[1])
    while second.share_count != 32:
        second = await two.read()
    first = await one.read()
    assert first.share_count == 32
    two.cancel()
    while first.share_count != 64:
        first = await one.read()
    feed.publish_many([feed.write(f"Page {number}") for number in range(100)])
    assert sorted(await take(one, 100)) == list(range(1, 101))
    one.cancel()


async def test_errors_have_their_codes_and_reasons(feed, stubs):
    stub = stubs[0]
    call, _ = await opened(stub)
    await stub.DeleteSubscription(DeleteSubscriptionRequest(name="mine"))
    assert await reason(call) == (grpc.StatusCode.NOT_FOUND, "SUBSCRIPTION_NOT_FOUND")
    call, _ = await opened(stub)
    await call.write(SubscribeRequest(acknowledge=7))
    assert await reason(call) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")
    call = stub.Subscribe()
    await call.write(SubscribeRequest(open={"name": "no/name"}))
    assert await reason(call) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")
    call = stub.Subscribe()
    await call.write(SubscribeRequest(open={"name": "mine", "after_offset": 99}))
    await call.done_writing()
    # It exists, so where it would start does not matter.
    assert (await call.read()).subscription.name == "mine"


async def test_a_stopping_server_ends_calls_resumably(feed, stubs, stopping):
    feed.publish("Page")
    call, _ = await opened(stubs[0], after_offset=0)
    assert await take(call, 1) == [1]
    stopping.set()
    assert await reason(call) == (grpc.StatusCode.UNAVAILABLE, "SERVER_STOPPING")


async def test_subscriptions_can_be_looked_at(feed, stubs):
    call, _ = await opened(stubs[0], filter={"projects": ["enwiki"]})
    subscription = (await stubs[1].GetSubscription(GetSubscriptionRequest(name="mine"))).subscription
    assert (subscription.clients_count, list(subscription.filter.projects)) == (1, ["enwiki"])
    assert [each.name for each in (await stubs[1].ListSubscriptions(ListSubscriptionsRequest())).subscriptions] == [
        "mine"
    ]
    call.cancel()
