"""Worker processes that understand pages, each page under a bound on time and memory.

Promises:

1. Results come in the order of the batches, and within a batch in the order of its pages; no page is left out.
2. At most `look_ahead_bytes` of pages (or one batch), and 32 batches a worker, are under way beyond what was taken.
3. A page that exceeds a bound, or that its worker dies of, is kept raw and marked; it harms no other page. Which page
   of a batch it was shows when the batch is asked for again, page by page.
4. A worker that was killed for reasons of its own is replaced, and its pages are built.
5. When the pool is closed, no worker is left. A worker whose parent is gone ends by itself.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple, Self

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.article import mark_revision
from wikifeed_server.builder.messages import OUT_OF_MEMORY, Built, Page, Reply, Request, WorkerSetup, receive, send
from wikifeed_server.content import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import ArticleDocument

_ATTEMPTS = 2
_BATCHES_AHEAD = 32  # for each worker


@dataclass(frozen=True, slots=True)
class BuildLimits:
    """How much building may take.

    page_seconds: CPU time for one page; the slowest real pages take a second. page_memory_bytes: memory for one page;
    the largest real pages take 100 MB. workers: processes; 0 means one for each core this process may use.
    look_ahead_bytes: pages under way, which bounds this process's memory. resident_bytes: a worker that has grown
    beyond is replaced.
    """

    page_seconds: float = 20.0
    page_memory_bytes: int = 1 << 30
    workers: int = 0
    look_ahead_bytes: int = 16 << 20
    resident_bytes: int = 200 << 20


class PageBatch(NamedTuple):
    """Consecutive pages of a source: those to build, the position of the last one read, and how many were read."""

    pages: tuple[Page, ...]
    size_bytes: int
    position: int = 0
    pages_read: int = 0


class BuiltBatch(NamedTuple):
    """A batch with what became of its pages; a document that is no article has its error in place of a result."""

    batch: PageBatch
    results: tuple[Built | SourceCorruptError, ...]


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
        self._project = project
        self._setup = WorkerSetup(
            project,
            vocabulary,
            self._limits.page_seconds,
            self._limits.page_memory_bytes,
            self._limits.resident_bytes,
        )
        self._workers = self._limits.workers or _cores()
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="build")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all = [_Worker(self._setup) for _ in range(self._workers)]
        for worker in self._all:
            self._idle.put(worker)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def build(self, batches: Iterable[PageBatch]) -> Iterator[BuiltBatch]:
        """Every batch with what became of it, in order. `batches` is read ahead, in the caller's thread."""
        under_way: deque[tuple[PageBatch, Future[tuple[Built | SourceCorruptError, ...]]]] = deque()
        size_bytes = 0
        for batch in batches:
            under_way.append((batch, self._threads.submit(self._build, batch)))
            size_bytes += batch.size_bytes
            while under_way and (
                under_way[0][1].done()
                or size_bytes > self._limits.look_ahead_bytes
                or len(under_way) > self._workers * _BATCHES_AHEAD
            ):
                first, results = under_way.popleft()
                size_bytes -= first.size_bytes
                yield BuiltBatch(first, results.result())
        for first, results in under_way:
            yield BuiltBatch(first, results.result())

    def processes(self) -> list[int]:
        """The ids of the worker processes that run at this moment."""
        return [process for worker in self._all if (process := worker.process_id)]

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._all:
            worker.kill()
        self._threads.shutdown(wait=True)
        for worker in self._all:
            worker.close()

    def _build(self, batch: PageBatch) -> tuple[Built | SourceCorruptError, ...]:
        if not batch.pages:
            return ()
        worker = self._idle.get()
        try:
            if len(batch.pages) > 1:
                try:
                    return worker.ask(Request(batch.pages))
                except _WorkerDiedError:
                    self._check_open()
            return tuple(self._build_alone(worker, page) for page in batch.pages)
        finally:
            self._idle.put(worker)

    def _build_alone(self, worker: "_Worker", page: Page) -> Built | SourceCorruptError:
        """One page, asked for by itself, so that the death of its worker is its own doing (or twice bad luck)."""
        state: Extraction.State.ValueType = Extraction.STATE_FAILED
        detail = ""
        for _ in range(_ATTEMPTS):
            try:
                return worker.ask(Request((page,)))[0]
            except _WorkerDiedError as death:
                self._check_open()
                detail = str(death)
                if death.is_out_of_time:
                    state = Extraction.STATE_TIME_EXCEEDED
                    detail = f"took more than {self._limits.page_seconds:g} s of CPU time"
                    break
                if death.is_out_of_memory:
                    state = Extraction.STATE_MEMORY_EXCEEDED
                    detail = f"took more than {self._limits.page_memory_bytes:,} bytes of memory"
                    break
        return self._marked(worker, page, state, detail)

    def _marked(
        self, worker: "_Worker", page: Page, state: "Extraction.State.ValueType", detail: str
    ) -> Built | SourceCorruptError:
        if self._project is not None and not isinstance(page, ArticleDocument):
            return Built(mark_revision(page, self._project, state, detail), None, state)
        try:
            return worker.ask(Request((page,), understands=False, state=state, detail=detail))[0]
        except _WorkerDiedError as death:
            self._check_open()
            where = page.where if isinstance(page, ArticleDocument) else page.title
            return SourceCorruptError(f"{where}: can't be read within the bounds on a page: {death}")

    def _check_open(self) -> None:
        if self._closed:
            raise CancelledError("the pool is closed")


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _WorkerDiedError(Exception):
    """A worker ended without an answer."""

    def __init__(self, return_code: int) -> None:
        self.is_out_of_memory = return_code == OUT_OF_MEMORY
        self.is_out_of_time = return_code == -signal.SIGPROF
        how = f"was killed by signal {-return_code}" if return_code < 0 else f"ended with code {return_code}"
        super().__init__(f"the process that worked on the page {how}")


class _Worker:
    """One worker process after the other: started when asked first, and again when it died or retired."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._starting = threading.Lock()

    @property
    def process_id(self) -> int:
        """The id of the process; 0 while there is none."""
        process = self._process
        return process.pid if process is not None else 0

    def ask(self, request: Request) -> tuple[Built | SourceCorruptError, ...]:
        """What became of the request's pages. Blocks. Raises _WorkerDiedError."""
        process = self._process or self._start()
        try:
            if process.stdin is None or process.stdout is None:
                raise EOFError
            send(process.stdin, request)
            reply: Reply = receive(process.stdout)
        except (EOFError, BrokenPipeError):
            raise _WorkerDiedError(self._end(process)) from None
        if reply.retires:
            self._end(process)
        return tuple(reply.results)

    def kill(self) -> None:
        """End the process at once and start no other. Who waits for its answer is told that it died."""
        with self._starting:
            self._is_over = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Let go of a process that nobody asks any more."""
        if self._process is not None:
            self._end(self._process)

    def _start(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._is_over:
                raise _WorkerDiedError(-signal.SIGKILL)
            # A fresh interpreter, not a fork: this process has threads. A group of its own: Ctrl-C is the parent's.
            process = subprocess.Popen(
                # -P: a file in the working directory must not stand in for a module.
                (sys.executable, "-P", "-m", "wikifeed_server.builder.worker"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                process_group=0,
            )
            self._process = process
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # the request that follows meets it too
                send(process.stdin, self._setup)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        """Let go of the process; its return code, that of its own end where it came to one."""
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self._process = None
        return process.wait()
