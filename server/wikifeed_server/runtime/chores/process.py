"""The chores process: one for each store, beside any number of servers.

Promise: whenever it ends, and however, what is done is done, and the next one does what is left. A chore that fails is
tried again at its next turn and keeps no other from its work.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog
import uvloop

from wikifeed_server.accounts import Accounts
from wikifeed_server.errors import StoreBusyError, only_error
from wikifeed_server.runtime.chores.batches import BatchChore
from wikifeed_server.runtime.chores.retention import RetentionChore
from wikifeed_server.runtime.chores.snapshots import SnapshotChore
from wikifeed_server.runtime.config import Settings
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotWriters
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.lock import CHORES_LOCK, StoreLock

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Another server's chores process has the store: its end is noticed so late.
_AGAIN_SECONDS = 5.0


def run_chores(settings: Settings, now: Callable[[], float] = time.time) -> None:
    """Do the chores until a signal says to stop, or the standard input ends. `now` tells seconds since 1970.

    Raises StoreError when the store can't be opened.
    """
    try:
        uvloop.run(_do_chores(settings, now))
    except ExceptionGroup as group:
        raise only_error(group) from group


async def _do_chores(settings: Settings, now: Callable[[], float]) -> None:
    told_to_stop = asyncio.Event()
    _stop_when_told(told_to_stop)
    doing = asyncio.create_task(_do_all(settings, now))
    stopped = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait((doing, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not doing.done():
        doing.cancel()
        await asyncio.wait((doing,))
    if not doing.cancelled():
        doing.result()


async def _do_all(settings: Settings, now: Callable[[], float]) -> None:
    folder = settings.store.folder
    async with AsyncExitStack() as stack:
        stack.callback((await _lock(settings)).close)
        reader = await stack.enter_async_context(await asyncio.to_thread(EmbeddedReader.open, folder, 0))
        library = SnapshotLibrary(folder)
        writers = await stack.enter_async_context(SnapshotWriters(folder, library, settings.snapshots.writers))
        chores: list[Coroutine[Any, Any, None]] = []
        if settings.retention.age_seconds or settings.retention.size_bytes:
            chores.append(RetentionChore(folder, settings.retention, now).run())
        if settings.batches.write == "yes":
            chores.append(BatchChore(folder, settings.batches, now).run())
        if settings.snapshots.scheduled:
            accounts = await stack.enter_async_context(Accounts(folder))
            due = SnapshotChore(reader, library, writers, settings.snapshots, now, accounts.plans_in_use)
            chores.append(due.run())
        async with asyncio.TaskGroup() as tasks:
            for chore in chores:
                tasks.create_task(chore)


async def _lock(settings: Settings) -> StoreLock:
    """The lock that makes this the store's only chores process, once it can be had."""
    waiting = False
    while True:
        try:
            return await asyncio.to_thread(StoreLock, settings.store.folder, CHORES_LOCK)
        except StoreBusyError as error:
            if not waiting:
                structlog.get_logger().info("another process does the store's chores", what=error.message)
            waiting = True
        await asyncio.sleep(_AGAIN_SECONDS)


def _stop_when_told(told_to_stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told_to_stop.set)
    standard_input = sys.stdin.fileno()

    def read() -> None:
        if not os.read(standard_input, 4096):
            loop.remove_reader(standard_input)
            told_to_stop.set()

    loop.add_reader(standard_input, read)
