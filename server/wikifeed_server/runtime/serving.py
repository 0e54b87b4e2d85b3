"""A worker's life: open the store, listen, answer, and on SIGTERM or where its parent is gone, drain and end.

Promise: from the signal on it takes no connection; whoever watches health hears NOT_SERVING, streams end with the
offset from which to go on, and calls in flight finish, all within `serve.drain_seconds`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack

import structlog
import uvloop

from wikifeed_server.errors import only_error
from wikifeed_server.runtime.config import ServeSettings, Settings
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService, Retention
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.transport.grpc_aio import ServerOptions, start_server


def run_worker(settings: Settings, listening: Callable[[tuple[str, ...]], None]) -> None:
    """Serve until SIGTERM, or until the standard input ends. `listening` is called once, with the addresses.

    Raises StoreError when the store can't be opened, ConfigError when an address can't be listened on.
    """
    keep_freed_memory()
    try:
        uvloop.run(_serve(settings, listening))
    except ExceptionGroup as group:
        # Whatever is raised inside the context of a group of tasks comes out as a group, even where it is alone.
        raise only_error(group) from group


async def _serve(settings: Settings, listening: Callable[[tuple[str, ...]], None]) -> None:
    log = structlog.get_logger()
    stopping, told_to_stop = asyncio.Event(), asyncio.Event()
    _stop_when_told(told_to_stop)
    async with AsyncExitStack() as stack:
        folder = settings.store.folder
        reader = await asyncio.to_thread(EmbeddedReader.open, folder, settings.store.cache_bytes)
        stack.push_async_callback(reader.close)
        library = SnapshotLibrary(folder)
        writers = await stack.enter_async_context(SnapshotWriters(folder, library, settings.snapshots.writers))
        retention = Retention(settings.retention.age_seconds, settings.retention.size_bytes)
        services = {
            "wikifeed.v1.ArticleService": ArticleService(reader),
            "wikifeed.v1.ChangeService": ChangeService(
                reader, stopping, settings.serve.heartbeat_seconds, library, retention
            ),
            "wikifeed.v1.SnapshotService": SnapshotService(reader, library, writers),
            "wikifeed.v1.CatalogService": CatalogService(reader),
        }
        server = await start_server(services, settings.serve.listen, _options(settings.serve), stopping)
        log.debug("worker listens", pid=os.getpid(), addresses=server.addresses)
        listening(server.addresses)
        await told_to_stop.wait()
        await server.stop(settings.serve.drain_seconds)


def _options(settings: ServeSettings) -> ServerOptions:
    return ServerOptions(reuse_port=True, keepalive_seconds=settings.keepalive_seconds)


def _stop_when_told(told_to_stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told_to_stop.set)
    # Ctrl-C at a terminal reaches every process of the group; the supervisor tells us what to make of it.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    standard_input = sys.stdin.fileno()

    def read() -> None:
        if not os.read(standard_input, 4096):
            loop.remove_reader(standard_input)
            told_to_stop.set()

    loop.add_reader(standard_input, read)
