"""The reader: asynchronous, for one event loop; any number of them beside the writer, in any process.

Each read is a short transaction of its own, so a reader never holds the writer up for long nor keeps its log growing.
What is sure to be small runs inline on the event loop: finding one article is a handful of pages, nearly always in
memory, and takes less time than handing it to a thread (40 µs) would. All else runs in a few threads, each with a
connection of its own.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self, TypeVar

from zstandard import ZstdError

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import (
    LogEntries,
    LogFilter,
    LogFrames,
    LogInfo,
    LogSlice,
    PageKey,
    Parts,
    StoredArticle,
    StoredVersion,
)
from wikifeed_server.store.embedded.articles import ArticleTables
from wikifeed_server.store.embedded.bodies import FragmentCache
from wikifeed_server.store.embedded.faults import corrupt, store_error
from wikifeed_server.store.embedded.growth import Growth
from wikifeed_server.store.embedded.holds import Hold
from wikifeed_server.store.embedded.log import LogTables, Span
from wikifeed_server.store.embedded.positions import LogPositions
from wikifeed_server.store.embedded.projects import ProjectTable
from wikifeed_server.store.embedded.schema import DATABASE, connect_reader, is_outdated
from wikifeed_server.store.embedded.unchanged import CommitMark
from wikifeed_server.store.embedded.upgrading import upgrade

T = TypeVar("T")

_THREADS = 2
# Reads of the log up to these sizes run inline: frames that lie side by side, or some hundred headers, take about a
# millisecond.
_INLINE_BYTES = 256 << 10
_INLINE_HEADERS = 500
_NO_FILTER = LogFilter()


class _Session:
    """The tables over one connection, for one thread at a time."""

    def __init__(self, folder: Path, cache_bytes: int = 0) -> None:
        self._connection = connect_reader(folder)
        self.projects = ProjectTable(self._connection)
        self.commit_mark = CommitMark(folder)
        cache = FragmentCache(cache_bytes)
        self.articles = ArticleTables(self._connection, self.projects, cache, self.commit_mark)
        self.positions = LogPositions(self._connection)
        self.log = LogTables(self._connection, self.positions, self.articles)

    def statuses(self) -> list[tuple[str, bytes]]:
        return self._connection.execute("SELECT source, status FROM status ORDER BY source").fetchall()

    def close(self) -> None:
        self.commit_mark.close()
        self._connection.close()


class EmbeddedReader:
    """The `Reader` of the store in one folder. `await close()` or `async with` lets it go."""

    def __init__(self, folder: Path, session: _Session) -> None:
        self._folder = folder
        self._session = session
        self._articles, self._log, self._positions = session.articles, session.log, session.positions
        self._growth = Growth(self._newest, session.commit_mark.read)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="store-reader")
        self._idle: list[_Session] = []

    @classmethod
    def open(cls, folder: Path, cache_bytes: int = 64 << 20) -> Self:
        """A reader of the store in `folder`; `cache_bytes` is how much of recently read articles it keeps in memory.

        A store of an older version is upgraded first. Raises StoreMissingError, StoreTooNewError, StoreCorruptError,
        and StoreBusyError where an older Wikifeed writes to the store, so that it can't be upgraded.
        """
        try:
            if is_outdated(folder):
                upgrade(folder)
            return cls(folder, _Session(folder, cache_bytes))
        except sqlite3.Error as error:
            raise store_error(folder, error) from error

    async def projects(self) -> Sequence[ProjectInfo]:
        """All projects, in the order of their identifiers."""
        with self._translated():
            return self._session.projects.all()

    async def project(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        with self._translated():
            return self._session.projects.get(identifier)

    async def get(self, key: PageKey, parts: Parts, revision_id: int = 0) -> StoredArticle | None:
        """The page's newest version, or the newest that tells of `revision_id`.

        None when the project never had such a page.
        """
        # Inline, and without the context manager of the other methods: this is what most calls wait for.
        try:
            if revision_id:
                return self._articles.revision(key, revision_id, int(parts))
            return self._articles.newest(key, int(parts))
        except sqlite3.Error as error:
            raise store_error(self._folder, error) from error
        except ZstdError as error:
            raise corrupt(self._folder / DATABASE, str(error)) from error

    async def versions(self, project: str, page_id: int, limit: int) -> list[StoredVersion]:
        """The page's last `limit` versions by their offsets, the newest first, also those that were not its state."""
        return await self._in_thread(lambda session: session.articles.versions(project, page_id, limit))

    async def statuses(self) -> Sequence[tuple[str, bytes]]:
        """Each source with the status last put for it, in the order of the sources' names."""
        with self._translated():
            return self._session.statuses()

    async def scan(
        self,
        project: str,
        namespaces: Sequence[int],
        as_of: int,
        after_page_id: int,
        parts: Parts,
        limit: int,
        limit_bytes: int,
    ) -> list[StoredArticle]:
        """Live articles with greater page ids as of offset `as_of`, in the order of their page ids.

        No namespaces mean all. At most `limit`, and no more than fit `limit_bytes` but at least one. Empty at the end.
        """
        asked = (project, namespaces, as_of, after_page_id, int(parts), limit, limit_bytes)
        return await self._in_thread(lambda session: session.articles.scan(*asked))

    async def log_info(self) -> LogInfo:
        """Which offsets and times the log holds."""
        with self._translated():
            return self._positions.info()

    async def offset_at(self, time: int) -> int:
        """The first offset published at `time` (microseconds) or later; the newest offset + 1 when there is none."""
        with self._translated():
            return self._positions.offset_at(time)

    async def read_frames(self, after: int, filter_: LogFilter, limit: int, limit_bytes: int) -> LogFrames:
        """The next changes without bodies: at most `limit` that pass, within `limit_bytes` but at least one.

        Raises OffsetExpiredError when the log no longer keeps what follows `after`.
        """
        with self._translated():
            span = self._log.span(after, filter_.compacted)
            if _is_small(span, filter_, limit_bytes):
                return self._log.frames(span, filter_, limit, limit_bytes)
        return await self._in_thread(lambda session: session.log.frames(span, filter_, limit, limit_bytes))

    async def read_entries(
        self, after: int, filter_: LogFilter, parts: Parts, limit: int, limit_bytes: int
    ) -> LogEntries:
        """The next changes with the article's fragments as `parts` asks, as of each change. Otherwise as above."""
        asked = (filter_, int(parts), limit, limit_bytes)
        with self._translated():
            span = self._log.span(after, filter_.compacted)
            if _is_small(span, filter_, limit_bytes):
                return self._log.entries(span, *asked)
        return await self._in_thread(lambda session: session.log.entries(span, *asked))

    async def read_slice(self, after: int, limit: int, limit_bytes: int) -> LogSlice:
        """The next changes with their headers: at most `limit`, within `limit_bytes` but at least one.

        Raises OffsetExpiredError when the log no longer keeps what follows `after`.
        """
        with self._translated():
            span = self._log.span(after)
            if limit_bytes <= _INLINE_BYTES or span.through - span.after <= _INLINE_HEADERS:
                return self._log.slice(span, limit, limit_bytes)
        return await self._in_thread(lambda session: session.log.slice(span, limit, limit_bytes))

    async def wait(self, after: int, timeout_seconds: float) -> int:
        """Wait until the log is longer than `after` or the time is over; the newest offset."""
        return await self._growth.wait(after, timeout_seconds)

    @asynccontextmanager
    async def hold(self, offset: int) -> AsyncIterator[None]:
        """Keep the log from `offset` on, and what `scan` as of it needs, while the context lasts.

        Raises OffsetExpiredError when the change at `offset` is not kept any more.
        """
        hold = Hold(self._folder, offset)
        try:
            await self._in_thread(lambda session: hold.take(lambda: session.positions.bounds().oldest))
            yield
        finally:
            hold.close()

    async def close(self) -> None:
        """Let go of files and connections; who still waits for the log to grow is let go."""
        self._growth.close()
        await asyncio.to_thread(self._threads.shutdown)
        for session in (self._session, *self._idle):
            session.close()
        self._idle.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _newest(self) -> int:
        with self._translated():
            return self._positions.newest()

    async def _in_thread(self, read: Callable[[_Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_session, read)

    def _with_session(self, read: Callable[[_Session], T]) -> T:
        with self._translated():
            session = self._idle.pop() if self._idle else _Session(self._folder)
            try:
                return read(session)
            finally:
                self._idle.append(session)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._folder, error) from error
        except ZstdError as error:
            raise corrupt(self._folder / DATABASE, str(error)) from error


def _is_small(span: Span, filter_: LogFilter, limit_bytes: int) -> bool:
    """Whether a read of the log is done in about a millisecond."""
    if limit_bytes > _INLINE_BYTES:
        return False
    return span.through - span.after <= _INLINE_HEADERS or filter_ == _NO_FILTER
