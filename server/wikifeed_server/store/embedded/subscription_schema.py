"""The tables of `subscriptions.db`, and how a connection to them is opened. Why a commit survives: see `schema`."""

import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wikifeed_server.errors import StoreTooNewError
from wikifeed_server.store import SLOTS
from wikifeed_server.store.blobs import sync_folder
from wikifeed_server.store.embedded.faults import folder_error
from wikifeed_server.store.embedded.schema import BUSY_SECONDS

SUBSCRIPTIONS = "subscriptions.db"
_VERSION = 1
# Columns by slot are numbers of 64 bits, side by side.
_TABLES = """
CREATE TABLE process (id INTEGER PRIMARY KEY AUTOINCREMENT, shown INTEGER NOT NULL, lease INTEGER NOT NULL);
CREATE TABLE client (id INTEGER PRIMARY KEY AUTOINCREMENT, subscription INTEGER NOT NULL, process INTEGER NOT NULL);
CREATE INDEX client_of_subscription ON client (subscription);
CREATE INDEX client_of_process ON client (process);
CREATE TABLE subscription (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, filter BLOB NOT NULL,
    created INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
    acknowledged BLOB NOT NULL, holders BLOB NOT NULL, heirs BLOB NOT NULL);
CREATE TABLE change (number INTEGER NOT NULL);
INSERT INTO change VALUES (0);
"""
_BY_SLOT = struct.Struct(f"<{SLOTS}Q")


def pack_slots(values: Sequence[int]) -> bytes:
    """A column by slot."""
    return _BY_SLOT.pack(*values)


def unpack_slots(column: bytes) -> list[int]:
    """The inverse of `pack_slots`."""
    return list(_BY_SLOT.unpack(column))


def connect_subscriptions(folder: Path) -> sqlite3.Connection:
    """A connection to the database in `folder`, which is made when there is none.

    Raises StoreTooNewError, StoreError, sqlite3.Error.
    """
    path = folder / SUBSCRIPTIONS
    with _alone(folder):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from opening the database meanwhile: to turn on its WAL mode, it must not be in use."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise folder_error(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise StoreTooNewError(
            f"{path} has version {version} of its format, and this Wikifeed knows up to {_VERSION}: update Wikifeed",
            {"store_version": str(version), "known_version": str(_VERSION)},
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    if not version:
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT")
        sync_folder(path.parent)
