"""The services over a real store."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from pathlib import Path

import pytest
from made_up_feed import Feed
from subscribers import QUICK, Subscriber

from wikifeed.v1.change_service_pb2 import (
    GetSubscriptionRequest,
    GetSubscriptionResponse,
    StreamChangesRequest,
    StreamChangesResponse,
)
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import SubscriptionOptions, Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions


@pytest.fixture
def feed(tmp_path: Path) -> Generator[Feed, None, None]:
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed: Feed, tmp_path: Path) -> AsyncGenerator[EmbeddedReader, None]:
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


@pytest.fixture
def articles(reader: EmbeddedReader) -> ArticleService:
    return ArticleService(reader)


@pytest.fixture
def catalog(reader: EmbeddedReader) -> CatalogService:
    return CatalogService(reader)


@pytest.fixture
def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def make_changes(reader: EmbeddedReader, stopping: asyncio.Event) -> Callable[..., ChangeService]:
    def make(**values: float) -> ChangeService:
        return ChangeService(reader, stopping, **values)

    return make


@pytest.fixture
def changes(make_changes: Callable[..., ChangeService]) -> ChangeService:
    return make_changes()


@pytest.fixture
def stream(changes):
    """Responses of one stream, parsed."""

    async def stream(service=changes, **fields):
        async with aclosing(service.StreamChanges(StreamChangesRequest(**fields))) as responses:
            async for data in responses:
                yield StreamChangesResponse.FromString(data)

    return stream


@pytest.fixture
def replay(stream):
    """All responses up to an offset."""

    async def replay(until_offset, **fields):
        return [response async for response in stream(until_offset=until_offset, **({"after_offset": 0} | fields))]

    return replay


@pytest.fixture
async def subscriptions(reader, tmp_path, stopping):
    async with EmbeddedSubscriptions(tmp_path, QUICK) as store:
        yield Subscriptions(
            reader, store, stopping, heartbeat_seconds=15.0, options=SubscriptionOptions(idle_seconds=0.01)
        )


@pytest.fixture
async def subscribe(subscriptions):
    """Open a call. Those that still go on are cut off in the end."""
    clients = []

    def subscribe(name="mine", **fields):
        clients.append(Subscriber(subscriptions, name, **fields))
        return clients[-1]

    yield subscribe
    for client in clients:
        if not client.call.done():
            await client.vanish()


@pytest.fixture
def stored(subscriptions):
    """The subscription, when something holds of it."""

    async def stored(holds=lambda _: True, name="mine"):
        async with asyncio.timeout(30):
            while True:
                data = await subscriptions.GetSubscription(GetSubscriptionRequest(name=name))
                subscription = GetSubscriptionResponse.FromString(data).subscription
                if holds(subscription):
                    return subscription
                await asyncio.sleep(0.005)

    return stored
