"""Durable subscriptions: acknowledgements, credit, and what comes again after a cut."""

import asyncio
from datetime import UTC

import grpc
import pytest

from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed_client import After, Changes, Client, NotFoundError, Reconnecting, WikifeedError

START = After(0)


@pytest.fixture
def thirty(feed):
    feed.publish_many([feed.write(f"Page {number}") for number in range(30)])


async def take(stream, count):
    """The offsets of the next deliveries, each acknowledged."""
    offsets = []
    async with asyncio.timeout(60):
        while len(offsets) < count:
            delivery = await anext(stream)
            offsets += [change.offset for change in delivery.changes]
            await stream.acknowledge(delivery)
    return offsets


def subscribe_handler(behaviour):
    return grpc.stream_stream_rpc_method_handler(
        behaviour, SubscribeRequest.FromString, SubscribeResponse.SerializeToString
    )


async def test_what_is_acknowledged_does_not_come_again(thirty, client):
    async with client.subscribe("mine", Changes(max_batch_size=4), start=START) as stream:
        first = await take(stream, 10)
        assert (stream.share_count, stream.state.name) == (64, "mine")
    async with client.subscribe("mine") as stream:
        rest = await take(stream, 30 - len(first))
    assert sorted(first + rest) == list(range(1, 31))
    assert [(each.name, each.acknowledged_offset) async for each in client.subscriptions()] == [("mine", 30)]


async def test_what_is_not_acknowledged_comes_again(thirty, client):
    async with client.subscribe("mine", Changes(max_batch_size=10), start=START) as stream:
        await anext(stream)
    async with client.subscribe("mine") as stream:
        assert sorted(await take(stream, 30)) == list(range(1, 31))


async def test_a_subscription_goes_on_after_restarts_of_the_server(thirty, feed, server, client):
    seen = []
    async with client.subscribe("mine", Changes(max_batch_size=4, no_body=True), start=START) as stream:
        for _ in range(3):
            seen += await take(stream, 8)
            held = await anext(stream)
            await server.stop()
            feed.publish("Late")
            await server.start()
            seen += await take(stream, 4)
            await stream.acknowledge(held)
        while set(seen) != set(range(1, 34)):
            seen += await take(stream, 1)
    assert (await client.subscription("mine")).acknowledged_offset == 33


async def test_credit_is_given_back_as_deliveries_are_taken(thirty, client):
    async with client.subscribe("mine", Changes(max_batch_size=1), start=START, credit=2) as stream:
        assert sorted(await take(stream, 30)) == list(range(1, 31))


async def test_credit_bounds_what_comes_and_acknowledgements_name_their_delivery(made_up, connect):
    requests = asyncio.Queue()

    async def behaviour(incoming, context):
        opening = await anext(aiter(incoming))
        yield SubscribeResponse(subscription={"name": opening.open.name})
        for delivery_id in (1, 2):
            yield SubscribeResponse(changes=[{}, {}, {}], delivery_id=delivery_id)
        async for request in incoming:
            await requests.put(request)
            if request.HasField("acknowledge"):
                break

    client = await connect(await made_up("ChangeService", {"Subscribe": subscribe_handler(behaviour)}))
    async with asyncio.timeout(30), client.subscribe("mine", credit=10) as stream:
        await anext(stream)
        delivery = await anext(stream)
        waiting = asyncio.create_task(anext(stream, None))
        assert (await requests.get()).credit == 6
        await stream.acknowledge(delivery)
        assert (await requests.get()).acknowledge == 2
    assert waiting.cancelled() or await waiting is None


async def test_an_acknowledgement_of_a_call_that_is_gone_is_not_sent(made_up, connect):
    requests = []

    async def behaviour(incoming, context):
        number = len(requests)
        requests.append([])
        yield SubscribeResponse(changes=[{"offset": number + 1}], delivery_id=1)
        if number == 0:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")
        async for request in incoming:
            requests[-1].append(request.WhichOneof("action"))
        requests[-1].append("the client has said all")

    client = await connect(await made_up("ChangeService", {"Subscribe": subscribe_handler(behaviour)}))
    async with client.subscribe("mine") as stream:
        first = await anext(stream)
        second = await anext(stream)
        await stream.acknowledge(first)
        await stream.acknowledge(second)
    assert requests[1] == ["open", "acknowledge", "the client has said all"]


async def test_a_silent_subscription_is_opened_again(made_up, connect):
    calls = []

    async def behaviour(incoming, context):
        calls.append(1)
        yield SubscribeResponse(changes=[{"offset": len(calls)}], delivery_id=1)
        await asyncio.Event().wait()

    address = await made_up("ChangeService", {"Subscribe": subscribe_handler(behaviour)})
    client = await connect(address, reconnecting=Reconnecting(0.001, silence_seconds=0.05))
    stream = client.subscribe("mine")
    async with asyncio.timeout(30), stream as stream:
        assert [(await anext(stream)).changes[0].offset for _ in range(3)] == [1, 2, 3]


async def test_a_paused_subscription_waits_and_a_filter_is_replaced(thirty, feed, client):
    async with client.subscribe("mine", Changes(projects=("enwiki",)), start=START) as stream:
        await take(stream, 30)
        await stream.pause()
        await stream.set_filter(Changes(projects=("dewiki",)))
        await stream.resume()
        waiting = asyncio.create_task(take(stream, 1))
        while (await client.subscription("mine")).filter.projects != ["dewiki"]:
            pass
        feed.publish("Not this one")
        wanted = feed.publish("This one", project="dewiki")
        assert await waiting == [wanted]


async def test_a_subscription_that_is_deleted_ends_with_an_error(thirty, client):
    async with client.subscribe("mine", start=START) as stream:
        await take(stream, 30)
        await client.delete_subscription("mine")
        with pytest.raises(NotFoundError) as caught:
            await anext(stream)
    assert caught.value.reason == "SUBSCRIPTION_NOT_FOUND"
    with pytest.raises(NotFoundError):
        await client.subscription("mine")


async def test_a_subscription_that_was_made_anew_while_its_client_was_cut_off_is_told(thirty, server, client, connect):
    other = await connect(server.address)
    async with client.subscribe("mine", Changes(max_batch_size=4), start=START) as stream:
        await take(stream, 4)
        await server.stop()
        await server.start()
        await other.delete_subscription("mine")
        with pytest.raises(NotFoundError) as caught:
            await take(stream, 30)
        made = (await other.subscription("mine")).date_created.ToDatetime(tzinfo=UTC)
    assert caught.value.reason == "SUBSCRIPTION_NOT_FOUND"
    assert caught.value.message == f"the subscription mine was deleted, and made anew at {made.isoformat()}"
    assert caught.value.resource_name == "mine"


async def test_a_name_that_is_none_is_refused(feed, client):
    async with client.subscribe("not a name") as stream:
        with pytest.raises(WikifeedError) as caught:
            await anext(stream)
    assert caught.value.code is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("changes", [Changes(share=(0, 2)), Changes(until_offset=9), Changes(allow_compacted=True)])
def test_what_only_a_stream_can_is_refused(changes):
    with Client("127.0.0.1:1") as client, pytest.raises(ValueError, match="its clients share its pages"):
        client.subscribe("mine", changes)
