"""The tables, and how a connection to them is opened.

Promise: what a commit acknowledged survives kill -9 and power loss. The argument:

- The database is in WAL mode with synchronous=FULL: a commit appends its pages to `wikifeed.db-wal` and flushes that
  file before it returns. After a crash SQLite takes from it every transaction whose commit record and checksums are
  whole, and nothing of others (sqlite.org/wal.html, "Durability"; on macOS fullfsync makes the flush reach the disk).
- A checkpoint flushes the log before it writes into `wikifeed.db`, and flushes that before the log may be reused.
- The entry of `wikifeed.db` in its folder, and of the folder in its parent, are flushed when they are created; SQLite
  does the same for the log file.
- All that one `put` stores is in one such commit, so no reader and no crash ever shows a part of it.

Times are microseconds since 1970. `until` is OPEN while a redirect leads where it does. `version.newest` is 0 for an
event that told of a revision other than the page's newest, so that it is in the log but not the page's state.
"""

import sqlite3
from pathlib import Path

from wikifeed_server.errors import StoreCorruptError, StoreMissingError, StoreTooNewError
from wikifeed_server.store.blobs import make_folders, sync_folder

DATABASE = "wikifeed.db"
APPLICATION_ID = 0x57494B46  # "WIKF": tells a store from other SQLite files
SCHEMA_VERSION = 1
INT64_MAX = 2**63 - 1
OPEN = INT64_MAX

_TABLES = """
CREATE TABLE project (id INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, language TEXT NOT NULL,
    info BLOB NOT NULL);
CREATE TABLE checkpoint (source TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE title (project INTEGER NOT NULL, title TEXT NOT NULL, page_id INTEGER NOT NULL,
    PRIMARY KEY (project, title)) WITHOUT ROWID;
CREATE TABLE page (project INTEGER NOT NULL, page_id INTEGER NOT NULL, offset INTEGER NOT NULL, state INTEGER NOT NULL,
    namespace INTEGER NOT NULL, modified INTEGER NOT NULL, latest_modified INTEGER NOT NULL,
    latest_revision INTEGER NOT NULL, title TEXT NOT NULL, redirect_target TEXT NOT NULL,
    PRIMARY KEY (project, page_id)) WITHOUT ROWID;
CREATE TABLE redirect (project INTEGER NOT NULL, target TEXT NOT NULL, page_id INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, entry BLOB NOT NULL,
    PRIMARY KEY (project, target, page_id, since)) WITHOUT ROWID;
CREATE TABLE version (project INTEGER NOT NULL, page_id INTEGER NOT NULL, revision_id INTEGER NOT NULL,
    offset INTEGER NOT NULL, newest INTEGER NOT NULL, state INTEGER NOT NULL, namespace INTEGER NOT NULL,
    PRIMARY KEY (project, page_id, revision_id, offset)) WITHOUT ROWID;
CREATE TABLE log (offset INTEGER PRIMARY KEY, published INTEGER NOT NULL, project INTEGER NOT NULL,
    namespace INTEGER NOT NULL, event_type INTEGER NOT NULL, page_id INTEGER NOT NULL, page_hash INTEGER NOT NULL
    );
CREATE TABLE frame (offset INTEGER PRIMARY KEY, head_start INTEGER NOT NULL, modified INTEGER NOT NULL,
    title TEXT NOT NULL, redirect_target TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE body (offset INTEGER PRIMARY KEY, structured BLOB, wikitext BLOB, html BLOB);
"""

# 8 KiB holds two frames of 3 KB, or a body of 20 KB as compressed, without overflow pages.
_PAGE_BYTES = 8192
# A checkpoint is worth its flushes once it has 32 MB to write; more would make lookups in the log dearer.
_CHECKPOINT_PAGES = 4096
# Appending needs little: a larger cache only grows the importer, at no gain measured.
_WRITER_CACHE_KIB = 4096
# The inner pages of all tables of ten million articles.
_READER_CACHE_KIB = 16384
BUSY_SECONDS = 10.0


def prepare_folder(folder: Path, *, create: bool) -> None:
    """Make the folder or, without `create`, see that a store is there. Raises StoreMissingError, OSError."""
    if create:
        make_folders(folder)
    else:
        _require(folder / DATABASE)


def connect_writer(folder: Path) -> sqlite3.Connection:
    """A connection that may write; the store is made when there is none.

    Raises StoreTooNewError, StoreCorruptError, sqlite3.Error.
    """
    path = folder / DATABASE
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_up_writer(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(folder: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises StoreMissingError and what `connect_writer` raises."""
    path = folder / DATABASE
    _require(path)
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        if not _is_store(connection, path):
            raise _missing(path)
        connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up_writer(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    made = not _is_store(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    if made:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION_ID};"
            f" PRAGMA user_version = {SCHEMA_VERSION}; COMMIT"
        )
        sync_folder(path.parent)


def _is_store(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the database has our tables; False when it is empty, as after a crash while it was made."""
    # One statement, so that all three are of the same moment: the first writer may be making the tables right then.
    version, application, has_tables = connection.execute(
        "SELECT v.user_version, a.application_id, EXISTS (SELECT 1 FROM sqlite_schema)"
        " FROM pragma_user_version v, pragma_application_id a"
    ).fetchone()
    if application != APPLICATION_ID:
        if has_tables:
            raise StoreCorruptError(f"{path} is a database of another program; name another folder for the store")
        return False
    if version > SCHEMA_VERSION:
        raise StoreTooNewError(
            f"{path} has version {version} of the store's format, and this Wikifeed knows up to {SCHEMA_VERSION}: "
            "update Wikifeed",
            {"store_version": str(version), "known_version": str(SCHEMA_VERSION)},
        )
    return True


def _require(path: Path) -> None:
    if not path.is_file():
        raise _missing(path)


def _missing(path: Path) -> StoreMissingError:
    return StoreMissingError(f"there is no store in {path.parent}: load one with `wikifeed import FILE` first")
