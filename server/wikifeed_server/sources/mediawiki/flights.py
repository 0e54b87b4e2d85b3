"""Identical requests made at once are made once."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[Any]
    waiting: int = 0


class Flights:
    """Requests by name that can still be joined: those that are not sent yet."""

    def __init__(self) -> None:
        self._boarding: dict[str, _Flight] = {}

    async def join(self, name: str, start: Callable[[Callable[[], None]], Coroutine[Any, Any, Any]]) -> Any:
        """The result of the request of that name, begun by `start` unless one can be joined.

        `start` gets what it must call when it sends. The request is cancelled when all who wait for it are.
        """
        flight = self._boarding.get(name)
        if flight is None:
            flight = _Flight(asyncio.create_task(start(lambda: self._depart(name, flight))))
            self._boarding[name] = flight
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._depart(name, flight)
                if not flight.task.done():
                    flight.task.cancel()

    def _depart(self, name: str, flight: _Flight | None) -> None:
        if self._boarding.get(name) is flight:
            del self._boarding[name]
