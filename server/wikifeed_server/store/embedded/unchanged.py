"""Tells whether the database is as it was, without asking SQLite, which locks for each question.

The first 96 bytes of the `-shm` file are two copies of the write-ahead log's header (sqlite.org/walformat.html, "The
WAL-Index Header"). Every commit changes it, and it ends with salts and checksums of the log; SQLite itself goes by a
comparison of the header when it decides whether what it keeps of the database still holds. A look while a commit writes
it sees two copies that differ, which no later look sees again.
"""

import mmap
from contextlib import suppress
from pathlib import Path

from wikifeed_server.store.embedded.schema import DATABASE

_HEADER_BYTES = 96


class CommitMark:
    """A look at the header. Its connection must be open, and have read, for as long: that keeps the file in place."""

    def __init__(self, folder: Path) -> None:
        self._header: mmap.mmap | None = None
        # Where there is no such file (a read-only folder), or it is still empty, nothing can be told.
        with suppress(OSError, ValueError), (folder / f"{DATABASE}-shm").open("rb") as file:
            self._header = mmap.mmap(file.fileno(), _HEADER_BYTES, access=mmap.ACCESS_READ)

    def read(self) -> bytes:
        """A value that differs once anything was committed; empty where it can't be told."""
        return b"" if self._header is None else self._header[:]

    def close(self) -> None:
        """Let go of the file."""
        if self._header is not None:
            self._header.close()
            self._header = None
