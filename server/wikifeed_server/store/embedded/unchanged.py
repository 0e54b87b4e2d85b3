"""Tells whether the database is as it was, without asking SQLite, which locks for each question.

A file of eight bytes beside the database counts: the writer makes the number odd before each commit and even behind it,
so an even number that is as it was means that nothing was committed since, and a writer that dies in between leaves an
odd one, which tells nothing.

It is a file of its own, not SQLite's `-shm`, whose head would tell as much: closing any file descriptor of a file drops
all locks that the process has on it (POSIX, fcntl), those of SQLite's connections included, and the next process that
opens the database would then cut the `-shm` short under those that have it mapped.
"""

import mmap
import os
from contextlib import suppress
from pathlib import Path

COUNTER = "wikifeed.commits"
_BYTES = 8


class CommitMark:
    """A reader's look at the number."""

    def __init__(self, folder: Path) -> None:
        self._number: mmap.mmap | None = None
        # Where there is no such file (a store copied without it), nothing can be told.
        with suppress(OSError, ValueError), (folder / COUNTER).open("rb") as file:
            self._number = mmap.mmap(file.fileno(), _BYTES, access=mmap.ACCESS_READ)

    def read(self) -> bytes:
        """A value that differs once anything was committed; empty where it can't be told."""
        if self._number is None:
            return b""
        number = self._number[:]
        return b"" if number[0] & 1 else number

    def close(self) -> None:
        """Let go of the file."""
        if self._number is not None:
            self._number.close()
            self._number = None


class CommitCounter:
    """The writer's hand on the number. A context around each commit."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        descriptor = os.open(folder / COUNTER, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if os.fstat(descriptor).st_size < _BYTES:
                # Written, not just lengthened: where the disk is full, that is an error here, not a signal later.
                os.pwrite(descriptor, bytes(_BYTES), 0)
            self._file = mmap.mmap(descriptor, _BYTES)
        finally:
            os.close(descriptor)
        # A writer that was killed may have left an odd number.
        self._set(self._get() + 1 | 1)
        self._set(self._get() + 1)

    def __enter__(self) -> None:
        self._set(self._get() + 1)

    def __exit__(self, *_: object) -> None:
        self._set(self._get() + 1)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _get(self) -> int:
        return int.from_bytes(self._file[:], "little")

    def _set(self, number: int) -> None:
        self._file[:] = (number % (1 << 64)).to_bytes(_BYTES, "little")
