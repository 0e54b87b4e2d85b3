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
from pathlib import Path

import structlog
import uvloop

from wikifeed_server.batches import BatchLibrary
from wikifeed_server.errors import only_error
from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.runtime.telemetry.control import telemetry
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.batch import BatchService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService, Retention
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.observing import AccessLog, CallObserver
from wikifeed_server.transport.options import Limits, ServerOptions, TlsFiles


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
        opened = await asyncio.to_thread(EmbeddedReader.open, folder, settings.store.cache_bytes)
        stack.push_async_callback(opened.close)
        told = await stack.enter_async_context(telemetry(settings, opened))
        reader = told.reader
        library = SnapshotLibrary(folder)
        writers = await stack.enter_async_context(SnapshotWriters(folder, library, settings.snapshots.writers))
        retention = Retention(settings.retention.age_seconds, settings.retention.size_bytes)
        names = await stack.enter_async_context(EmbeddedSubscriptions(folder))
        beat = settings.serve.heartbeat_seconds
        services: dict[str, object] = {
            "wikifeed.v1.ArticleService": ArticleService(reader),
            "wikifeed.v1.ChangeService": (
                ChangeService(reader, stopping, beat, library, retention, told.deliveries),
                Subscriptions(reader, names, stopping, beat),
            ),
            "wikifeed.v1.SnapshotService": SnapshotService(reader, library, writers),
            "wikifeed.v1.BatchService": BatchService(BatchLibrary(folder)),
            "wikifeed.v1.CatalogService": CatalogService(reader),
        }
        observers: list[CallObserver] = [*told.calls, *([AccessLog()] if settings.log.access == "yes" else [])]
        server = await start_server(services, settings.serve.listen, _options(settings), stopping, observers)
        log.debug("worker listens", pid=os.getpid(), addresses=server.addresses)
        listening(server.addresses)
        await told_to_stop.wait()
        await server.stop(settings.serve.drain_seconds)


def _options(settings: Settings) -> ServerOptions:
    serve, limits, tls = settings.serve, settings.limits, settings.tls
    authority = tls.client_authority if tls.client_authority != Path() else None
    return ServerOptions(
        reuse_port=True,
        max_request_bytes=limits.request_bytes,
        keepalive_seconds=serve.keepalive_seconds,
        min_client_ping_seconds=limits.ping_seconds,
        connection_streams=limits.connection_streams,
        connection_age_seconds=limits.connection_age_seconds,
        connection_grace_seconds=limits.connection_grace_seconds,
        stalled_seconds=limits.stalled_seconds,
        limits=Limits(limits.calls, limits.key_streams, limits.key_connections),
        tls=TlsFiles(tls.certificate, tls.key, authority) if tls.certificate != Path() else None,
        native=serve.transport == "native",
    )


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
