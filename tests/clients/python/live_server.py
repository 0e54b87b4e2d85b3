"""A server over a store that is stopped and started again on the same port, and a proxy that cuts connections."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from wikifeed_server.accounts import Accounts
from wikifeed_server.batches import BatchLibrary
from wikifeed_server.services.account import AccountService
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.batch import BatchService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, SnapshotWriters, write_snapshot
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

_HEARTBEAT_SECONDS = 0.05


class LiveServer:
    """All services over the store in a folder, and that of accounts where there are any."""

    def __init__(
        self, folder: Path, options: ServerOptions | None = None, guard: Any = None, accounts: Accounts | None = None
    ) -> None:
        self._folder = folder
        self._options = options or ServerOptions()
        self._guard = guard
        self._accounts = accounts
        self._parts = AsyncExitStack()
        self.address = "127.0.0.1:0"
        self.library = SnapshotLibrary(folder)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, after the first time on the port of the first time."""
        stopping = asyncio.Event()
        enter = self._parts.enter_async_context
        reader = await enter(EmbeddedReader.open(self._folder))
        names = await enter(EmbeddedSubscriptions(self._folder))
        writers = await enter(SnapshotWriters(self._folder, self.library))
        services: dict[str, Any] = {
            "ArticleService": ArticleService(reader),
            "ChangeService": (
                ChangeService(reader, stopping, _HEARTBEAT_SECONDS, self.library),
                Subscriptions(reader, names, stopping),
            ),
            "CatalogService": CatalogService(reader),
            "SnapshotService": SnapshotService(reader, self.library, writers),
            "BatchService": BatchService(BatchLibrary(self._folder)),
        }
        if self._accounts is not None:
            services["AccountService"] = AccountService(self._accounts)
        named = {f"wikifeed.v1.{name}": service for name, service in services.items()}
        running = await start_server(named, [self.address], self._options, stopping, (), self._guard)
        self.address = running.addresses[0]
        self._parts.push_async_callback(running.stop, 0)

    async def stop(self) -> None:
        """End all calls as a server does that is told to stop, and listen no more."""
        parts, self._parts = self._parts, AsyncExitStack()
        await parts.aclose()

    async def write_snapshot(self, project: str = "enwiki", **options: Any) -> int:
        """Write a snapshot here and now, not in a process of its own as CreateSnapshot does; its offset."""
        async with EmbeddedReader.open(self._folder) as reader:
            offset = (await reader.log_info()).newest_offset
            claim = self.library.claim(SnapshotSpec(project, 0, offset, **options))
            await write_snapshot(reader, claim.status.spec, claim.status.folder, lambda progress: None)
            os.close(claim.lock)
        return offset


class CuttingProxy:
    """Passes bytes on to a server, and cuts each connection off after it sent so many; one without a number, never."""

    def __init__(self, target: str, cuts: Iterator[int]) -> None:
        self._target = target
        self._cuts = cuts
        self._tasks: set[asyncio.Task[None]] = set()
        self.cut_off = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        host, _, port = self._target.rpartition(":")
        try:
            reader, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            client.transport.abort()
            return
        up = asyncio.create_task(_pass_on(client_reader, writer, None))
        try:
            if await _pass_on(reader, client, next(self._cuts, None)):
                self.cut_off += 1
        finally:
            up.cancel()
            for end in (client, writer):
                end.transport.abort()
            self._tasks.discard(task)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, allowed: int | None) -> bool:
    """Pass on until the end, or so many bytes; whether it was the bytes."""
    try:
        while data := await reader.read(4096 if allowed is None else min(4096, allowed)):
            writer.write(data)
            await writer.drain()
            if allowed is not None:
                allowed -= len(data)
                if allowed <= 0:
                    return True
    except ConnectionError:
        pass
    return False
