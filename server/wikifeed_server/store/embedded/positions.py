"""Where things are in the log. From `oldest` on offsets have no gaps, which is what makes a binary search of it."""

import sqlite3
from typing import Any, NamedTuple

from wikifeed_server.store import LogInfo

_BOUNDS = "SELECT oldest_offset, compacted, coalesce((SELECT max(offset) FROM log), 0) FROM retention"
_INFO = (
    "SELECT o.offset, n.offset, o.published, n.published, iif(r.compacted, r.oldest_offset - 1, 0)"
    " FROM retention r CROSS JOIN log o ON o.offset = r.oldest_offset"
    " CROSS JOIN log n ON n.offset = (SELECT max(offset) FROM log)"
)


class LogBounds(NamedTuple):
    """From `oldest` to `newest` every change is kept; what is kept before `oldest` may be read if it is `compacted`.

    `oldest` is 1 and `newest` 0 while the log was never written.
    """

    oldest: int
    compacted: bool
    newest: int


class LogPositions:
    """Reads over one connection, in one thread at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def newest(self) -> int:
        """The newest offset; 0 when the log was never written."""
        (newest,) = self._execute("SELECT max(offset) FROM log").fetchone()
        return newest or 0

    def bounds(self) -> LogBounds:
        """What is kept."""
        oldest, compacted, newest = self._execute(_BOUNDS).fetchone()
        return LogBounds(oldest, bool(compacted), newest)

    def info(self) -> LogInfo:
        """Which offsets and times the log holds."""
        row = self._execute(_INFO).fetchone()
        return LogInfo() if row is None else LogInfo(*row)

    def offset_at(self, time: int) -> int:
        """The first kept offset published at `time` or later; the newest offset + 1 when there is none."""
        bounds = self.bounds()
        return self._first("published", time, bounds.oldest, bounds.newest + 1)

    def beyond(self, size_bytes: int) -> int:
        """The least offset behind which the log's frames and bodies, as stored, take at most `size_bytes`."""
        oldest, before, newest = self._execute(
            "SELECT oldest_offset, size_before, coalesce((SELECT max(offset) FROM log), 0) FROM retention"
        ).fetchone()
        if not newest:
            return 0
        (through,) = self._execute("SELECT size_through FROM log WHERE offset = ?", (newest,)).fetchone()
        least: int = through - size_bytes
        return oldest - 1 if before >= least else self._first("size_through", least, oldest, newest)

    def _first(self, column: str, least: int, low: int, high: int) -> int:
        """The first offset from `low` on whose value in an ever growing column is `least` or more; else `high`."""
        statement = f"SELECT {column} FROM log WHERE offset = ?"
        while low < high:
            middle = (low + high) // 2
            row: Any = self._execute(statement, (middle,)).fetchone()
            # An entry that has just been dropped is before all that are kept.
            if row is None or row[0] < least:
                low = middle + 1
            else:
                high = middle
        return low
