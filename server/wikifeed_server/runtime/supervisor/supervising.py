"""A server's life: hold the addresses, start workers and what runs beside them, and on SIGTERM or SIGINT drain and end.

Promise: after the first signal whoever watches health hears NOT_SERVING, streams end with the offset from which to go
on, and calls in flight finish, all within `serve.drain_seconds`. A second signal ends everything at once. SIGHUP reads
the settings anew and replaces the workers one after the other. When this process is killed, its children end.
"""

import asyncio
import importlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import structlog
import uvloop

from wikifeed_server import __version__
from wikifeed_server.errors import ConfigError, StoreBusyError, StoreMissingError, only_error
from wikifeed_server.runtime.config import Settings, StoreSettings
from wikifeed_server.runtime.hints import address_for_clients, things_to_try
from wikifeed_server.runtime.supervisor.child import keep_running
from wikifeed_server.runtime.supervisor.command_line import child_command, flags_of
from wikifeed_server.runtime.supervisor.holding import held_addresses
from wikifeed_server.runtime.supervisor.orphans import reap_orphans
from wikifeed_server.runtime.supervisor.ports import accounts_required, check_listening, worker_count
from wikifeed_server.runtime.supervisor.workers import Workers
from wikifeed_server.runtime.telemetry.view import RUNTIME_FOLDER, WorkerView
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.transport.options import NATIVE_LACKS

_WORKER_SETTINGS = (
    "store",
    "serve",
    "http",
    "accounts",
    "tls",
    "limits",
    "retention",
    "snapshots",
    "telemetry",
    "log",
)
# gRPC's newer way of accepting connections wakes more threads for each call, which costs a small answer a tenth more.
_GRPC = {"GRPC_EXPERIMENTS": os.environ.get("GRPC_EXPERIMENTS", "-event_engine_listener")}
_CHORE_SETTINGS = ("store", "retention", "snapshots", "batches", "log")


@dataclass(frozen=True, slots=True)
class Listening:
    """What a server that has started tells: where it listens, its store, commands to try (none: the store is empty).

    `http` is where the gateway and the status page are, empty for nowhere; with `tls` all that listens speaks TLS.
    """

    addresses: tuple[str, ...]
    http: str
    tls: bool
    needs_accounts: bool
    store: Path
    things_to_try: Sequence[str]


@dataclass(frozen=True, slots=True)
class _View:
    """What the admin server sees."""

    runtime_folder: Path
    workers: Callable[[], Sequence[WorkerView]]


def run_supervisor(settings: Settings, reload: Callable[[], Settings], announce: Callable[[Listening], None]) -> None:
    """Serve until a signal says to stop. `announce` is called once, when all workers listen.

    `reload` reads the settings anew. A store that is missing is made, empty. Raises StoreError when the store can't be
    opened, ConfigError when an address can't be listened on or followed, WorkerFailedError, KeyboardInterrupt after a
    second signal.
    """
    if settings.serve.follow:
        _follower().check_followed(settings)
    check_listening(settings)
    try:
        uvloop.run(_Supervisor(settings, reload).run(announce))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except ExceptionGroup as group:
        # Whatever is raised inside the context of a group of tasks comes out as a group, even where it is alone.
        raise only_error(group) from group


