"""The batches of one selection, made once for all its subscribers."""

import asyncio
import time
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from wikifeed_server.services.fanout.selection import (
    LIVE_BYTES,
    Changes,
    Selection,
    passes,
    picked,
    read_changes,
    response,
)
from wikifeed_server.services.fanout.tail import Signal, Tail
from wikifeed_server.store import Reader

_KEPT_BYTES = 512 << 10
_KEPT_BATCHES = 1024
# Without a wish of the client's: changes that come sooner than this after the last batch wait that long, for each batch
# costs every subscriber a write of its own.
_LOADED_SECONDS = 0.005


class FellBehindError(Exception):
    """The lane no longer keeps what comes next at a place: it has to be read from the log."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A serialized StreamChangesResponse. `first_offset` is that of its first change; without any, that behind it.

    A lane hands the same batch to all its subscribers: `forms` is for those who send other bytes than `data`, to keep
    what they made of it for the next who asks for the same.
    """

    data: bytes
    first_offset: int
    through_offset: int
    changes_count: int
    forms: dict[Hashable, bytes] = field(default_factory=dict, compare=False)


class Lane:
    """Makes and keeps batches from the offset `start` on. A place in it counts batches from the lane's beginning."""

    def __init__(self, tail: Tail, reader: Reader, selection: Selection, start: int, heartbeat_seconds: float) -> None:
        self.subscribers = 0
        self.through = start  # every change up to here that passes is in a batch
        self.failure: BaseException | None = None
        self._tail = tail
        self._reader = reader
        self._selection = selection
        self._passes = passes(selection.filter_)
        self._heartbeat_seconds = heartbeat_seconds
        self._batches: deque[Batch] = deque()
        self._first = 0  # the place of the oldest batch kept
        self._floor = start  # through which offset the batch before it went
        self._bytes = 0
        self._hiding = tail.hiding
        self._made = Signal()
        self._moved = Signal()

    async def take(self, place: int) -> Batch:
        """The batch at a place, once it is made.

        Raises FellBehindError, and what ended the lane.
        """
        while True:
            if place < self._first:
                raise FellBehindError
            if place < self._end:
                return self._batches[place - self._first]
            if self.failure is not None:
                raise self.failure
            await self._made.wait()

    async def reached(self, offset: int) -> None:
        """Wait until `through` is not before an offset."""
        while self.through < offset and self.failure is None:
            await self._moved.wait()

    def place_after(self, offset: int) -> int | None:
        """The place from which a subscriber goes on who has everything up to `offset`, at most `through`.

        None where there is none: the offset is before what is kept, or within a batch.
        """
        if offset < self._floor:
            return None
        place = self._first
        for batch in self._batches:
            if offset < batch.first_offset:
                return place
            if offset < batch.through_offset and batch.changes_count:
                return None
            place += 1
        return place

    def end_of_batch_at(self, offset: int) -> int:
        """Where the batch ends that an offset is within; 0 where it is before what is kept."""
        if offset < self._floor:
            return 0
        return next((batch.through_offset for batch in self._batches if offset < batch.through_offset), 0)

    async def run(self) -> None:
        """Make batches without end. Raises StoreError."""
        made_at = time.monotonic() - _LOADED_SECONDS
        while True:
            if self._tail.newest <= self.through:
                await self._growth_or_heartbeat(made_at)
            await self._linger(made_at)
            self._forget_what_is_hidden()
            end = self._end
            await self._make()
            now = time.monotonic()
            if self._end == end and now >= made_at + self._heartbeat_seconds:
                self._append(Batch(response((), self.through), self.through + 1, self.through, 0))
            if self._end > end:
                made_at = now
                self._made.wake()
            self._moved.wake()

    def fail(self, failure: BaseException) -> None:
        """End the lane: whoever takes what is not made gets the failure."""
        self.failure = failure
        self._made.wake()
        self._moved.wake()

    @property
    def _end(self) -> int:
        """The place of the next batch."""
        return self._first + len(self._batches)

    async def _growth_or_heartbeat(self, made_at: float) -> None:
        rest = made_at + self._heartbeat_seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(rest, 0)):
                while self._tail.newest <= self.through:
                    await self._tail.grown.wait()
        except TimeoutError:
            return

    async def _linger(self, made_at: float) -> None:
        """Give more changes the time to come that the selection asks for."""
        delay = self._selection.delay_seconds
        if self._tail.newest <= self.through:
            return
        if delay is None:
            rest = made_at + _LOADED_SECONDS - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            return
        if delay == 0:
            return
        full = self.through + self._selection.batch_size
        try:
            async with asyncio.timeout(delay):
                while self._tail.newest < full:
                    await self._tail.grown.wait()
        except TimeoutError:
            return

    async def _make(self) -> None:
        """Batches of all that the tail has beyond `through`."""
        newest = self._tail.newest
        while self.through < newest:
            changes = self._pick() if self._selection.plan is None else None
            if changes is None:
                await self._make_from_store(newest)
            else:
                self._cut(changes)

    def _pick(self) -> list[tuple[int, bytes]] | None:
        """The frames that pass with their offsets; None where the tail no longer has them."""
        found = self._tail.after(self.through)
        if found is None:
            return None
        return [(header.offset, frame) for header, frame in picked(*found, self._passes)]

    def _cut(self, changes: list[tuple[int, bytes]]) -> None:
        newest = self._tail.newest
        frames: list[bytes] = []
        first = size = last = 0
        for offset, frame in changes:
            if frames and (len(frames) == self._selection.batch_size or size + len(frame) > LIVE_BYTES):
                self._append(Batch(response(frames, last), first, last, len(frames)))
                frames, size = [], 0
            if not frames:
                first = offset
            frames.append(frame)
            size += len(frame)
            last = offset
        if frames:
            self._append(Batch(response(frames, newest), first, newest, len(frames)))
        self.through = newest

    async def _make_from_store(self, newest: int) -> None:
        """One batch by reading the store: articles with bodies, or what the tail no longer has."""
        after = self.through
        frames, through = await self._read(after, newest)
        if frames:
            # Which of the offsets the first change has is not looked for: the batch counts as beginning at once.
            self._append(Batch(response(frames, through), after + 1, through, len(frames)))
        self.through = through

    async def _read(self, after: int, newest: int) -> Changes:
        found = self._tail.after(after)
        if found is not None and not picked(*found, self._passes):
            return Changes([], newest)
        return await read_changes(self._reader, after, self._selection, limit_bytes=LIVE_BYTES)

    def _forget_what_is_hidden(self) -> None:
        if self._tail.hiding > self._hiding:
            self._hiding = self._tail.hiding
            self._first = self._end
            self._batches.clear()
            self._bytes = 0
            self._floor = self.through

    def _append(self, batch: Batch) -> None:
        self._batches.append(batch)
        self._bytes += len(batch.data)
        while self._bytes > _KEPT_BYTES or len(self._batches) > _KEPT_BATCHES:
            if len(self._batches) == 1:
                return
            oldest = self._batches.popleft()
            self._bytes -= len(oldest.data)
            self._floor = oldest.through_offset
            self._first += 1
