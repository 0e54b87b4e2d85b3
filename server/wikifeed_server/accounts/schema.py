"""The tables of `accounts.db`, and how a connection to them is opened.

Promise: accounts, keys, plans, passwords and revocations that were acknowledged survive kill -9 and power loss; usage,
wrong passwords and leases survive kill -9. All processes of a store write to the one database, in WAL mode. Commits of
the first kind run with synchronous = FULL and are flushed before they return. Those of the second run with NORMAL: what
a process handed to the kernel outlives the process, and a flush for each group of charges would cost more than the
articles that are charged. A power loss takes back at most what was counted since the last flush.

The file holds the keys that sign tokens, so only its owner may read it (mode 0600; SQLite gives the files beside it the
same mode). Of passwords it holds argon2id hashes; of API keys and refresh tokens, which are random, SHA-256.

`change` numbers what takes something away from credentials that processes remember: by account, or with an empty name
for all. Its oldest rows go; who has not seen them forgets everything.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wikifeed_server.accounts.model import Cadence, Plan, UsageKind
from wikifeed_server.accounts.plans import write_plan
from wikifeed_server.errors import StoreTooNewError
from wikifeed_server.store.blobs import make_folders, sync_folder
from wikifeed_server.store.embedded.faults import folder_error

ACCOUNTS = "accounts.db"
_VERSION = 1
_BUSY_SECONDS = 10.0
_OTHERS = 0o077  # the bits of a file's mode that let others than its owner in

SHIPPED_PLANS = (
    Plan(
        "free",
        "10,000 articles on demand and 15 snapshots a month; no streams",
        monthly={UsageKind.ON_DEMAND: 10_000, UsageKind.SNAPSHOT_DOWNLOAD: 15, UsageKind.CHUNK_DOWNLOAD: 1500},
        realtime=False,
        streams_at_once=0,
        snapshot_cadence=Cadence.MONTHLY,
        creates_snapshots=False,
    ),
    Plan("unlimited", "everything, without limits"),
)
_TABLES = """
CREATE TABLE plan (identifier TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE account (username TEXT PRIMARY KEY COLLATE NOCASE, plan TEXT NOT NULL, created INTEGER NOT NULL,
    password TEXT, disabled INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX account_of_plan ON account (plan);
CREATE TABLE api_key (identifier TEXT PRIMARY KEY, username TEXT NOT NULL COLLATE NOCASE, label TEXT NOT NULL,
    hash BLOB NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, last_used INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX api_key_of_account ON api_key (username);
CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL COLLATE NOCASE,
    refresh_hash BLOB NOT NULL UNIQUE, expires INTEGER NOT NULL);
CREATE INDEX session_of_account ON session (username);
CREATE INDEX session_by_expiry ON session (expires);
CREATE TABLE signing_key (number INTEGER PRIMARY KEY AUTOINCREMENT, kid TEXT NOT NULL UNIQUE, secret BLOB NOT NULL,
    created INTEGER NOT NULL, last_expiry INTEGER NOT NULL);
CREATE TABLE wrong_password (name BLOB PRIMARY KEY, known INTEGER NOT NULL, count INTEGER NOT NULL,
    last INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX wrong_password_by_age ON wrong_password (known, last);
CREATE TABLE usage (username TEXT NOT NULL COLLATE NOCASE, day TEXT NOT NULL, kind TEXT NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (username, day, kind)) WITHOUT ROWID;
CREATE TABLE download (day TEXT NOT NULL, username TEXT NOT NULL COLLATE NOCASE, kind TEXT NOT NULL,
    file TEXT NOT NULL, PRIMARY KEY (day, username, kind, file)) WITHOUT ROWID;
CREATE TABLE process (id INTEGER PRIMARY KEY AUTOINCREMENT, shown INTEGER NOT NULL, lease INTEGER NOT NULL);
CREATE TABLE stream (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL COLLATE NOCASE,
    process INTEGER NOT NULL);
CREATE INDEX stream_of_account ON stream (username);
CREATE INDEX stream_of_process ON stream (process);
CREATE TABLE change (number INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL);
"""


def connect_accounts(folder: Path) -> sqlite3.Connection:
    """A connection to the database in `folder`; both are made where there are none.

    Raises StoreTooNewError, StoreError, sqlite3.Error.
    """
    path = folder / ACCOUNTS
    with _alone(folder):
        try:
            _make_private(path)
        except OSError as error:
            raise folder_error(folder, error) from error
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_nothing() -> sqlite3.Connection:
    """A connection to a database in memory that looks as one just made: what there is where none was needed yet."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _make_tables(connection)
    return connection


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from opening the database meanwhile: to turn on its WAL mode, it must not be in use."""
    try:
        make_folders(folder)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise folder_error(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_private(path: Path) -> None:
    """See that there is a file that only its owner may read.

    One that is there is not opened: closing it would drop the locks that SQLite has on it in this process.
    """
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    elif path.stat().st_mode & _OTHERS:
        path.chmod(0o600)


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
        _make_tables(connection)
        sync_folder(path.parent)


def _make_tables(connection: sqlite3.Connection) -> None:
    # executescript commits before it begins, so the tables are made statement by statement, in one transaction.
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    plans = [(plan.identifier, write_plan(plan)) for plan in SHIPPED_PLANS]
    connection.executemany("INSERT INTO plan VALUES (?, ?)", plans)
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")
