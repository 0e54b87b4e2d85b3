"""What a client's requests do: credit, pauses, acknowledgements, filters, and what makes no sense."""

import asyncio

import pytest
from subscribers import came

from wikifeed.v1.change_service_pb2 import (
    SubscribeRequest,
)
from wikifeed_server.errors import (
    InvalidRequestError,
    ServerStoppingError,
)


async def test_batches_and_what_may_wait_unacknowledged_are_bounded(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}") for number in range(20)])
    client = subscribe(after_offset=0, max_batch_size=4, max_unacknowledged=10, acknowledges=False)
    await came(client, 10)
    assert [len(response.changes) for response in client.responses] == [0, 4, 4, 2]
    client.acknowledge(1)
    await came(client, 14)
    client.acknowledge()
    await came(client, 20)
    assert client.offsets == list(range(1, 21))


async def test_credit_bounds_what_is_delivered(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}") for number in range(20)])
    client = subscribe(after_offset=0, credit=3)
    assert await came(client, 3) == [1, 2, 3]
    client.say(credit=1)
    client.say(credit=4)
    assert await came(client, 8) == list(range(1, 9))
    assert client.last_id <= 3


async def test_nothing_is_delivered_while_paused(feed, subscribe, stored):
    feed.publish("First")
    client = subscribe(after_offset=0)
    await came(client, 1)
    client.say(paused=True)
    client.say(filter={"namespaces": [0]})
    # The filter's answer comes behind the pause.
    await client.until(lambda: client.responses[-1].subscription.filter.namespaces)
    feed.publish_many([feed.write(f"Page {number}") for number in range(3)])
    feed.publish("Talk", namespace=1)
    client.say(filter={"namespaces": [0, 1]})
    await client.until(lambda: len(client.responses[-1].subscription.filter.namespaces) == 2)
    assert client.offsets == [1]
    client.say(paused=False)
    assert await came(client, 5) == [1, 2, 3, 4, 5]


async def test_what_a_paused_client_would_not_get_is_passed_over(feed, subscribe, stored):
    client = subscribe(filter={"namespaces": [0]}, after_offset=0)
    client.say(paused=True)
    await client.until(lambda: client.responses)
    feed.publish_many([feed.write(f"Talk {number}", namespace=1) for number in range(50)])
    assert (await stored(lambda it: it.acknowledged_offset == 50)).lag == 0
    feed.publish("Article")
    feed.publish("Talk", namespace=1)
    client.say(paused=False)
    assert await came(client, 1) == [51]
    await stored(lambda it: it.acknowledged_offset == 52)


async def test_what_nothing_passes_of_behind_a_delivery_waits_for_its_acknowledgement(feed, subscribe, stored):
    feed.publish("Article")
    feed.publish_many([feed.write(f"Talk {number}", namespace=1) for number in range(50)])
    client = subscribe(filter={"namespaces": [0]}, after_offset=0, acknowledges=False)
    await came(client, 1)
    newest = feed.publish("Article")
    await came(client, 2)
    assert (await stored()).acknowledged_offset == 0
    client.acknowledge(1)
    await stored(lambda it: it.acknowledged_offset == newest - 1)
    client.acknowledge(2)
    await stored(lambda it: it.acknowledged_offset == newest)


async def test_a_filter_changes_in_flight_for_what_was_not_delivered(feed, subscribe, stored):
    feed.publish("Article")
    feed.publish("Talk", namespace=1)
    client = subscribe(filter={"namespaces": [0]}, after_offset=0)
    await came(client, 1)
    await stored(lambda it: it.acknowledged_offset == 2)
    client.say(filter={"namespaces": [1]})
    await client.until(lambda: list(client.responses[-1].subscription.filter.namespaces) == [1])
    feed.publish("Article")
    feed.publish("Talk", namespace=1)
    assert await came(client, 2) == [1, 4]
    assert list((await stored()).filter.namespaces) == [1]
    # The filter is the subscription's: who comes without one has it.
    await client.end()
    feed.publish("Article")
    feed.publish("Talk", namespace=1)
    again = subscribe()
    assert await came(again, 1) == [6]
    assert list(again.responses[0].subscription.filter.namespaces) == [1]


async def test_changes_that_wait_for_others_come_together(feed, subscribe):
    client = subscribe(after_offset=0, max_delay={"seconds": 10}, max_batch_size=3, acknowledges=False)
    await client.until(lambda: client.responses)
    for number in range(3):
        feed.publish(f"Page {number}")
    await came(client, 3)
    # Had none waited, each would have come by itself; a full batch waits no longer.
    assert [len(response.changes) for response in client.responses if response.changes] == [3]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"open": {"name": "mine"}}, "open"),
        ({"acknowledge": 2}, "acknowledge"),
        ({"credit": 1_000_000_000}, "credit"),
        ({}, "action"),
    ],
)
async def test_requests_that_make_no_sense_end_the_call(feed, subscribe, request_, field):
    feed.publish("Page")
    client = subscribe(after_offset=0, credit=10)
    await came(client, 1)
    client.say(**request_)
    error = await client.error()
    assert isinstance(error, InvalidRequestError)
    assert [violation.field for violation in error.violations] == [field]


async def test_a_call_begins_with_open(subscriptions):
    async def said(*requests):
        for request in requests:
            yield request

    for requests in ((), (SubscribeRequest(acknowledge=1),), (SubscribeRequest(),)):
        with pytest.raises(InvalidRequestError) as caught:
            await anext(subscriptions.Subscribe(said(*requests)))
        assert [violation.field for violation in caught.value.violations] == ["open"]


async def test_a_call_that_was_not_opened_ends_with_the_server(subscriptions, stopping):
    async def silent():
        await asyncio.Event().wait()
        yield SubscribeRequest()

    call = asyncio.ensure_future(anext(subscriptions.Subscribe(silent())))
    await asyncio.sleep(0)
    stopping.set()
    with pytest.raises(ServerStoppingError):
        await call


async def test_acknowledging_again_changes_nothing(feed, subscribe, stored):
    feed.publish("Page")
    client = subscribe(after_offset=0, acknowledges=False)
    await came(client, 1)
    for _ in range(3):
        client.say(acknowledge=1)
    feed.publish("Page")
    await came(client, 2)
    assert (await stored(lambda it: it.acknowledged_offset == 1)).lag == 1
