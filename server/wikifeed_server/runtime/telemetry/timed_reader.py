"""A store's reader whose reads are timed."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from time import perf_counter

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.telemetry.metrics import StoreMetrics
from wikifeed_server.store import (
    LogEntries,
    LogFilter,
    LogFrames,
    LogInfo,
    LogSlice,
    PageKey,
    Parts,
    Reader,
    StoredArticle,
    StoredVersion,
)


class TimedReader:
    """Reads as `reader` does, and tells `metrics` how long articles and the log took.

    A read that fails is not counted. Timing takes about half a microsecond.
    """

    def __init__(self, reader: Reader, metrics: StoreMetrics) -> None:
        self._reader = reader
        self._get = metrics.operation("get")
        self._scan = metrics.operation("scan")
        self._frames = metrics.operation("read_frames")
        self._entries = metrics.operation("read_entries")
        self._slice = metrics.operation("read_slice")

    async def projects(self) -> Sequence[ProjectInfo]:
        """As the reader does."""
        return await self._reader.projects()

    async def project(self, identifier: str) -> ProjectInfo | None:
        """As the reader does."""
        return await self._reader.project(identifier)

    async def get(self, key: PageKey, parts: Parts, revision_id: int = 0) -> StoredArticle | None:
        """As the reader does, timed."""
        began = perf_counter()
        article = await self._reader.get(key, parts, revision_id)
        self._get.observe(perf_counter() - began)
        return article

    async def versions(self, project: str, page_id: int, limit: int) -> list[StoredVersion]:
        """As the reader does."""
        return await self._reader.versions(project, page_id, limit)

    async def statuses(self) -> Sequence[tuple[str, bytes]]:
        """As the reader does."""
        return await self._reader.statuses()

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
        """As the reader does, timed."""
        began = perf_counter()
        articles = await self._reader.scan(project, namespaces, as_of, after_page_id, parts, limit, limit_bytes)
        self._scan.observe(perf_counter() - began)
        return articles

    def hold(self, offset: int) -> AbstractAsyncContextManager[None]:
        """As the reader does."""
        return self._reader.hold(offset)

    async def log_info(self) -> LogInfo:
        """As the reader does."""
        return await self._reader.log_info()

    async def offset_at(self, time: int) -> int:
        """As the reader does."""
        return await self._reader.offset_at(time)

    async def read_frames(self, after: int, filter_: LogFilter, limit: int, limit_bytes: int) -> LogFrames:
        """As the reader does, timed."""
        began = perf_counter()
        frames = await self._reader.read_frames(after, filter_, limit, limit_bytes)
        self._frames.observe(perf_counter() - began)
        return frames

    async def read_entries(
        self, after: int, filter_: LogFilter, parts: Parts, limit: int, limit_bytes: int
    ) -> LogEntries:
        """As the reader does, timed."""
        began = perf_counter()
        entries = await self._reader.read_entries(after, filter_, parts, limit, limit_bytes)
        self._entries.observe(perf_counter() - began)
        return entries

    async def read_slice(self, after: int, limit: int, limit_bytes: int) -> LogSlice:
        """As the reader does, timed."""
        began = perf_counter()
        part = await self._reader.read_slice(after, limit, limit_bytes)
        self._slice.observe(perf_counter() - began)
        return part

    async def wait(self, after: int, timeout_seconds: float) -> int:
        """As the reader does."""
        return await self._reader.wait(after, timeout_seconds)

    async def close(self) -> None:
        """Close the reader."""
        await self._reader.close()
