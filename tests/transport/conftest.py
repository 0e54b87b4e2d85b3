"""A real server on loopback over a real store, and a channel to it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from pathlib import Path

import grpc
import pytest
from calls import MadeUpChanges
from grpc_health.v1 import health_pb2_grpc
from made_up_feed import Feed

from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.accounts import Guard
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import RunningServer, start_server
from wikifeed_server.transport.observing import CallObserver
from wikifeed_server.transport.options import ServerOptions

TRANSPORTS = {"grpcio": ServerOptions(), "native": ServerOptions(native=True)}


@pytest.fixture
def feed(tmp_path: Path) -> Generator[Feed, None, None]:
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture(params=TRANSPORTS)
def usual(request: pytest.FixtureRequest) -> ServerOptions:
    """The options of a server where a test does not say: those of each transport in turn."""
    return TRANSPORTS[request.param]


@pytest.fixture
async def serve(usual: ServerOptions, stopping: asyncio.Event) -> AsyncGenerator[Callable[..., RunningServer], None]:
    """Start a server with the given services, by the short names of their contracts."""
    servers: list[RunningServer] = []

    async def serve(
        address: str = "127.0.0.1:0",
        options: ServerOptions = usual,
        observers: Sequence[CallObserver] = (),
        guard: Guard | None = None,
        **services: object,
    ) -> RunningServer:
        named = {f"wikifeed.v1.{name}": service for name, service in services.items()}
        servers.append(await start_server(named, [address], options, stopping, observers, guard))
        return servers[-1]

    yield serve
    for server in servers:
        await server.stop(0)


@pytest.fixture
async def server(feed: Feed, tmp_path: Path, stopping: asyncio.Event, serve: Callable[..., RunningServer]):
    """The whole server over the feed's store."""
    async with EmbeddedReader.open(tmp_path) as reader, EmbeddedSubscriptions(tmp_path) as names:
        running = await serve(
            ArticleService=ArticleService(reader),
            ChangeService=(
                ChangeService(reader, stopping, heartbeat_seconds=0.05),
                Subscriptions(reader, names, stopping),
            ),
            CatalogService=CatalogService(reader),
        )
        yield running
        await running.stop(0)


@pytest.fixture
async def channel(server: RunningServer) -> AsyncGenerator[grpc.aio.Channel, None]:
    async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
        yield channel


@pytest.fixture
def articles(channel):
    return ArticleServiceStub(channel)


@pytest.fixture
def changes(channel):
    return ChangeServiceStub(channel)


@pytest.fixture
async def made_up(serve):
    """A server with a made-up ChangeService, and stubs for it."""
    channels = []

    async def made_up(**methods):
        server = await serve(ChangeService=MadeUpChanges(**methods))
        channels.append(grpc.aio.insecure_channel(server.addresses[0]))
        return server, ChangeServiceStub(channels[-1]), health_pb2_grpc.HealthStub(channels[-1])

    yield made_up
    for channel in channels:
        await channel.close()