class _Supervisor:
    """One run of a server. `_settings` are those in force; a reload changes them."""

    def __init__(self, settings: Settings, reload: Callable[[], Settings]) -> None:
        self._settings = settings
        self._reload = reload
        self._addresses: tuple[str, ...] = settings.serve.listen
        self._http = settings.http.listen
        self._told_to_stop = asyncio.Event()
        self._told_to_reload = asyncio.Event()
        self._log = structlog.get_logger()

    async def run(self, announce: Callable[[Listening], None]) -> None:
        """Serve until told to stop."""
        settings = self._settings
        self._obey_signals()
        async with AsyncExitStack() as stack:
            self._addresses = await stack.enter_async_context(held_addresses(settings.serve.listen, self._told_to_stop))
            if self._http:
                held = held_addresses((self._http,), self._told_to_stop, "--http")
                (self._http,) = await stack.enter_async_context(held)
            hints = await _hints(settings.store, self._addresses[0])
            folder = stack.enter_context(_runtime_folder())
            environment = {RUNTIME_FOLDER: str(folder)}
            workers = Workers(
                self._worker_command, {**_GRPC, **environment}, lambda: self._settings.serve.drain_seconds
            )
            stack.callback(workers.kill)
            if settings.telemetry.admin or settings.telemetry.traces:
                await stack.enter_async_context(_admin().admin_server(settings.telemetry, _View(folder, workers.views)))
            await workers.start(worker_count(settings.serve))
            needs_accounts = accounts_required(settings)
            self._log.info(
                "serving",
                addresses=self._addresses,
                http=self._http,
                accounts=needs_accounts,
                store=str(settings.store.folder),
                version=__version__,
            )
            if settings.serve.transport == "native":
                self._log.warning("transport lacks what grpcio has", transport="native", lacks=NATIVE_LACKS)
            speaks_tls = settings.tls.certificate != Path()
            announce(Listening(self._addresses, self._http, speaks_tls, needs_accounts, settings.store.folder, hints))
            await self._keep(workers, environment)
        self._log.info("stopped")

    async def _keep(self, workers: Workers, environment: dict[str, str]) -> None:
        settings = self._settings
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(workers.keep()), tasks.create_task(self._obey_reload(workers))]
            if settings.serve.follow:
                command = _follower().follow_command(settings)
                running.append(tasks.create_task(keep_running("follow", command, environment)))
            if has_chores(settings):
                command = child_command("chores", flags_of(settings, _CHORE_SETTINGS))
                running.append(tasks.create_task(keep_running("chores", command, environment)))
            if os.getpid() == 1:
                running.append(tasks.create_task(reap_orphans()))
            await self._told_to_stop.wait()
            self._log.info("draining", at_most_seconds=self._settings.serve.drain_seconds)
            for task in running:
                task.cancel()
            await workers.end()

    async def _obey_reload(self, workers: Workers) -> None:
        while True:
            await self._told_to_reload.wait()
            self._told_to_reload.clear()
            try:
                fresh = self._reload()
                check_listening(fresh)
            except ConfigError as error:
                self._log.error("settings can't be read anew; the old ones stay", error=error.message)
                continue
            fixed = _fixed_settings(fresh, self._settings)
            if fixed != fresh:
                self._log.warning(
                    "these settings need a restart: store, telemetry, http.listen, serve.listen, serve.follow, "
                    "serve.workers"
                )
            before, self._settings = self._settings, fixed
            if await workers.replace_all():
                self._log.info("reloaded")
            else:
                self._settings = before
                self._log.error("a worker with the settings read anew did not come to listen; the old ones stay")

    def _worker_command(self) -> list[str]:
        settings = replace(
            self._settings,
            serve=replace(self._settings.serve, listen=self._addresses, follow=()),
            http=replace(self._settings.http, listen=self._http),
        )
        return child_command("serve-worker", flags_of(settings, _WORKER_SETTINGS))

    def _obey_signals(self) -> None:
        loop = asyncio.get_running_loop()
        serving = asyncio.current_task()

        def stop() -> None:
            if self._told_to_stop.is_set() and serving is not None:
                serving.cancel()
            self._told_to_stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        loop.add_signal_handler(signal.SIGHUP, self._told_to_reload.set)


def _follower() -> ModuleType:
    """What knows of followers. It loads an HTTP client, which takes half of a second: only where it is asked for."""
    return importlib.import_module("wikifeed_server.runtime.beside")


def _admin() -> ModuleType:
    """As above, for an HTTP server."""
    return importlib.import_module("wikifeed_server.runtime.telemetry.admin")


def has_chores(settings: Settings) -> bool:
    """Whether there is anything to do beside serving."""
    retention = settings.retention
    return bool(
        retention.age_seconds or retention.size_bytes or settings.batches.write == "yes" or settings.snapshots.scheduled
    )


def _fixed_settings(fresh: Settings, running: Settings) -> Settings:
    """The fresh settings with what a running server can't change as it is."""
    serve = replace(
        fresh.serve, listen=running.serve.listen, follow=running.serve.follow, workers=running.serve.workers
    )
    http = replace(fresh.http, listen=running.http.listen)
    return replace(fresh, serve=serve, http=http, store=running.store, telemetry=running.telemetry)


@contextmanager
def _runtime_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wikifeed-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


async def _hints(settings: StoreSettings, address: str) -> Sequence[str]:
    """Commands to try at the server. Opens the store, so that what is wrong with it is told before anything starts."""
    reader = await asyncio.to_thread(_open_store, settings)
    async with reader:
        return await things_to_try(reader, address_for_clients(address))


def _open_store(settings: StoreSettings) -> EmbeddedReader:
    try:
        return EmbeddedReader.open(settings.folder, cache_bytes=0)
    except StoreMissingError:
        # An import that began just now makes it as well, and has the lock.
        with suppress(StoreBusyError):
            EmbeddedWriter.open(settings.folder).close()
        return EmbeddedReader.open(settings.folder, cache_bytes=0)
