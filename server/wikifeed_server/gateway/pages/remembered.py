"""Answers that several viewers share for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Remembered(Generic[Answer]):
    """What `ask` answers, asked again once the answer is `seconds` old. Who comes while it is asked waits for that."""

    def __init__(
        self, ask: Callable[[], Awaitable[Answer]], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known: tuple[float, Answer] | None = None

    async def get(self) -> Answer:
        """The answer. Raises what `ask` does, and then nothing is remembered."""
        async with self._asking:
            if self._known is None or self._clock() - self._known[0] >= self._seconds:
                self._known = (self._clock(), await self._ask())
            return self._known[1]
