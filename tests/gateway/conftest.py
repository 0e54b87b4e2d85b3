"""A gateway that answers on loopback from a real store, and clients of it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvloop
from gateway_client import http_client
from made_up_feed import Feed
from open_guard import OpenGuard
from stored_files import StoredFiles

from wikifeed_server.accounts import Accounts
from wikifeed_server.batches import BatchLibrary
from wikifeed_server.gateway import GatewayOptions, Parts, RunningGateway, start_gateway
from wikifeed_server.services.account import AccountService
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.batch import BatchService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.observing import CallObserver


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests run on the loop that servers run on, which has less than asyncio's own."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
def feed(tmp_path: Path) -> Generator[Feed, None, None]:
    """What publishes into the store."""
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed: Feed, tmp_path: Path) -> AsyncGenerator[EmbeddedReader, None]:
    """What reads the store."""
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


@pytest.fixture
def stored(tmp_path: Path, feed: Feed, reader: EmbeddedReader) -> StoredFiles:
    """What makes snapshots and batches in the store."""
    return StoredFiles(tmp_path, feed, reader)


@pytest.fixture
def guard() -> OpenGuard:
    """What stands before the gateway; a test or module may have another."""
    return OpenGuard()


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncGenerator[Accounts, None]:
    """The accounts of the store."""
    accounts = Accounts(tmp_path)
    yield accounts
    await accounts.close()


@pytest.fixture
async def parts(
    reader: EmbeddedReader, guard: OpenGuard, accounts: Accounts, tmp_path: Path
) -> AsyncGenerator[Parts, None]:
    """What the gateway answers from."""
    stopping = asyncio.Event()
    library = SnapshotLibrary(tmp_path)
    async with SnapshotWriters(tmp_path, library) as writers:
        yield Parts(
            reader=reader,
            guard=guard,
            accounts=accounts,
            articles=ArticleService(reader),
            changes=ChangeService(reader, stopping),
            catalog=CatalogService(reader),
            snapshot_service=SnapshotService(reader, library, writers),
            snapshots=library,
            batches=BatchLibrary(tmp_path),
            stopping=stopping,
            heartbeat_seconds=0.05,
            store_folder=tmp_path,
        )


@pytest.fixture
async def start(parts: Parts) -> AsyncGenerator[Callable[..., Any], None]:
    """Starts gateways with other parts (keywords) or options than usual; they stop with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            options: GatewayOptions | None = None,
            observers: Sequence[CallObserver] = (),
            address: str = "127.0.0.1:0",
            **changed: Any,
        ) -> RunningGateway:
            gateway = await start_gateway(
                replace(parts, **changed), address, options or GatewayOptions(), observers, drain_seconds=0.2
            )
            stack.push_async_callback(gateway.stop)
            return gateway

        yield start


@pytest.fixture
async def gateway(start: Callable[..., Any]) -> RunningGateway:
    """A gateway with the usual options."""
    running: RunningGateway = await start()
    return running


@pytest.fixture
async def http(gateway: RunningGateway) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the gateway: `http.get("/v2/status")`."""
    async with http_client(gateway) as session:
        yield session


@pytest.fixture
async def services(parts: Parts, tmp_path: Path) -> AsyncGenerator[dict[str, object], None]:
    """The services that gRPC has."""
    async with EmbeddedSubscriptions(tmp_path) as names:
        yield {
            "wikifeed.v1.ArticleService": parts.articles,
            "wikifeed.v1.ChangeService": (parts.changes, Subscriptions(parts.reader, names, parts.stopping)),
            "wikifeed.v1.SnapshotService": parts.snapshot_service,
            "wikifeed.v1.BatchService": BatchService(parts.batches),
            "wikifeed.v1.CatalogService": parts.catalog,
            "wikifeed.v1.AccountService": AccountService(parts.accounts),
        }


@pytest.fixture
async def client() -> AsyncGenerator[Callable[[RunningGateway], aiohttp.ClientSession], None]:
    """Makes clients of gateways; they close with the test."""
    async with AsyncExitStack() as stack:

        def make(gateway: RunningGateway) -> aiohttp.ClientSession:
            session = aiohttp.ClientSession(f"http://{gateway.address}", auto_decompress=False)
            stack.push_async_callback(session.close)
            return session

        yield make


@pytest.fixture
async def rpc(
    start: Callable[..., Any], services: dict[str, object], client: Callable[..., aiohttp.ClientSession]
) -> aiohttp.ClientSession:
    """A client of a gateway that answers RPCs by their names."""
    return client(await start(services=services))
