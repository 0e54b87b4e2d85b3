"""Ending streams whose clients take nothing.

One look at all streams every so often, in place of a timer around each write, which would cost more than the write.
"""

import asyncio
import time
from contextlib import suppress

_LOOKS = 4  # a stalled stream is ended at most a quarter of the bound too late


class Writing:
    """A stream: since when (time.monotonic()) it waits for its client to take a message; 0 while it does not."""

    __slots__ = ("since", "stalled", "task")

    def __init__(self, task: "asyncio.Task[object]") -> None:
        self.task = task
        self.since = 0.0
        self.stalled = False


class StallWatch:
    """Cancels the task of a stream that waits for longer than `bound_seconds`, with `stalled` set."""

    def __init__(self, bound_seconds: float) -> None:
        self._bound_seconds = bound_seconds
        self._streams: set[Writing] = set()
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> Writing:
        """Watch the stream that the current task answers, until `end`."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a stream is answered by a task")
        stream = Writing(task)
        self._streams.add(stream)
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return stream

    def end(self, stream: Writing) -> None:
        """Stop watching a stream."""
        self._streams.discard(stream)

    async def close(self) -> None:
        """Stop watching."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
            self._watching = None

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._bound_seconds / _LOOKS)
            latest = time.monotonic() - self._bound_seconds
            for stream in [each for each in self._streams if each.since and each.since < latest]:
                stream.stalled = True
                stream.task.cancel()
                self._streams.discard(stream)
