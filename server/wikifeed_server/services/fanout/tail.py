"""The end of the log in memory: read once, for all lanes of a process."""

import asyncio
from collections import deque
from collections.abc import Sequence

from wikifeed_server.store import EventType, LogHeader, LogSlice, Reader

_KEPT_BYTES = 8 << 20  # a few seconds of a very busy log
_SLICE_CHANGES, _SLICE_BYTES = 1000, 256 << 10
_WAIT_SECONDS = 3600.0


class Signal:
    """Wakes all who wait, any number of times."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        """Wait for the next call of `wake`."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    def wake(self) -> None:
        """Let all go who wait."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


class Tail:
    """What the log got since `start`, as far back as memory allows."""

    def __init__(self, reader: Reader, start: int) -> None:
        self.newest = start
        self.grown = Signal()
        self.hiding = 0
        self._reader = reader
        self._floor = start
        self._slices: deque[LogSlice] = deque()
        self._bytes = 0

    async def follow(self) -> None:
        """Read the log as it grows, without end. Raises StoreError and OffsetExpiredError."""
        while True:
            await self._reader.wait(self.newest, _WAIT_SECONDS)
            part = await self._reader.read_slice(self.newest, _SLICE_CHANGES, _SLICE_BYTES)
            if part.through_offset > self.newest:
                self._append(part)
                self.grown.wake()

    def after(self, offset: int) -> tuple[list[LogHeader], list[bytes]] | None:
        """All changes after an offset; None where not all of them are kept."""
        if offset < self._floor:
            return None
        headers: list[LogHeader] = []
        frames: list[bytes] = []
        for part in reversed(self._slices):
            if part.through_offset <= offset:
                break
            skipped = sum(header.offset <= offset for header in part.headers) if part.headers[0].offset <= offset else 0
            headers[:0] = part.headers[skipped:]
            frames[:0] = part.frames[skipped:]
        return headers, frames

    def _append(self, part: LogSlice) -> None:
        if _last_hiding(part.headers):
            # What a change hides is gone from the store, and must be from here: who is behind asks the store again.
            self.hiding = _last_hiding(part.headers)
            self._slices.clear()
            self._bytes = 0
            self._floor = self.hiding - 1
            behind = sum(header.offset < self.hiding for header in part.headers)
            part = LogSlice(part.headers[behind:], part.frames[behind:], part.through_offset)
        self._slices.append(part)
        self._bytes += sum(map(len, part.frames))
        self.newest = part.through_offset
        while self._bytes > _KEPT_BYTES and len(self._slices) > 1:
            oldest = self._slices.popleft()
            self._bytes -= sum(map(len, oldest.frames))
            self._floor = oldest.through_offset


def _last_hiding(headers: Sequence[LogHeader]) -> int:
    """The offset of the last change that may have hidden something; 0 where there is none."""
    return max((h.offset for h in headers if h.event_type == EventType.VISIBILITY_CHANGE), default=0)
