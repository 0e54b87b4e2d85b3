"""Waiting for whatever comes first of all that a session should look at."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Alarm:
    """Rings when something happened; a session clears it, looks at everything, and waits for it.

    `close` ends the tasks whose end rings it.
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.ring = self._rung.set
        self.clear = self._rung.clear

    def task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something whose end rings."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    async def wait(self, seconds: float) -> None:
        """Until it rings or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()

    async def unless_rung(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of some work; None where it rings first."""
        ends = asyncio.ensure_future(work), asyncio.ensure_future(self._rung.wait())
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return ends[0].result() if ends[0].done() else None
        finally:
            for end in ends:
                end.cancel()

    async def close(self) -> None:
        """End all tasks that are not done."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # who wants the result asks for it; a session that ended does not
        self._rung.set()
