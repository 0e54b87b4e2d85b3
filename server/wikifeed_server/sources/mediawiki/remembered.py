"""A bounded memory of what was asked lately."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The values put last, each for at most `seconds`; those that were not asked for longest go first.

    Values whose time is up go when others come, so what is held follows what happens in `seconds`.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What was put under the key, unless that is too long ago."""
        found = self._entries.get(key)
        if found is None:
            return None
        if self._clock() - found[0] > self._seconds:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return found[1]

    def forget(self, key: K) -> None:
        """What was put under the key is known no more."""
        self._entries.pop(key, None)

    def put(self, key: K, value: V) -> None:
        """Remember a value."""
        moment = self._clock()
        self._entries[key] = (moment, value)
        self._entries.move_to_end(key)
        while self._is_first_due(moment):
            self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)

    def _is_first_due(self, moment: float) -> bool:
        put, _ = next(iter(self._entries.values()))
        return len(self._entries) > self._most or (len(self._entries) > 1 and moment - put > self._seconds)
