"""A worker's life: open the store, listen, answer, and on SIGTERM or where its parent is gone, drain and end.

Promise: from the signal on it takes no connection; whoever watches health hears NOT_SERVING, streams end with the
offset from which to go on, and calls in flight finish, all within `serve.drain_seconds`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog
import uvloop

from wikifeed_server.accounts import AccountOptions, Accounts, StoreGuard
from wikifeed_server.batches import BatchLibrary
from wikifeed_server.errors import only_error
from wikifeed_server.gateway import Parts
from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.runtime.supervisor.ports import accounts_required
from wikifeed_server.runtime.telemetry.control import telemetry
from wikifeed_server.runtime.web import limits, start_http, tls_files
from wikifeed_server.services.account import AccountService
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
from wikifeed_server.transport.options import ServerOptions


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
        accounts = await stack.enter_async_context(Accounts(folder, _account_options(settings)))
        guard = await stack.enter_async_context(StoreGuard(accounts, required=accounts_required(settings)))
        articles, catalog, batches = ArticleService(reader), CatalogService(reader), BatchLibrary(folder)
        changes = ChangeService(reader, stopping, beat, library, retention, told.deliveries)
        snapshots = SnapshotService(reader, library, writers)
        services: dict[str, object] = {
            "wikifeed.v1.ArticleService": articles,
            "wikifeed.v1.ChangeService": (changes, Subscriptions(reader, names, stopping, beat)),
            "wikifeed.v1.SnapshotService": snapshots,
            "wikifeed.v1.BatchService": BatchService(batches),
            "wikifeed.v1.CatalogService": catalog,
            "wikifeed.v1.AccountService": AccountService(accounts),
        }
        observers: list[CallObserver] = [*told.calls, *([AccessLog()] if settings.log.access == "yes" else [])]
        parts = Parts(
            reader=reader,
            guard=guard,
            accounts=accounts,
            articles=articles,
            changes=changes,
            catalog=catalog,
            snapshot_service=snapshots,
            snapshots=library,
            batches=batches,
            stopping=stopping,
            heartbeat_seconds=beat,
            store_folder=folder,
            grpc_address=settings.serve.listen[0],
            read_seconds=settings.http.read_seconds,
            stalled_seconds=settings.limits.stalled_seconds,
            services=services,
        )
        if told_to_stop.is_set():
            return  # who goes on from a parent that was killed has the port by now, or waits for it
        stops: list[Callable[[], Coroutine[Any, Any, None]]] = []
        try:
            if gateway := await start_http(settings, parts, observers):
                stops.append(gateway.stop)
            server = await start_server(services, settings.serve.listen, _options(settings), stopping, observers, guard)
            stops.append(partial(server.stop, settings.serve.drain_seconds))
            log.debug("worker listens", pid=os.getpid(), addresses=server.addresses)
            listening(server.addresses)
            await told_to_stop.wait()
        finally:
            # Whatever ends it, be it that the parent is gone by the time it should be told: calls end before the store.
            async with asyncio.TaskGroup() as ending:
                for stop in stops:
                    ending.create_task(stop())


def _options(settings: Settings) -> ServerOptions:
    serve, bounds = settings.serve, settings.limits
    return ServerOptions(
        reuse_port=True,
        max_request_bytes=bounds.request_bytes,
        keepalive_seconds=serve.keepalive_seconds,
        min_client_ping_seconds=bounds.ping_seconds,
        connection_streams=bounds.connection_streams,
        connection_age_seconds=bounds.connection_age_seconds,
        connection_grace_seconds=bounds.connection_grace_seconds,
        stalled_seconds=bounds.stalled_seconds,
        limits=limits(settings),
        tls=tls_files(settings),
        native=serve.transport == "native",
    )


def _account_options(settings: Settings) -> AccountOptions:
    accounts = settings.accounts
    return AccountOptions(accounts.token_seconds, accounts.refresh_seconds, accounts.rotation_seconds)


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
