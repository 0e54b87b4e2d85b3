"""The tables, and how a connection to them is opened.

Promise: what a commit acknowledged survives kill -9 and power loss. The argument:

- The database is in WAL mode with synchronous=FULL: a commit appends its pages to `wikifeed.db-wal` and flushes that
  file before it returns. After a crash SQLite takes from it every transaction whose commit record and checksums are
  whole, and nothing of others (sqlite.org/wal.html, "Durability"; on macOS fullfsync makes the flush reach the disk).
- A checkpoint flushes the log before it writes into `wikifeed.db`, and flushes that before the log may be reused.
- The entry of `wikifeed.db` in its folder, and of the folder in its parent, are flushed when they are created; SQLite
  does the same for the log file.
- All that one `put` stores is in one such commit, so no reader and no crash ever shows a part of it.

Times are microseconds since 1970. `until` is OPEN while a redirect leads where it does. `version.newest` is 0 for what
is in the log but was not the page's state; `version.edit` is 1 where an edit or creation brought the revision, 0 where
another event told of it. `hidden.parts` is what the public may not see of a revision, `redaction.generation` counts how
often something was taken out of versions.

`log.size_through` is how many bytes the frames and bodies of all entries through this one took when they were appended,
those dropped since included. `retention` has one row: the offset from which on every change is kept, the `size_through`
of the entry before it, and whether readers may see what is kept of the log before it. Of a version whose `state` is
FORGOTTEN no more is kept than that there was one. See `retention`.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from wikifeed_server.errors import StoreCorruptError, StoreMissingError, StoreTooNewError
from wikifeed_server.store.blobs import make_folders, sync_folder

DATABASE = "wikifeed.db"
APPLICATION_ID = 0x57494B46  # "WIKF": tells a store from other SQLite files
SCHEMA_VERSION = 3
INT64_MAX = 2**63 - 1
OPEN = INT64_MAX
FORGOTTEN = 0

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
    edit INTEGER NOT NULL, PRIMARY KEY (project, page_id, revision_id, offset)) WITHOUT ROWID;
CREATE TABLE log (offset INTEGER PRIMARY KEY, published INTEGER NOT NULL, project INTEGER NOT NULL,
    namespace INTEGER NOT NULL, event_type INTEGER NOT NULL, page_id INTEGER NOT NULL, page_hash INTEGER NOT NULL,
    size_through INTEGER NOT NULL);
CREATE TABLE frame (offset INTEGER PRIMARY KEY, head_start INTEGER NOT NULL, modified INTEGER NOT NULL,
    title TEXT NOT NULL, redirect_target TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE body (offset INTEGER PRIMARY KEY, structured BLOB, wikitext BLOB, html BLOB);
"""
_LIVE_TABLES = """
CREATE TABLE event_key (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE hidden (project INTEGER NOT NULL, page_id INTEGER NOT NULL, revision_id INTEGER NOT NULL,
    parts INTEGER NOT NULL, PRIMARY KEY (project, page_id, revision_id)) WITHOUT ROWID;
CREATE TABLE redaction (generation INTEGER NOT NULL);
INSERT INTO redaction VALUES (0);
CREATE TABLE status (source TEXT PRIMARY KEY, status BLOB NOT NULL) WITHOUT ROWID;
"""
# The index finds what is forgotten longest, and has nothing else in it.
_RETENTION_TABLES = f"""
CREATE TABLE retention (oldest_offset INTEGER NOT NULL, size_before INTEGER NOT NULL, compacted INTEGER NOT NULL);
INSERT INTO retention VALUES (1, 0, 0);
CREATE INDEX forgotten ON version (offset) WHERE state = {FORGOTTEN};
"""
# By the version that they take a store from to the next one. What version 1 holds was imported: edits. What version 2
# holds counts no bytes: measuring it would read all frames, and a bound on size drops it first in any case.
_UPGRADES = {
    1: f"ALTER TABLE version ADD COLUMN edit INTEGER NOT NULL DEFAULT 1; {_LIVE_TABLES}",
    2: f"ALTER TABLE log ADD COLUMN size_through INTEGER NOT NULL DEFAULT 0; {_RETENTION_TABLES}",
}

