"""A store to publish to, a server over it, and both clients of it."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest
from both_clients import Threaded
from live_server import LiveServer
from made_up_feed import Feed

from wikifeed_client import AsyncClient, Client, Reconnecting

# Waits of milliseconds, and no silence unless a test makes it.
QUICK = Reconnecting(first_seconds=0.001, most_seconds=0.05, silence_seconds=20)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


@pytest.fixture
def feed(store: Path) -> Generator[Feed, None, None]:
    feed = Feed(store)
    yield feed
    feed.close()


@pytest.fixture
async def server(feed: Feed, store: Path) -> AsyncGenerator[LiveServer, None]:
    async with LiveServer(store) as server:
        yield server


@pytest.fixture(params=["threads", "asyncio"])
async def connect(request: pytest.FixtureRequest) -> AsyncGenerator[Callable[..., Any], None]:
    """Makes clients of an address, each test with both kinds in turn."""
    async with AsyncExitStack() as opened:

        async def connect(address: str, **options: Any) -> Any:
            options.setdefault("reconnecting", QUICK)
            if request.param == "asyncio":
                return await opened.enter_async_context(AsyncClient(address, **options))
            return Threaded(opened.enter_context(Client(address, **options)))

        yield connect


@pytest.fixture
async def client(server: LiveServer, connect: Callable[..., Any]) -> Any:
    """A client of the server."""
    return await connect(server.address)


@pytest.fixture
async def made_up() -> AsyncGenerator[Callable[..., Any], None]:
    """Starts servers whose methods a test writes, as handlers of grpc.aio; their addresses."""
    servers = []

    async def made_up(service: str, methods: dict[str, grpc.RpcMethodHandler]) -> str:
        server = grpc.aio.server()
        handler = grpc.method_handlers_generic_handler(f"wikifeed.v1.{service}", methods)
        server.add_generic_rpc_handlers((handler,))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield made_up
    for server in servers:
        await server.stop(None)
