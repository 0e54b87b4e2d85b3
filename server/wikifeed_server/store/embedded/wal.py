"""Keeps SQLite's write-ahead log short."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from wikifeed_server.store.embedded.schema import BUSY_SECONDS, DATABASE

# SQLite goes back to the start of its log only when no reader looks into it at that moment, which among constant
# readers may never be. From this size on a commit waits for those who read (each for milliseconds) and cuts the log.
LONGEST_BYTES = 128 << 20
# A reader of somebody else's may look for long: then this commit goes on, and the next one tries again.
_CUT_SECONDS = 1.0


class WalBound:
    """Cuts the log of one connection's database. To be called after a commit."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._path = folder / f"{DATABASE}-wal"
        self._execute = connection.execute

    def keep(self) -> None:
        """Cut the log if it is too long."""
        if self._path.stat().st_size < LONGEST_BYTES:
            return
        self._execute(f"PRAGMA busy_timeout = {_CUT_SECONDS * 1000:.0f}")
        # What was committed is kept: if the log can't be cut (a full disk, a long reader), a later commit tries again.
        with suppress(sqlite3.OperationalError):
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
