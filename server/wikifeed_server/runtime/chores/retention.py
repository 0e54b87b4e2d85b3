"""Dropping what the log need not keep."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from wikifeed_server.runtime.chores.turns import take_turns
from wikifeed_server.runtime.config import RetentionSettings
from wikifeed_server.store.embedded.retention import Dropped, LogRetention


class RetentionChore:
    """Applies the bounds on the log's age and size."""

    def __init__(self, folder: Path, settings: RetentionSettings, now: Callable[[], float]) -> None:
        self._folder = folder
        self._settings = settings
        self._now = now
        self._retention: LogRetention | None = None

    async def run(self) -> None:
        """Apply them every so often, without end."""
        await take_turns("retention", self.turn, lambda: self._settings.every_seconds)

    async def turn(self) -> None:
        """Apply them once. Raises StoreError."""
        stopping = threading.Event()
        applying = asyncio.ensure_future(asyncio.to_thread(self._apply, stopping))
        try:
            dropped = await asyncio.shield(applying)
        except asyncio.CancelledError:
            stopping.set()
            if self._retention is not None:
                self._retention.stop()
            await asyncio.wait((applying,))
            raise
        if dropped.changes:
            structlog.get_logger().info(
                "dropped", changes=dropped.changes, bytes=dropped.bytes, oldest_offset=dropped.oldest_offset
            )

    def _apply(self, stopping: threading.Event) -> Dropped:
        settings = self._settings
        microseconds = round(self._now() * 1e6)
        with LogRetention.open(self._folder) as self._retention:
            if stopping.is_set():
                self._retention.stop()
            return self._retention.apply(
                microseconds, settings.age_seconds, settings.size_bytes, settings.compact == "yes"
            )
