"""A real server on loopback over a real store, and a channel to it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from argon2 import PasswordHasher
from calls import MadeUpChanges
from grpc_health.v1 import health_pb2_grpc
from guarded import PASSWORD, AnySnapshot, Stubs
from made_up_feed import Feed

from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.accounts import AccountOptions, Accounts, Guard, Plan, StoreGuard
from wikifeed_server.accounts.passwords import PasswordHashing
from wikifeed_server.services.account import AccountService
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import RunningServer, start_server
from wikifeed_server.transport.observing import CallObserver
from wikifeed_server.transport.options import ServerOptions

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
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


@pytest.fixture
async def accounts(tmp_path):
    async with Accounts(tmp_path, AccountOptions(look_seconds=0.02), PasswordHashing(CHEAP)) as accounts:
        yield accounts


@pytest.fixture
async def guarded(feed, tmp_path, stopping, serve, accounts, usual):
    """The whole server over the feed's store behind a guard; accounts are required unless a test says not."""
    feed.publish("Ada", 7)
    async with EmbeddedReader.open(tmp_path) as reader, EmbeddedSubscriptions(tmp_path) as names:
        opened = []

        async def guarded(required=True, observers=(), **options):
            guard = StoreGuard(accounts, required=required)
            opened.append(guard)
            await guard.__aenter__()
            running = await serve(
                ArticleService=ArticleService(reader),
                ChangeService=(ChangeService(reader, stopping, 0.05), Subscriptions(reader, names, stopping, 0.05)),
                CatalogService=CatalogService(reader),
                SnapshotService=AnySnapshot(),
                AccountService=AccountService(accounts),
                guard=guard,
                observers=observers,
                options=replace(usual, **options),
            )
            opened.append(running)
            channel = grpc.aio.insecure_channel(running.addresses[0])
            opened.append(channel)
            return Stubs(channel)

        yield guarded
        for each in reversed(opened):
            await (each.stop(0) if hasattr(each, "addresses") else each.close())


@pytest.fixture
async def key(accounts):
    """A key of an account with no limits."""
    await accounts.add("ada", PASSWORD, "unlimited")
    _, secret = await accounts.create_key("ada")
    return secret


@pytest.fixture
def key_of(accounts):
    """Makes accounts, each with a plan of its own; their keys."""

    async def key_of(username, **plan):
        await accounts.put_plan(Plan(f"of-{username}", **plan))
        await accounts.add(username, None, f"of-{username}")
        _, secret = await accounts.create_key(username)
        return secret

    return key_of
