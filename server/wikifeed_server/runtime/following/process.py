"""A follower's life: open the store as its writer, follow every source, note how that goes, end on a signal.

Promise: whenever it ends, and however, what it committed stands and the next follower goes on right behind it.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
import uvloop

from wikifeed_server import __version__
from wikifeed_server.errors import ConfigError, SourceError, StoreFullError, only_error
from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.following.committing import Committer
from wikifeed_server.runtime.following.pipeline import Pipeline
from wikifeed_server.runtime.following.sources import FollowedSource, open_sources

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STATUS_SECONDS = 1.0
_REPORT_SECONDS = 30.0
# A wiki that refused us, or a full disk, is no better a moment later.
_AGAIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Following:
    """What a follower that has started tells: its sources by name, and the store."""

    sources: tuple[str, ...]
    store: Path


def run_follower(settings: Settings, announce: Callable[[Following], None], *, ends_with_parent: bool = False) -> None:
    """Follow until a signal says to stop, or with `ends_with_parent` until the standard input ends.

    Raises ConfigError when nothing is named to follow or no contact is given, SourceError when a wiki is not found at
    the start, StoreError when the store can't be written to.
    """
    if not settings.follow.wikis and not settings.follow.streams:
        raise ConfigError(
            "there is nothing to follow: name a wiki with --wiki URL or an event stream with --stream URL"
        )
    try:
        uvloop.run(_follow(settings, announce, ends_with_parent))
    except ExceptionGroup as group:
        raise only_error(group) from group


async def _follow(settings: Settings, announce: Callable[[Following], None], ends_with_parent: bool) -> None:
    log = structlog.get_logger()
    told_to_stop = asyncio.Event()
    _stop_when_told(told_to_stop, ends_with_parent)
    async with AsyncExitStack() as stack:
        committer = await stack.enter_async_context(Committer(settings.store.folder))
        opening = asyncio.ensure_future(open_sources(settings, committer, stack))
        stopped = asyncio.create_task(told_to_stop.wait())
        await asyncio.wait((opening, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            return
        sources = opening.result()
        names = tuple(followed.source.name for followed in sources)
        log.info("following", sources=names, store=str(settings.store.folder), version=__version__)
        announce(Following(names, settings.store.folder))
        await _follow_all(sources, committer, stopped)
    log.info("stopped")


async def _follow_all(
    sources: Sequence[FollowedSource], committer: Committer, stopped: "asyncio.Task[Literal[True]]"
) -> None:
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_keep_following(followed, committer)) for followed in sources]
        running.append(tasks.create_task(_note_status(sources, committer)))
        await stopped
        for task in running:
            task.cancel()
    for followed in sources:
        status = followed.watch.status(os.getpid(), is_stopped=True)
        await committer.put_status(followed.source.name, status.to_json())


async def _keep_following(followed: FollowedSource, committer: Committer) -> None:
    """Follow one source, anew after each failure that time may mend."""
    log = structlog.get_logger().bind(source=followed.source.name)
    while True:
        try:
            await Pipeline(followed.source, followed.preparer, committer, followed.watch).run()
        except ExceptionGroup as group:
            error = only_error(group)
            if not isinstance(error, SourceError | StoreFullError):
                raise error from group
            followed.watch.failed(error.message)
            log.warning("source failed; it is begun anew", error=error.message, seconds=_AGAIN_SECONDS)
        followed.watch.given_up()
        await asyncio.sleep(_AGAIN_SECONDS)


async def _note_status(sources: Sequence[FollowedSource], committer: Committer) -> None:
    """Note every second in the store how each source is, and every half minute in the log."""
    log = structlog.get_logger()
    noted = 0.0
    clock = asyncio.get_running_loop().time
    while True:
        says = clock() - noted >= _REPORT_SECONDS
        noted = clock() if says else noted
        for followed in sources:
            status = followed.watch.status(os.getpid())
            try:
                await committer.put_status(status.source, status.to_json())
            except StoreFullError as error:
                log.warning("status can't be noted", error=error.message)
            if says:
                log.info(
                    "progress",
                    source=status.source,
                    stored=status.stored,
                    lag_seconds=status.lag_seconds,
                    lag_events=status.lag_events,
                    events_per_second=status.events_per_second,
                )
        await asyncio.sleep(_STATUS_SECONDS)


def _stop_when_told(told_to_stop: asyncio.Event, ends_with_parent: bool) -> None:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told_to_stop.set)
    if ends_with_parent:
        standard_input = sys.stdin.fileno()

        def read() -> None:
            if not os.read(standard_input, 4096):
                loop.remove_reader(standard_input)
                told_to_stop.set()

        loop.add_reader(standard_input, read)
