"""Making hourly batches, each once, and dropping old ones."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.batches.hours import hour_path
from wikifeed_server.runtime.chores.turns import take_turns
from wikifeed_server.runtime.config import BatchSettings
from wikifeed_server.store import Reader
from wikifeed_server.store.embedded import EmbeddedReader

_HOUR_SECONDS = 3600.0
# The clock of the machine may be set meanwhile.
_LONGEST_PAUSE_SECONDS = 60.0
_THREADS = 2


class BatchChore:
    """Makes the batches of all hours that are over, as far back as the log and the settings reach."""

    def __init__(self, folder: Path, settings: BatchSettings, now: Callable[[], float]) -> None:
        self._folder = folder
        self._settings = settings
        self._now = now
        self._library = BatchLibrary(folder)

    async def run(self) -> None:
        """Make them as their time comes, without end."""
        await take_turns("batches", self.turn, self._pause_seconds)

    async def turn(self) -> None:
        """Make what is due, and drop what is too old. Raises StoreError, OSError."""
        # A loop of its own in a thread of its own: compressing an hour takes minutes.
        await asyncio.to_thread(asyncio.run, self._make_all())

    async def _make_all(self) -> None:
        now = round(self._now() * 1e6)
        kept_from = hour_of(now - round(self._settings.keep_seconds * 1e6))
        if dropped := self._library.drop_before(kept_from):
            structlog.get_logger().info("batches dropped", hours=len(dropped), before=hour_path(kept_from))
        async with EmbeddedReader.open(self._folder, 0) as reader:
            for hour in await self._due(reader, now, kept_from):
                await self._make(reader, hour)

    async def _due(self, reader: Reader, now: int, kept_from: int) -> list[int]:
        """Hours that are over, with changes, that were not made."""
        info = await reader.log_info()
        if not info.newest_offset:
            return []
        end = hour_of(now - round(self._settings.grace_seconds * 1e6))
        hour, due = max(kept_from, hour_of(info.oldest_time)), []
        while hour < min(end, info.newest_time + 1):
            first = await reader.offset_at(hour)
            beyond = await reader.offset_at(hour + HOUR_MICROSECONDS)
            if first < beyond and self._library.manifest(hour) is None:
                due.append(hour)
            hour += HOUR_MICROSECONDS
        return due

    async def _make(self, reader: Reader, hour: int) -> None:
        began = time.monotonic()
        manifest = await write_hour(reader, hour, self._library.begin(hour), min(_THREADS, os.cpu_count() or 1))
        self._library.finish(hour)
        log = structlog.get_logger().bind(hour=hour_path(hour))
        if manifest.incomplete:
            log.error("no batches of an hour", why=manifest.incomplete)
            return
        changes = manifest.through_offset - manifest.after_offset
        seconds = round(time.monotonic() - began, 1)
        log.info("batches made", changes=changes, files=len(manifest.batches), seconds=seconds)

    def _pause_seconds(self) -> float:
        """Until the next hour's grace is over."""
        since = (self._now() - self._settings.grace_seconds) % _HOUR_SECONDS
        return min(_HOUR_SECONDS - since, _LONGEST_PAUSE_SECONDS)
