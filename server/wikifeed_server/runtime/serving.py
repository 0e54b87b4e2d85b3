"""A server's life: open the store, serve, and on SIGTERM or SIGINT drain and end.

Promise: after the first signal whoever watches health hears NOT_SERVING, streams end with the offset from which to go
on, and calls in flight finish, all within `serve.drain_seconds`. A second signal ends the server at once.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
import uvloop

from wikifeed_server import __version__
from wikifeed_server.errors import StoreBusyError, StoreMissingError, only_error
from wikifeed_server.runtime.beside import check_followed, follower_beside
from wikifeed_server.runtime.config import ServeSettings, Settings, StoreSettings
from wikifeed_server.runtime.hints import address_for_clients, things_to_try
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters
from wikifeed_server.store import Reader
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.transport.grpc_aio import ServerOptions, start_server

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Listening:
    """What a server that has started tells: where it listens, its store, commands to try (none: the store is empty)."""

    addresses: tuple[str, ...]
    store: Path
    things_to_try: Sequence[str]


def run_server(settings: Settings, announce: Callable[[Listening], None]) -> None:
    """Serve until a signal says to stop. `announce` is called once, when the server listens.

    A store that is missing is made, empty. Raises StoreError when the store can't be opened, ConfigError when an
    address can't be listened on or followed, KeyboardInterrupt after a second signal.
    """
    check_followed(settings)
    keep_freed_memory()
    try:
        uvloop.run(_serve(settings, announce))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except ExceptionGroup as group:
        # Whatever is raised inside the context of a group of tasks comes out as a group, even where it is alone.
        raise only_error(group) from group


async def _serve(settings: Settings, announce: Callable[[Listening], None]) -> None:
    log = structlog.get_logger()
    stopping, told_to_stop = asyncio.Event(), asyncio.Event()
    _stop_on_signals(told_to_stop)
    async with AsyncExitStack() as stack:
        reader = await asyncio.to_thread(_open_store, settings.store)
        stack.push_async_callback(reader.close)
        library = SnapshotLibrary(settings.store.folder)
        writers = await stack.enter_async_context(
            SnapshotWriters(settings.store.folder, library, settings.snapshots.writers)
        )
        services = {
            "wikifeed.v1.ArticleService": ArticleService(reader),
            "wikifeed.v1.ChangeService": ChangeService(reader, stopping, settings.serve.heartbeat_seconds),
            "wikifeed.v1.SnapshotService": SnapshotService(reader, library, writers),
            "wikifeed.v1.CatalogService": CatalogService(reader),
        }
        if settings.serve.follow:
            await stack.enter_async_context(follower_beside(settings))
        server = await start_server(services, settings.serve.listen, _options(settings.serve), stopping)
        log.info("serving", addresses=server.addresses, store=str(settings.store.folder), version=__version__)
        announce(await _listening(reader, server.addresses, settings.store.folder))
        await told_to_stop.wait()
        log.info("draining", at_most_seconds=settings.serve.drain_seconds)
        await server.stop(settings.serve.drain_seconds)
    log.info("stopped")


def _options(settings: ServeSettings) -> ServerOptions:
    return ServerOptions(keepalive_seconds=settings.keepalive_seconds)


def _stop_on_signals(told_to_stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    serving = asyncio.current_task()

    def stop() -> None:
        if told_to_stop.is_set() and serving is not None:
            serving.cancel()
        told_to_stop.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)


def _open_store(settings: StoreSettings) -> EmbeddedReader:
    try:
        return EmbeddedReader.open(settings.folder, settings.cache_bytes)
    except StoreMissingError:
        # An import that began just now makes it as well, and has the lock.
        with suppress(StoreBusyError):
            EmbeddedWriter.open(settings.folder).close()
        return EmbeddedReader.open(settings.folder, settings.cache_bytes)


async def _listening(reader: Reader, addresses: tuple[str, ...], store: Path) -> Listening:
    return Listening(addresses, store, await things_to_try(reader, address_for_clients(addresses[0])))
