"""The store's writer, a blocking object, for the tasks of one event loop: in a thread of its own, call by call."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from wikifeed_server.builder.document import merged_project
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite, Checkpoint, PutResult, Writer
from wikifeed_server.store.embedded import EmbeddedWriter

T = TypeVar("T")


class Committer:
    """The writer of the store in a folder, as an asynchronous context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        self._writer: Writer

    async def __aenter__(self) -> Self:
        """Raises what opening the writer raises, StoreBusyError among it."""
        try:
            self._writer = await self._run(lambda: EmbeddedWriter.open(self._folder))
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What was handed over is committed before the writer is closed.
        await asyncio.shield(self._run(self._writer.close))
        self._thread.shutdown()

    async def checkpoint(self, source: str) -> bytes | None:
        """The state last committed for a source."""
        return await self._run(lambda: self._writer.checkpoint(source))

    async def put(self, writes: Sequence[ArticleWrite], checkpoint: Checkpoint) -> PutResult:
        """Store a batch and its checkpoint together. Raises StoreFullError."""
        return await self._run(lambda: self._writer.put(writes, checkpoint))

    async def add_project(self, told: ProjectInfo) -> ProjectInfo:
        """Store what a wiki tells of itself; what is known of it beyond that is kept."""
        return await self._run(lambda: self._add_project(told))

    async def put_status(self, source: str, status: bytes) -> None:
        """Note how a source is."""
        await self._run(lambda: self._writer.put_status(source, status))

    def _add_project(self, told: ProjectInfo) -> ProjectInfo:
        known = self._writer.project(told.identifier)
        project = merged_project(told, known) if known is not None else told
        if project != known:
            self._writer.put_project(project)
        return project

    async def _run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