# 8 KiB holds two frames of 3 KB, or a body of 20 KB as compressed, without overflow pages.
_PAGE_BYTES = 8192
# A checkpoint is worth its flushes once it has 32 MB to write; more would make lookups in the log dearer.
_CHECKPOINT_PAGES = 4096
# Appending needs little: a larger cache only grows the importer, at no gain measured.
_WRITER_CACHE_KIB = 4096
# The inner pages of all tables of ten million articles.
_READER_CACHE_KIB = 16384
# Mapped, the log is replayed in half of the time, which is copying. A mapped file must not become shorter under who
# reads it: only VACUUM would do that, which nothing here runs.
_READER_MAPPED_BYTES = 1 << 30
BUSY_SECONDS = 10.0


def prepare_folder(folder: Path, *, create: bool) -> None:
    """Make the folder or, without `create`, see that a store is there. Raises StoreMissingError, OSError."""
    if create:
        make_folders(folder)
    else:
        _require(folder / DATABASE)


def connect_writer(folder: Path) -> sqlite3.Connection:
    """A connection that may write; the store is made when there is none, and brought to this version when it is older.

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
    connection = _connect_read_only(folder)
    connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    connection.execute(f"PRAGMA mmap_size = {_READER_MAPPED_BYTES}")
    return connection


def connect_beside(folder: Path) -> sqlite3.Connection:
    """A connection that may write beside the writer, to a store of this version.

    Its commits are not flushed by themselves, which keeps the writer waiting for less long: the writer's next commit
    flushes them with its own, since both append to one file. A power loss before that undoes them, and breaks nothing.

    Raises StoreMissingError and what `connect_writer` raises.
    """
    path = folder / DATABASE
    address = f"{path.absolute().as_uri()}?mode=rw"
    _require(path)
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        require_known(connection, folder)
        _set_pragmas(connection, "NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def require_known(connection: sqlite3.Connection, folder: Path) -> None:
    """See that the store is of a version that this Wikifeed knows. Raises StoreTooNewError, StoreCorruptError."""
    _version(connection, folder / DATABASE)


def is_outdated(folder: Path) -> bool:
    """Whether a writer has to bring the store to this version before it can be read. Raises as `connect_reader`."""
    with closing(_connect_read_only(folder)) as connection:
        return _version(connection, folder / DATABASE) < SCHEMA_VERSION


def _connect_read_only(folder: Path) -> sqlite3.Connection:
    path = folder / DATABASE
    _require(path)
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        if not _version(connection, path):
            raise _missing(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up_writer(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    version = _version(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    _set_pragmas(connection, "FULL")
    if not version:
        _change(connection, f"{_TABLES} {_LIVE_TABLES} {_RETENTION_TABLES} PRAGMA application_id = {APPLICATION_ID};")
        sync_folder(path.parent)
    elif version < SCHEMA_VERSION:
        _change(connection, "".join(_UPGRADES[step] for step in range(version, SCHEMA_VERSION)))


def _set_pragmas(connection: sqlite3.Connection, synchronous: str) -> None:
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")


def _change(connection: sqlite3.Connection, script: str) -> None:
    """Run the script, which makes the store one of this version, as one transaction."""
    try:
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the store's tables; 0 when the database is empty, as after a crash while it was made."""
    # One statement, so that all three are of the same moment: the first writer may be making the tables right then.
    version, application, has_tables = connection.execute(
        "SELECT v.user_version, a.application_id, EXISTS (SELECT 1 FROM sqlite_schema)"
        " FROM pragma_user_version v, pragma_application_id a"
    ).fetchone()
    if application != APPLICATION_ID:
        if has_tables:
            raise StoreCorruptError(f"{path} is a database of another program; name another folder for the store")
        return 0
    if version > SCHEMA_VERSION:
        raise StoreTooNewError(
            f"{path} has version {version} of the store's format, and this Wikifeed knows up to {SCHEMA_VERSION}: "
            "update Wikifeed",
            {"store_version": str(version), "known_version": str(SCHEMA_VERSION)},
        )
    return int(version)


def _require(path: Path) -> None:
    if not path.is_file():
        raise _missing(path)


def _missing(path: Path) -> StoreMissingError:
    return StoreMissingError(f"there is no store in {path.parent}: load one with `wikifeed import FILE` first")
