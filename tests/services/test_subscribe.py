"""Subscribe for one client: where it starts, what it is delivered, and how it ends."""

import asyncio

import pytest
from change_streams import offsets, timestamp
from google.protobuf.field_mask_pb2 import FieldMask
from made_up_feed import SECOND, START
from subscribers import QUICK, Subscriber, came

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EVENT_TYPE_DELETE
from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
    ListSubscriptionsResponse,
    SubscribeRequest,
)
from wikifeed.v1.subscription_pb2 import ChangeFilter
from wikifeed_server.errors import (
    InvalidRequestError,
    OffsetExpiredError,
    OffsetInFutureError,
    ServerStoppingError,
    SubscriberStalledError,
    SubscriptionNotFoundError,
)
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions


async def test_the_first_response_comes_at_once_and_tells_of_the_subscription(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}") for number in range(5)])
    client = subscribe(filter={"projects": ["enwiki"]}, after_offset=2)
    await client.until(lambda: client.responses)
    first = client.responses[0]
    assert (first.subscription.name, first.share_count, first.delivery_id) == ("mine", 64, 0)
    assert first.subscription.filter == ChangeFilter(projects=["enwiki"])
    assert (first.subscription.acknowledged_offset, first.subscription.lag) == (2, 3)
    assert (first.subscription.clients_count, first.through_offset) == (1, 2)
    assert await came(client, 3) == [3, 4, 5]
    assert (client.responses[1].delivery_id, client.responses[1].through_offset) == (1, 5)


async def test_a_fresh_subscription_starts_behind_the_newest_change(feed, subscribe):
    feed.publish("Before")
    client = subscribe()
    await client.until(lambda: client.responses)
    feed.publish("Behind")
    assert await came(client, 1) == [2]


async def test_a_subscription_to_an_empty_log_has_all_that_comes(feed, subscribe):
    client = subscribe()
    await client.until(lambda: client.responses)
    feed.publish("First")
    assert await came(client, 1) == [1]


async def test_a_fresh_subscription_starts_at_a_time(feed, subscribe):
    for number in range(5):
        feed.time = START + number * SECOND
        feed.publish(f"Page {number}")
    assert await came(subscribe(since=timestamp(START + 2 * SECOND)), 3) == [3, 4, 5]


async def test_starts_that_can_not_be_are_refused_and_make_nothing(feed, subscribe, subscriptions):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    feed.trim(5)
    assert isinstance(await subscribe(after_offset=11).error(), OffsetInFutureError)
    assert isinstance(await subscribe(after_offset=3).error(), OffsetExpiredError)
    assert isinstance(await subscribe(since=timestamp(START)).error(), OffsetExpiredError)
    error = await subscribe(since={"seconds": 2**35}).error()
    assert [violation.field for violation in error.violations] == ["open.since"]
    error = await subscribe(read_mask=FieldMask(paths=["nme"])).error()
    assert [violation.field for violation in error.violations] == ["open.read_mask.paths[0]"]
    with pytest.raises(SubscriptionNotFoundError):
        await subscriptions.GetSubscription(GetSubscriptionRequest(name="mine"))


async def test_a_client_with_nothing_but_the_name_goes_on_where_it_was(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}") for number in range(6)])
    client = subscribe(after_offset=0, max_batch_size=2, acknowledges=False)
    assert await came(client, 6) == [1, 2, 3, 4, 5, 6]
    client.acknowledge(2)
    await client.end()
    # Where it starts is decided by what was acknowledged, whatever else it asks for.
    assert await came(subscribe(after_offset=6), 2) == [5, 6]


async def test_a_client_that_was_cut_off_gets_again_what_it_did_not_acknowledge(feed, subscribe, stored):
    feed.publish_many([feed.write(f"Page {number}") for number in range(6)])
    client = subscribe(after_offset=0, acknowledges=False)
    await came(client, 6)
    await client.vanish()
    again = subscribe()
    assert await came(again, 6) == [1, 2, 3, 4, 5, 6]
    assert (await stored(lambda it: not it.lag)).acknowledged_offset == 6


async def test_a_call_that_the_client_ends_has_stored_what_it_acknowledged(feed, subscribe, stored):
    feed.publish_many([feed.write(f"Page {number}") for number in range(6)])
    client = subscribe(after_offset=0)
    await came(client, 6)
    await client.end()
    subscription = await stored()
    assert (subscription.acknowledged_offset, subscription.lag) == (6, 0)


async def test_deliveries_are_as_the_stream_has_them(feed, subscribe, replay):
    feed.publish("Ada", 1, "first")
    feed.redirect("Countess", "Ada", 2)
    feed.delete("Ada", 1)
    (streamed,) = await replay(3)
    client = subscribe(after_offset=0)
    await came(client, 3)
    assert list(client.responses[1].changes) == list(streamed.changes)
    assert client.responses[1].changes[2].event_type == EVENT_TYPE_DELETE


async def test_masks_and_no_body_cut_what_is_delivered(feed, subscribe, replay):
    feed.publish("Ada", 1)
    (streamed,) = await replay(1, no_body=True)
    bare = subscribe("bare", after_offset=0, no_body=True)
    masked = subscribe("masked", after_offset=0, read_mask=FieldMask(paths=["identifier", "article_body"]))
    await came(bare, 1)
    await came(masked, 1)
    assert list(bare.responses[1].changes) == list(streamed.changes)
    assert masked.responses[1].changes[0].article == Article(identifier=1, article_body={"wikitext": "text"})


