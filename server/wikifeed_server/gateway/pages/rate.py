"""How many changes came in each of the last 60 minutes, from where the minutes begin in the log."""

import asyncio
from dataclasses import dataclass

from wikifeed_server.store import LogInfo, Reader

MINUTES = 60
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Changes by minute, the oldest first; None where the log no longer keeps all of the minute.

    `began` is when the first minute began, in microseconds since 1970. The last minute is not over.
    """

    began: int
    counts: tuple[int | None, ...]


class Rates:
    """Looks minutes up by binary search, and each but the last ones once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._borders: dict[int, int] = {}

    async def rate(self, now: int) -> Rate:
        """The rate of the hour that ends with the minute in which `now` is."""
        began = now - now % _MINUTE - (MINUTES - 1) * _MINUTE
        info = await self._reader.log_info()
        minutes = [began + index * _MINUTE for index in range(MINUTES)]
        borders = [await self._border(minute, info) for minute in minutes]
        self._borders = {minute: offset for minute, offset in self._borders.items() if minute >= began}
        ends = [*borders[1:], info.newest_offset + 1]
        return Rate(
            began,
            tuple(
                None if start is None or end is None else max(end - start, 0)
                for start, end in zip(borders, ends, strict=True)
            ),
        )

    async def _border(self, minute: int, info: LogInfo) -> int | None:
        """The first offset at a minute's begin or later; None where that has been dropped."""
        known = self._borders.get(minute)
        if known is not None:
            return known
        if info.oldest_offset > 1 and minute <= info.oldest_time:
            return None
        if minute > info.newest_time:
            return info.newest_offset + 1
        await asyncio.sleep(0)  # a search takes some tens of microseconds: other calls may come between two
        # Nothing will be published before what the log has already, so this holds for ever.
        self._borders[minute] = await self._reader.offset_at(minute)
        return self._borders[minute]
