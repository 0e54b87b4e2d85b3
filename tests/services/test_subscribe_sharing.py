"""Several clients on one name, in two workers: how they share the pages and hand them over."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from subscribers import QUICK, Subscriber, slot_of

from wikifeed_server.errors import AcknowledgementOverdueError, SubscriptionFullError
from wikifeed_server.services.subscription import SubscriptionOptions, Subscriptions
from wikifeed_server.store import SLOTS
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions

PAGES = range(1, 301)


@pytest.fixture
async def workers(feed, tmp_path, stopping):
    """Two workers, as far as subscriptions go, and clients on them by the worker's number."""
    clients = []
    async with AsyncExitStack() as stack:
        subscriptions = []
        for _ in range(2):
            reader = await stack.enter_async_context(EmbeddedReader.open(tmp_path))
            store = await stack.enter_async_context(EmbeddedSubscriptions(tmp_path, QUICK))
            subscriptions.append(
                Subscriptions(reader, store, stopping, options=SubscriptionOptions(handover_seconds=1))
            )

        def subscribe(worker, name="mine", **fields):
            clients.append(Subscriber(subscriptions[worker], name, **fields))
            return clients[-1]

        yield subscribe
        for client in clients:
            if not client.call.done():
                await client.vanish()


def publish(feed, pages=PAGES):
    """A change of each page, in one commit; their offsets by page."""
    last = feed.publish_many([feed.write(f"Page {page_id}", page_id) for page_id in pages])
    return dict(zip(pages, range(last - len(pages) + 1, last + 1), strict=True))


async def all_until(clients, holds):
    """Wait until something holds of several clients."""
    async with asyncio.timeout(30):
        while True:
            for client in clients:
                if client.call.done():
                    client.call.result()
            if holds():
                return
            await asyncio.sleep(0.005)


def pages(client):
    """The pages whose changes came."""
    return {page_id for _, page_id in client.changes}


async def test_two_clients_have_half_of_the_pages_each(feed, workers):
    one, two = workers(0), workers(1)
    await all_until((one, two), lambda: one.share == two.share == SLOTS // 2)
    publish(feed)
    publish(feed)
    await all_until((one, two), lambda: len(one.changes) + len(two.changes) >= 600)
    assert pages(one) | pages(two) == set(PAGES)
    assert not pages(one) & pages(two)
    assert {slot_of(page) for page in pages(one)} | {slot_of(page) for page in pages(two)} == set(range(SLOTS))
    assert one.offsets == sorted(one.offsets)
    assert two.offsets == sorted(two.offsets)


async def test_a_client_that_goes_leaves_its_share_to_the_other(feed, workers):
    one, two = workers(0), workers(1)
    await all_until((one, two), lambda: one.share == two.share == SLOTS // 2)
    two.acknowledges = False
    offsets = publish(feed)
    await all_until((one, two), lambda: len(one.changes) + len(two.changes) == 300)
    unacknowledged = set(two.changes)
    await two.vanish()
    await one.until(lambda: len(one.changes) == 300)
    assert one.share == SLOTS
    assert set(one.changes[-len(unacknowledged) :]) == unacknowledged
    assert {offset for offset, _ in one.changes} == set(offsets.values())


async def test_what_is_delivered_is_acknowledged_before_it_goes_to_another(feed, workers):
    one = workers(0, acknowledges=False)
    await one.until(lambda: one.share == SLOTS)
    offsets = publish(feed)
    await one.until(lambda: len(one.changes) == 300)
    two = workers(1)
    await two.until(lambda: two.responses)
    await one.until(lambda: one.share == SLOTS // 2)
    assert two.share == 0
    later = publish(feed)
    await one.until(lambda: len(one.changes) > 300)
    # What moves is delivered to nobody until the first client is done with it.
    assert not two.changes
    one.acknowledges = True
    one.acknowledge()
    await all_until((one, two), lambda: len(one.changes) + len(two.changes) == 600)
    assert set(one.offsets) | set(two.offsets) == set(offsets.values()) | set(later.values())
    assert min(two.offsets) > max(offsets.values())
    assert not pages(two) & {page for offset, page in one.changes if offset > max(offsets.values())}


async def test_a_client_that_does_not_acknowledge_what_should_move_is_ended(feed, workers):
    one = workers(0, acknowledges=False)
    await one.until(lambda: one.share == SLOTS)
    publish(feed)
    await one.until(lambda: len(one.changes) == 300)
    two = workers(1)
    assert isinstance(await one.error(), AcknowledgementOverdueError)
    await two.until(lambda: len(two.changes) == 300)
    assert two.share == SLOTS


async def test_a_client_with_nothing_to_acknowledge_lets_go_at_once(feed, workers):
    publish(feed)
    one = workers(0, credit=10, acknowledges=False, after_offset=0)
    await one.until(lambda: len(one.changes) == 10)
    one.acknowledge()
    two = workers(1)
    await all_until((one, two), lambda: one.share == two.share == SLOTS // 2)
    # The first has no credit left, so its half waits; the second has its own.
    mine = {page for page in PAGES if slot_of(page) in {slot_of(page) for page in pages(two)}}
    await two.until(lambda: {offset for offset, _ in two.changes} >= {page for page in mine if page > 10})
    assert len(one.changes) == 10


async def test_clients_of_one_name_see_another_clients_filter(feed, workers):
    one, two = workers(0), workers(1)
    await all_until((one, two), lambda: one.share == two.share == SLOTS // 2)
    one.say(filter={"namespaces": [1]})
    for client in (one, two):
        await client.until(lambda client=client: client.responses[-1].subscription.filter.namespaces)
    publish(feed)
    talk = feed.publish_many([feed.write(f"Talk {page}", page, namespace=1) for page in range(1000, 1100)])
    await all_until((one, two), lambda: len(one.changes) + len(two.changes) == 100)
    assert sorted(one.offsets + two.offsets) == list(range(talk - 99, talk + 1))


async def test_sixty_four_clients_have_a_slot_each_and_one_more_is_refused(feed, workers):
    clients = [workers(number % 2) for number in range(SLOTS)]
    for client in clients:
        await client.until(lambda client=client: client.share == 1)
    assert isinstance(await workers(0).error(), SubscriptionFullError)
    publish(feed)
    await all_until(clients, lambda: sum(len(client.changes) for client in clients) == 300)
    assert sorted(page for client in clients for page in pages(client)) == list(PAGES)
