"""Worker processes that understand a source's pages, each page under a bound on time and memory.

Promises:

1. Results come in the order of the batches, and within a batch in the order of its pages; no page is left out.
2. At most `look_ahead_bytes` of pages (or one batch), and 32 batches a worker, are under way beyond what was taken.
3. A page that exceeds a bound, or that its worker dies of, is kept raw and marked; it harms no other page. Which page
   of a batch it was shows when the batch is asked for again, page by page.
4. A worker that was killed for reasons of its own is replaced, and its pages are built.
5. When the pool is closed, no worker is left. A worker whose parent is gone ends by itself.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import NamedTuple, Self

from wikifeed_server.builder.messages import SourcePage, WorkerSetup
from wikifeed_server.builder.workers import BuildLimits, Crew, Result
from wikifeed_server.content import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.projects import ProjectInfo

__all__ = ["BuildLimits", "BuildPool", "BuiltBatch", "PageBatch"]

_BATCHES_AHEAD = 32  # for each worker


class PageBatch(NamedTuple):
    """Consecutive pages of a source: those to build, the position of the last one read, and how many were read."""

    pages: tuple[SourcePage, ...]
    size_bytes: int
    position: int = 0
    pages_read: int = 0


class BuiltBatch(NamedTuple):
    """A batch with what became of its pages; a document that is no article has its error in place of a result."""

    batch: PageBatch
    results: tuple[Result, ...]


class BuildPool:
    """The workers. Use as a context: leaving it ends them, whatever they are at."""

    def __init__(
        self,
        project: ProjectInfo | None,
        limits: BuildLimits | None = None,
        vocabulary: Vocabulary = DEFAULT_VOCABULARY,
    ) -> None:
        """`project` is that of the revisions to build; None where only documents come."""
        self._limits = limits or BuildLimits()
        setup = WorkerSetup(
            project,
            vocabulary,
            self._limits.page_seconds,
            self._limits.page_memory_bytes,
            self._limits.resident_bytes,
        )
        self._crew = Crew(setup, self._limits.workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def build(self, batches: Iterable[PageBatch]) -> Iterator[BuiltBatch]:
        """Every batch with what became of it, in order. `batches` is read ahead, in the caller's thread."""
        under_way: deque[tuple[PageBatch, Future[tuple[Result, ...]]]] = deque()
        size_bytes = 0
        for batch in batches:
            under_way.append((batch, self._crew.submit(batch.pages)))
            size_bytes += batch.size_bytes
            while under_way and (
                under_way[0][1].done()
                or size_bytes > self._limits.look_ahead_bytes
                or len(under_way) > self._crew.size * _BATCHES_AHEAD
            ):
                first, results = under_way.popleft()
                size_bytes -= first.size_bytes
                yield BuiltBatch(first, results.result())
        for first, results in under_way:
            yield BuiltBatch(first, results.result())

    def processes(self) -> list[int]:
        """The ids of the worker processes that run at this moment."""
        return self._crew.processes()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._crew.close()
