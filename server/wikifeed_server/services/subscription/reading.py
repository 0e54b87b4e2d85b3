"""Reads the log for one client: batches of its slots, and past what its filter lets nothing of pass."""

import asyncio
import time
from dataclasses import replace

from wikifeed_server.services.fanout.selection import REPLAY_BYTES, Changes, Selection, read_changes
from wikifeed_server.services.subscription.cursor import Stretch
from wikifeed_server.services.subscription.messages import log_filter
from wikifeed_server.services.subscription.options import SubscriptionOptions, Wishes
from wikifeed_server.services.subscription.waiting import Alarm
from wikifeed_server.store import SLOTS, LogFilter, Parts, Reader


class SlotReader:
    """`at_end` says whether the last read came to the end of the log; `alarm` then rings when it grows."""

    def __init__(self, reader: Reader, wishes: Wishes, options: SubscriptionOptions, alarm: Alarm) -> None:
        self.at_end = False
        self._reader = reader
        self._wishes = wishes
        self._options = options
        self._alarm = alarm
        self._filter = LogFilter()
        self._held_back: tuple[frozenset[int], int] | None = None
        self._growth: asyncio.Task[int] | None = None
        self._delivered_at = 0.0

    def set_filter(self, filter_: bytes) -> None:
        """Read with this filter from now on."""
        self._filter = log_filter(filter_)
        self._held_back = None

    async def next(self, stretch: Stretch, limit: int) -> Changes:
        """The next changes of a stretch, at most `limit`. Raises OffsetExpiredError."""
        self._held_back = None
        selection = Selection(self._for_slots(stretch.slots), self._wishes.plan, limit)
        changes = await read_changes(self._reader, stretch.after, selection, stretch.until)
        self.at_end = changes.through_offset == stretch.after
        if changes.frames:
            if not stretch.until:
                changes = await self._linger(changes, selection)
            self._delivered_at = time.monotonic()
        return changes

    async def pass_over(self, stretch: Stretch) -> int:
        """The offset up to which the stretch has nothing that passes. Raises OffsetExpiredError."""
        if self._held_back == (stretch.slots, stretch.after):
            return stretch.after
        found = await self._reader.read_entries(stretch.after, self._for_slots(stretch.slots), Parts(0), 1, 1)
        through = found.entries[0].offset - 1 if found.entries else found.through_offset
        if stretch.until:
            through = min(through, stretch.until)
        if found.entries:
            self._held_back = (stretch.slots, through)
        self.at_end = through == stretch.after and not found.entries
        return through

    def watch(self, after: int, seconds: float) -> None:
        """Have the alarm rung when the log is longer than `after`. Raises StoreError when the last watch did."""
        if self._growth is not None and self._growth.done():
            self._growth.result()
            self._growth = None
        if self._growth is None:
            self._growth = self._alarm.task(self._reader.wait(after, seconds))

    async def _linger(self, changes: Changes, selection: Selection) -> Changes:
        """The changes and, at the end of the log, those that come before the first has waited as long as it may.

        Whatever else happens ends it.
        """
        frames, through = changes
        delay = self._delay()
        if not delay or await self._reader.wait(through, 0) > through:
            return changes
        deadline = time.monotonic() + delay
        size = sum(map(len, frames))
        while (rest := selection.batch_size - len(frames)) > 0 and size < REPLAY_BYTES:
            wait_seconds = deadline - time.monotonic()
            if wait_seconds <= 0:
                break
            newest = await self._alarm.unless_rung(self._reader.wait(through, wait_seconds))
            if newest is None or newest <= through:
                break
            to_fill = selection._replace(batch_size=rest)
            more, through = await read_changes(self._reader, through, to_fill, limit_bytes=REPLAY_BYTES - size)
            frames += more
            size += sum(map(len, more))
        return Changes(frames, through)

    def _delay(self) -> float:
        """How long the first change of a batch may wait for others, in seconds."""
        if self._wishes.delay_seconds is not None:
            return self._wishes.delay_seconds
        load_delay = self._options.load_delay_seconds
        return load_delay if time.monotonic() - self._delivered_at < load_delay else 0.0

    def _for_slots(self, slots: frozenset[int]) -> LogFilter:
        return self._filter if len(slots) == SLOTS else replace(self._filter, slots=tuple(sorted(slots)))
