"""Random histories of clients that come, go, are cut off, acknowledge late and change filters, beside a writer.

Checked at every delivery: no page is with two clients at once, the changes of a page come in order, and none of them is
left out. In the end everything that passes was delivered, and all of it is acknowledged.
"""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack

import pytest
from made_up_feed import Feed
from subscribers import QUICK, Subscriber

from wikifeed_server.services.subscription import SubscriptionOptions, Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions

PAGE_COUNT = 150
STEPS = 60


class Watcher:
    """What every client was delivered and acknowledged, held against the promises."""

    def __init__(self) -> None:
        self.log: dict[int, list[int]] = defaultdict(list)
        self.delivered: set[int] = set()
        self.holders: dict[int, tuple[object, int]] = {}

    def publish(self, feed, page_ids, namespace):
        writes = [feed.write(f"Page {page_id}", page_id, namespace=namespace) for page_id in page_ids]
        last = feed.publish_many(writes)
        for offset, page_id in zip(range(last - len(writes) + 1, last + 1), page_ids, strict=True):
            self.log[page_id].append(offset)

    def deliver(self, client, delivery_id, changes):
        assert not (client.gone and changes), "a client that is gone gets more"
        for offset, page_id in changes:
            former, _ = self.holders.get(page_id, (client, 0))
            if former is not client:
                self.end_of(former)
            holder, _ = self.holders.get(page_id, (client, 0))
            assert holder is client, f"page {page_id} is with two clients at offset {offset}"
            assert offset > client.latest[page_id], f"page {page_id} goes back to offset {offset}"
            skipped = [each for each in self.log[page_id] if each < offset and each not in self.delivered]
            assert not skipped, f"page {page_id} comes at {offset} without {skipped}"
            client.latest[page_id] = offset
            self.holders[page_id] = client, delivery_id
            self.delivered.add(offset)

    def end_of(self, client):
        """Take a client that ends its call for gone when another gets what it had: it may get nothing from then on."""
        if client.ending and not client.gone:
            client.gone = True
            self.let_go(client)

    def acknowledge(self, client, delivery_id):
        self.let_go(client, lambda latest: latest <= delivery_id)

    def let_go(self, client, of=lambda _: True):
        self.holders = {
            page_id: (holder, latest)
            for page_id, (holder, latest) in self.holders.items()
            if holder is not client or not of(latest)
        }


class WatchedSubscriber(Subscriber):
    """A client whose deliveries and acknowledgements the watcher sees."""

    def __init__(self, watcher, subscriptions, **fields) -> None:
        self.watcher = watcher
        self.latest: dict[int, int] = defaultdict(int)
        self.broken: AssertionError | None = None
        self.ending = self.gone = False
        super().__init__(subscriptions, **fields)

    def handle(self, response):
        changes = [(change.offset, change.article.identifier) for change in response.changes]
        try:
            self.watcher.deliver(self, response.delivery_id, changes)
        except AssertionError as error:
            self.broken = self.broken or error
        super().handle(response)

    def acknowledge(self, delivery_id=0):
        delivery_id = delivery_id or self.last_id
        if delivery_id > self.acknowledged:
            self.watcher.acknowledge(self, delivery_id)
        super().acknowledge(delivery_id)

    async def vanish(self):
        self.gone = True
        self.watcher.let_go(self)
        await super().vanish()

    async def end(self):
        # Something may be delivered until the server hears of the end.
        self.ending = True
        await super().end()
        self.watcher.let_go(self)


class History:
    """One run: actions at random on three workers."""

    def __init__(self, seed, feed, workers) -> None:
        self.random = random.Random(seed)
        self.feed = feed
        self.workers = workers
        self.watcher = Watcher()
        self.clients: list[WatchedSubscriber] = []
        self.all_clients: list[WatchedSubscriber] = []

    def come(self):
        client = WatchedSubscriber(
            self.watcher,
            self.random.choice(self.workers),
            after_offset=0,
            acknowledges=self.random.random() < 0.6,
            max_batch_size=self.random.choice([0, 1, 5, 30]),
            max_unacknowledged=self.random.choice([0, 20, 100]),
            no_body=self.random.random() < 0.5,
        )
        self.clients.append(client)
        self.all_clients.append(client)

    async def step(self):
        choice = self.random.random()
        client = self.random.choice(self.clients) if self.clients else None
        if choice < 0.35:
            count = self.random.choice([1, 5, 60])
            pages = [self.random.randint(1, PAGE_COUNT) for _ in range(count)]
            self.watcher.publish(self.feed, pages, self.random.choice([0, 0, 1]))
        elif client is None or (choice < 0.5 and len(self.clients) < 8):
            self.come()
        elif choice < 0.58:
            await client.vanish()
            self.clients.remove(client)
        elif choice < 0.64:
            await client.end()
            self.clients.remove(client)
        elif choice < 0.8:
            client.acknowledge(self.random.randint(0, client.last_id))
        elif choice < 0.85:
            client.say(paused=True)
            client.say(paused=False)
        else:
            await asyncio.sleep(self.random.choice([0, 0.002, 0.02]))

    async def finish(self, store):
        """Let one client come that has and acknowledges everything, beside those that acknowledge from now on."""
        for client in self.clients:
            client.acknowledges = True
            client.acknowledge()
        self.come()
        self.clients[-1].acknowledges = True
        self.clients[-1].acknowledge()
        newest = max((offsets[-1] for offsets in self.watcher.log.values()), default=0)
        async with asyncio.timeout(60):
            while (await store.get("mine")).acknowledged < newest:
                self.check()
                await asyncio.sleep(0.01)
        for client in self.clients:
            await client.end()
        self.check()
        assert self.watcher.delivered == {offset for offsets in self.watcher.log.values() for offset in offsets}

    async def cut_off(self):
        """End the calls that go on."""
        for client in self.clients:
            if not client.call.done():
                await client.vanish()

    def check(self):
        for client in self.all_clients:
            if client.broken:
                raise client.broken
            if client.call.done() and not client.call.cancelled():
                client.call.result()


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=[] if seed < 6 else pytest.mark.full) for seed in range(40)])
async def test_a_random_history_keeps_the_promises(tmp_path, seed):
    feed = Feed(tmp_path)
    async with AsyncExitStack() as stack:
        stack.callback(feed.close)
        workers, stopping = [], asyncio.Event()
        for _ in range(3):
            reader = await stack.enter_async_context(EmbeddedReader.open(tmp_path))
            store = await stack.enter_async_context(EmbeddedSubscriptions(tmp_path, QUICK))
            options = SubscriptionOptions(handover_seconds=60, idle_seconds=0.01)
            workers.append(Subscriptions(reader, store, stopping, options=options))
        history = History(seed, feed, workers)
        stack.push_async_callback(history.cut_off)
        history.come()
        for _ in range(STEPS):
            await history.step()
        await history.finish(store)
