"""What SQLite's errors mean for a store."""

import errno
import shutil
import sqlite3
from pathlib import Path

from wikifeed_server.errors import StoreCorruptError, StoreError
from wikifeed_server.store.blobs import disk_full
from wikifeed_server.store.embedded.schema import DATABASE

# The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
_PRIMARY = 0xFF
# Below this much free space a failed write is put down to a full disk whatever the file system called it.
_SCARCE_BYTES = 4 << 20


def store_error(folder: Path, error: sqlite3.Error, database: str = DATABASE) -> StoreError:
    """The error of the tree that says what happened to the store in `folder`, and what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    path = folder / database
    if code == sqlite3.SQLITE_FULL:
        return disk_full(folder)
    if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(folder).free < _SCARCE_BYTES:
        return disk_full(folder)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return corrupt(path, str(error))
    if code == sqlite3.SQLITE_BUSY:
        # A lock that passes, unlike that of another writer: clients try again by themselves.
        return StoreError(f"{path} is locked by another program: close what has it open, or try again")
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(
        f"{path} can't be used: {error} ({name}); everything acknowledged is kept: check the disk, its quota, file "
        "size limits and permissions, and try again"
    )


def folder_error(folder: Path, error: OSError) -> StoreError:
    """The error for a folder that can't be made or written to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    return StoreError(
        f"{folder} can't be written to: {error.strerror or error}; check the path and its permissions, or name another "
        "folder for the store"
    )


def corrupt(path: Path, detail: str) -> StoreCorruptError:
    """The error that says that `path` is damaged."""
    return StoreCorruptError(
        f"{path} is damaged: {detail}; see how far with `sqlite3 {path} 'PRAGMA integrity_check'`, then restore a copy "
        "or import anew into an empty folder"
    )
