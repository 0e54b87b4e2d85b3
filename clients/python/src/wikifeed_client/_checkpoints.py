"""Where a stream remembers how far its caller is.

A stream saves an offset when the caller asks for what follows, that is once the caller is done with what came before.
A program that dies between the two gets that again: *at least once*. It is *exactly once* where the caller writes over
the connection of a SqliteCheckpoint and leaves the commit to it: data and offset are then one transaction.
"""

import os
import sqlite3
from pathlib import Path
from typing import Protocol


class CheckpointStore(Protocol):
    """What a stream needs of a place to remember an offset in. Write your own with these two methods."""

    def load(self) -> int | None:
        """The offset saved last; None when none was."""
        ...

    def save(self, offset: int) -> None:
        """Remember the offset, durably when this returns."""
        ...


class FileCheckpoint:
    """An offset in a file of its own, which is replaced in one step: a crash leaves the old one or the next."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def load(self) -> int | None:
        """The offset saved last; None when there is no file. Raises ValueError when the file holds no offset."""
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return None
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{self._path} holds no offset: {text[:40]!r}") from None

    def save(self, offset: int) -> None:
        """Replace the file."""
        fresh = self._path.with_name(f"{self._path.name}.tmp")
        with fresh.open("w", encoding="ascii") as file:
            file.write(f"{offset}\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        sync_folder(self._path.parent)


class SqliteCheckpoint:
    """An offset in a table of the caller's database, under a name."""

    def __init__(self, connection: sqlite3.Connection, name: str = "default") -> None:
        self._connection = connection
        self._name = name
        connection.execute(
            "CREATE TABLE IF NOT EXISTS wikifeed_checkpoint (name TEXT PRIMARY KEY, offset INTEGER NOT NULL)"
        )

    def load(self) -> int | None:
        """The offset saved last; None when none was."""
        row = self._connection.execute(
            "SELECT offset FROM wikifeed_checkpoint WHERE name = ?", (self._name,)
        ).fetchone()
        return None if row is None else int(row[0])

    def put(self, offset: int) -> None:
        """Write the offset into the transaction that is open, and leave the commit to the caller."""
        self._connection.execute(
            "INSERT INTO wikifeed_checkpoint VALUES (?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset",
            (self._name, offset),
        )

    def save(self, offset: int) -> None:
        """Write the offset and commit, with it all that the caller wrote over the connection and did not commit."""
        self.put(offset)
        self._connection.commit()


def sync_folder(folder: Path) -> None:
    """Have the disk know the names in a folder: a file that was renamed is then under its name after a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