async def test_a_filter_that_lets_nothing_pass_keeps_up_with_the_log(feed, subscribe, stored, reader):
    client = subscribe(filter={"projects": ["dewiki"]}, after_offset=0)
    await client.until(lambda: client.responses)
    for _ in range(3):
        newest = feed.publish_many([feed.write(f"Page {number}") for number in range(100)])
        assert (await stored(lambda it, newest=newest: it.acknowledged_offset == newest)).lag == 0
    feed.trim(newest)
    await client.vanish()
    feed.publish("Seite", project="dewiki")
    assert await came(subscribe(), 1) == [newest + 1]


async def test_every_field_of_a_filter_counts(feed, subscribe):
    feed.publish("Seite", 1, project="dewiki")
    feed.publish("Page", 1)
    feed.publish("Talk", 2, namespace=1)
    feed.delete("Page", 1)
    filters = {
        "project": ({"projects": ["dewiki"]}, [1]),
        "namespace": ({"namespaces": [1]}, [3]),
        "language": ({"languages": ["en"]}, [2, 3, 4]),
        "event": ({"event_types": [EVENT_TYPE_DELETE]}, [4]),
        "page": ({"projects": ["enwiki"], "page_ids": [1]}, [2, 4]),
    }
    for name, (filter_, expected) in filters.items():
        assert await came(subscribe(name, filter=filter_, after_offset=0), len(expected)) == expected


async def test_heartbeats_come_while_there_is_nothing_to_send(feed, reader, tmp_path, stopping):
    feed.publish("Page")
    async with EmbeddedSubscriptions(tmp_path, QUICK) as store:
        client = Subscriber(Subscriptions(reader, store, stopping, heartbeat_seconds=0.02), after_offset=1)
        client.say(paused=True)
        await client.until(lambda: len(client.responses) > 5)
        assert {(each.delivery_id, each.through_offset) for each in client.responses[1:]} == {(0, 1)}
        await client.vanish()


async def test_a_stopping_server_ends_calls_and_keeps_what_was_acknowledged(feed, subscribe, stopping, stored):
    feed.publish("Page")
    client = subscribe(after_offset=0)
    await came(client, 1)
    await stored(lambda it: it.acknowledged_offset == 1)
    stopping.set()
    error = await client.error()
    assert isinstance(error, ServerStoppingError)
    assert error.metadata == {"through_offset": "1"}
    await stored(lambda it: not it.clients_count)


async def test_a_deletion_ends_calls_and_a_namesake_starts_afresh(feed, subscribe, subscriptions):
    feed.publish("Page")
    client = subscribe(after_offset=0)
    await came(client, 1)
    await subscriptions.DeleteSubscription(DeleteSubscriptionRequest(name="mine"))
    error = await client.error()
    assert isinstance(error, SubscriptionNotFoundError)
    assert error.resource_name == "mine"
    with pytest.raises(SubscriptionNotFoundError):
        await subscriptions.GetSubscription(GetSubscriptionRequest(name="mine"))
    with pytest.raises(SubscriptionNotFoundError):
        await subscriptions.DeleteSubscription(DeleteSubscriptionRequest(name="mine"))
    assert await came(subscribe(after_offset=0), 1) == [1]


async def test_a_log_that_dropped_what_follows_is_told(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    client = subscribe(after_offset=0, acknowledges=False)
    await came(client, 10)
    await client.vanish()
    feed.trim(5)
    error = await subscribe().error()
    assert isinstance(error, OffsetExpiredError)
    assert error.metadata["oldest_offset"] == "5"


async def test_a_client_that_is_given_up_is_told_where_it_was(feed, subscriptions, stored):
    async def said():
        yield SubscribeRequest(open={"name": "mine", "after_offset": 0})
        await asyncio.Event().wait()

    feed.publish("Page")
    call = subscriptions.Subscribe(said())
    await anext(call)
    await anext(call)
    with pytest.raises(SubscriberStalledError) as caught:
        await call.athrow(SubscriberStalledError("the client takes nothing"))
    assert caught.value.metadata == {"through_offset": "1"}
    assert (await stored(lambda it: not it.clients_count)).acknowledged_offset == 0


async def test_subscriptions_are_listed_page_by_page(subscribe, subscriptions):
    for name in ("c", "a", "b"):
        client = subscribe(name)
        await client.until(lambda client=client: client.responses)
    names, token = [], ""
    while token or not names:
        request = ListSubscriptionsRequest(page_size=2, page_token=token)
        response = ListSubscriptionsResponse.FromString(await subscriptions.ListSubscriptions(request))
        names.append([subscription.name for subscription in response.subscriptions])
        token = response.next_page_token
    assert names == [["a", "b"], ["c"]]
    for damaged in ("%%%", "AAAA", "a"):
        with pytest.raises(InvalidRequestError, match="page_token"):
            await subscriptions.ListSubscriptions(ListSubscriptionsRequest(page_token=damaged))


async def test_the_log_of_another_server_is_noticed(feed, subscribe, tmp_path):
    feed.publish("Page")
    async with EmbeddedSubscriptions(tmp_path, QUICK) as store:
        (await store.join("mine", None, 500, lambda: None)).leave()
        assert isinstance(await subscribe().error(), OffsetInFutureError)


async def test_responses_hold_no_more_than_is_asked_for(feed, subscribe):
    feed.publish_many([feed.write(f"Page {number}", text="x" * 100_000) for number in range(10)])
    client = subscribe(after_offset=0)
    await came(client, 10)
    assert max(len(response.changes) for response in client.responses) == 2
    assert offsets(client.responses) == list(range(1, 11))
