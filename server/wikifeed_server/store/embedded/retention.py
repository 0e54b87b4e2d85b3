"""Retention: the log keeps an age or a size. Runs beside the writer, as the only one of all processes
(`retention.lock`). See `dropping` for what goes and what stays.

Promises:

1. From `oldest_offset` on every change is kept, and `scan` is exact as of oldest_offset - 1 and later. Where the log is
   compacted, of what was before the change that made each page's state as of oldest_offset - 1 is kept.
2. The newest change is always kept, so the writer goes on from it and no offset is used again.
3. What a hold keeps stays (see `holds`).
4. The writer never waits for long: each transaction is tuned to a few milliseconds, is not flushed to the disk, and is
   followed by a longer pause in which the writer, which looks for the lock every few milliseconds, gets it.
5. A kill at any moment leaves a store in which all of this holds: each transaction moves `oldest_offset` and drops
   what goes with that.

The counter of commits (see `unchanged`) is the writer's alone and stays untouched. What readers remember from one
commit of the writer to the next does not depend on what is dropped: where pages are, with the redirects that lead to
them (only what is no page's state is dropped, and only redirects that have ended), how long the log is (its end stays),
and fragments by offset (an offset that was dropped is never asked for again). A reader that looked a page's offset up,
and finds it dropped when it asks for the fragments, looks again.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import NamedTuple, Self

from wikifeed_server.store.embedded.dropping import DroppingTables, Plan
from wikifeed_server.store.embedded.faults import folder_error, store_error
from wikifeed_server.store.embedded.holds import Holds
from wikifeed_server.store.embedded.lock import RETENTION_LOCK, StoreLock
from wikifeed_server.store.embedded.positions import LogPositions
from wikifeed_server.store.embedded.schema import connect_beside, is_outdated, prepare_folder, require_known
from wikifeed_server.store.embedded.upgrading import upgrade
from wikifeed_server.store.embedded.wal import WalBound

# How long a transaction may take: the next one has half or twice as many versions.
_LONG_SECONDS, _SHORT_SECONDS = 0.002, 0.001
_FEWEST_VERSIONS, _MOST_VERSIONS = 16, 256
# SQLite's busy handler sleeps 1, 2, 5, 10, 15, ... ms between its looks for the lock (main.c,
# sqliteDefaultBusyCallback).
_LEAST_PAUSE_SECONDS = 0.005
_PAUSES = 2.0  # in times of a transaction's duration
# As for events (see `event_keys`): some 70 MB, on a busy wiki a day or more.
REMEMBERED_CHANGES = 1_000_000


class Dropped(NamedTuple):
    """What one application did.

    `changes` are no longer in the part of the log that is kept whole, `versions` were dropped with frames and bodies of
    `bytes` as stored, and `oldest_offset` is from which on every change is kept; 0 while the log was never written.
    """

    changes: int
    versions: int
    bytes: int
    oldest_offset: int


class LogRetention:
    """Retention of the store in one folder. For one thread; `stop` for any."""

    def __init__(self, folder: Path, lock: StoreLock, connection: sqlite3.Connection, remembered_changes: int) -> None:
        """Raises OSError."""
        self._folder = folder
        self._lock = lock
        self._connection = connection
        self._remembered_changes = remembered_changes
        self._positions = LogPositions(connection)
        self._tables = DroppingTables(connection)
        self._wal = WalBound(folder, connection)
        self._holds = Holds(folder)
        self._stopping = Event()
        self._most = _FEWEST_VERSIONS
        self._took_seconds = 0.0

    @classmethod
    def open(cls, folder: Path, remembered_changes: int = REMEMBERED_CHANGES) -> Self:
        """Retention of the store in `folder`, which is upgraded first where it is of an older version.

        Events of the last `remembered_changes` are known when they come again, also where the change was dropped.
        Raises StoreMissingError, StoreBusyError where another process does the same, StoreTooNewError,
        StoreCorruptError, StoreError.
        """
        try:
            prepare_folder(folder, create=False)
            if is_outdated(folder):
                upgrade(folder)
            lock = StoreLock(folder, RETENTION_LOCK)
            try:
                return cls(folder, lock, connect_beside(folder), remembered_changes)
            except BaseException:
                lock.close()
                raise
        except sqlite3.Error as error:
            raise store_error(folder, error) from error
        except OSError as error:
            raise folder_error(folder, error) from error

    def apply(self, now_microseconds: int, age_seconds: float, size_bytes: int, compact: bool) -> Dropped:
        """Drop what was published more than `age_seconds` before now, and the oldest of what is beyond `size_bytes`.

        0 means no such bound. With `compact` the newest change of each page stays in the log. `size_bytes` counts the
        frames and bodies, as stored, of the part that is kept whole. Takes as long as there is something to drop, or
        until `stop`. Raises StoreError; what was dropped until then stays dropped.
        """
        with self._translated():
            end = 0
            if age_seconds:
                end = self._positions.offset_at(now_microseconds - round(age_seconds * 1e6)) - 1
            if size_bytes:
                end = max(end, self._positions.beyond(size_bytes))
            return self._drop(end, compact)

    def drop_before(self, offset: int, compact: bool = False) -> Dropped:
        """Drop what is before an offset, but for the newest change and what is held. Otherwise as `apply`."""
        with self._translated():
            return self._drop(offset - 1, compact)

    def stop(self) -> None:
        """Let `apply` return after the transaction that it is in, and drop nothing any more."""
        self._stopping.set()

    def close(self) -> None:
        """Let go of the store, so that another process may do the same."""
        self._connection.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drop(self, end: int, compact: bool) -> Dropped:
        require_known(self._connection, self._folder)
        first = self._positions.bounds()
        if first.compacted != compact:
            with self._transaction():
                self._tables.show(compacted=compact)
        versions = size = 0
        while not self._stopping.is_set():
            oldest, _, newest = self._positions.bounds()
            through = min(end, newest - 1, self._least_held() - 1)
            if through < oldest:
                break
            plan = self._tables.plan(oldest - 1, through, self._most)
            if self._carry_out(plan, compact):
                versions += len(plan.versions)
                size += plan.size_bytes
        self._forget()
        oldest, _, newest = self._positions.bounds()
        return Dropped(oldest - first.oldest, versions, size, oldest if newest else 0)

    def _least_held(self) -> int:
        with self._holds.alone() as least:
            return least

    def _carry_out(self, plan: Plan, compact: bool) -> bool:
        """Drop what the plan says, unless a hold has come up that keeps it; then False."""
        # The holds are looked at and the drop is committed while none can be taken.
        with self._holds.alone() as least:
            if plan.through >= least:
                return False
            with self._transaction():
                self._tables.carry_out(plan, compacted=compact)
        self._pause()
        return True

    def _forget(self) -> None:
        """Keep nothing of the versions dropped longest ago."""
        before = self._positions.newest() - self._remembered_changes + 1
        while not self._stopping.is_set() and (versions := self._tables.forgotten(before, self._most)):
            with self._transaction():
                self._tables.remove(versions)
            self._pause()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite rolls back by itself on some errors, a full disk among them.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self._took_seconds = time.perf_counter() - began

    def _pause(self) -> None:
        """Let the writer in; where the last transaction took long, the next one has less to do."""
        if self._took_seconds > _LONG_SECONDS:
            self._most = max(_FEWEST_VERSIONS, self._most // 2)
        elif self._took_seconds < _SHORT_SECONDS:
            self._most = min(_MOST_VERSIONS, self._most * 2)
        self._wal.keep()
        self._stopping.wait(max(_LEAST_PAUSE_SECONDS, _PAUSES * self._took_seconds))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._folder, error) from error
        except OSError as error:
            raise folder_error(self._folder, error) from error
