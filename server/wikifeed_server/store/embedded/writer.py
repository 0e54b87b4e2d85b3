"""The writer: the only one that adds to a store, held to that by `writer.lock`. See `retention` for who takes away.

Promise: `put` is one transaction that takes the write lock before it reads, so offsets have no gap and no repeat, and
the checkpoint is never ahead of the data or behind it. See `schema` for why a commit survives a crash, `rules` for
what becomes of a write, and `pages` for how it changes a page.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from wikifeed_server.errors import ProjectNotFoundError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite, Checkpoint, PutResult
from wikifeed_server.store.embedded.event_keys import EventKeys
from wikifeed_server.store.embedded.faults import folder_error, store_error
from wikifeed_server.store.embedded.lock import StoreLock
from wikifeed_server.store.embedded.pages import LogEnd, PageTables
from wikifeed_server.store.embedded.rules import Verdict
from wikifeed_server.store.embedded.schema import connect_writer, prepare_folder
from wikifeed_server.store.embedded.unchanged import CommitCounter
from wikifeed_server.store.embedded.wal import WalBound


def _now() -> int:
    return time.time_ns() // 1000


class EmbeddedWriter:
    """The writer of the store in one folder. Not for use by several threads at once."""

    def __init__(self, folder: Path, lock: StoreLock, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._lock = lock
        self._connection = connection
        self._wal = WalBound(folder, connection)
        self._clock = clock
        self._counter = CommitCounter(folder)
        self._tables = PageTables(connection)
        self._event_keys = EventKeys(connection)
        self._project_ids: dict[str, int] = dict(connection.execute("SELECT identifier, id FROM project"))

    @classmethod
    def open(cls, folder: Path, create: bool = True, clock: Callable[[], int] = _now) -> Self:
        """The writer of the store in `folder`, which is made when there is none and `create` says so.

        `clock` tells the time in microseconds since 1970. Raises StoreBusyError, StoreTooNewError, StoreCorruptError,
        StoreFullError and, without `create`, StoreMissingError.
        """
        try:
            prepare_folder(folder, create=create)
            lock = StoreLock(folder)
        except OSError as error:
            raise folder_error(folder, error) from error
        try:
            return cls(folder, lock, connect_writer(folder), clock)
        except sqlite3.Error as error:
            lock.close()
            raise store_error(folder, error) from error
        except OSError as error:
            lock.close()
            raise folder_error(folder, error) from error
        except BaseException:
            lock.close()
            raise

    def put_project(self, project: ProjectInfo) -> None:
        """Add a project, or replace what is known of it."""
        values = (project.identifier, project.language, project.to_json())
        with self._transaction():
            (identifier,) = self._connection.execute(
                "INSERT INTO project (identifier, language, info) VALUES (?, ?, ?) ON CONFLICT (identifier)"
                " DO UPDATE SET language = excluded.language, info = excluded.info RETURNING id",
                values,
            ).fetchall()[0]
        self._project_ids[project.identifier] = identifier

    def project(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        with self._translated():
            row = self._connection.execute("SELECT info FROM project WHERE identifier = ?", (identifier,)).fetchone()
        return None if row is None else ProjectInfo.from_json(row[0])

    def known(self, project: str, revisions: Sequence[tuple[int, int]]) -> list[bool]:
        """For each (page id, revision id): does the page have that revision, so that `put` would skip it?

        `put` may skip further ones as older, which their ids alone do not tell.
        """
        project_id = self._project_ids.get(project)
        if project_id is None:
            return [False] * len(revisions)
        with self._translated():
            rows = self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM version WHERE project = ? AND page_id = json_extract(asked.value, '$[0]')"
                " AND revision_id = json_extract(asked.value, '$[1]')) FROM json_each(?) AS asked ORDER BY asked.key",
                (project_id, json.dumps(revisions)),
            ).fetchall()
        return [bool(found) for (found,) in rows]

    def put(self, writes: Sequence[ArticleWrite], checkpoint: Checkpoint | None = None) -> PutResult:
        """Store a batch: all of it durably, or nothing where an error is raised.

        Raises StoreFullError, and ProjectNotFoundError for a write whose project was never put.
        """
        with self._transaction():
            result = self._apply(writes)
            if checkpoint is not None:
                self._connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (?, ?)", checkpoint)
        self._wal.keep()
        return result

    def checkpoint(self, source: str) -> bytes | None:
        """The state last committed for a source."""
        with self._translated():
            row = self._connection.execute("SELECT state FROM checkpoint WHERE source = ?", (source,)).fetchone()
        return None if row is None else bytes(row[0])

    def put_status(self, source: str, status: bytes) -> None:
        """Note how a source is, in place of what was noted before. Raises StoreFullError."""
        with self._transaction():
            self._connection.execute("INSERT OR REPLACE INTO status VALUES (?, ?)", (source, status))
        self._wal.keep()

    def close(self) -> None:
        """Let go of the store, so that another writer may open it."""
        self._connection.close()
        self._counter.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _apply(self, writes: Sequence[ArticleWrite]) -> PutResult:
        begin = self._tables.log_end()
        end = begin._replace(published=max(self._clock(), begin.published))
        known = older = 0
        for write in writes:
            verdict, end = self._apply_one(write, end)
            if verdict is Verdict.KNOWN:
                known += 1
            elif verdict is Verdict.OLDER:
                older += 1
        if any(write.event_keys for write in writes):
            self._event_keys.prune()
        written = end.offset - begin.offset
        first, last = (begin.offset + 1, end.offset) if written else (0, 0)
        return PutResult(first, last, written, known, older)

    def _apply_one(self, write: ArticleWrite, end: LogEnd) -> tuple[Verdict, LogEnd]:
        """What became of the write, and where the log ends with it."""
        project_id = self._project_ids.get(write.project)
        if project_id is None:
            raise ProjectNotFoundError(write.project)
        if self._event_keys.has_any(project_id, write.event_keys):
            return Verdict.KNOWN, end
        self._event_keys.add(project_id, write.event_keys)
        page = self._tables.page(project_id, write.page_id)
        verdict = self._tables.judge(project_id, page, write)
        if verdict in (Verdict.STATE, Verdict.ASIDE):
            end = self._tables.store(project_id, page, write, verdict, end)
        return verdict, end

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                with self._counter:
                    self._connection.execute("COMMIT")
            except BaseException:
                # SQLite rolls back by itself on some errors, a full disk among them.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._folder, error) from error
