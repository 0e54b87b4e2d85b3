"""The worker processes of a pool: started when first needed or beforehand, watched, replaced, ended."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.article import mark_revision
from wikifeed_server.builder.live import LivePage, mark_live
from wikifeed_server.builder.messages import OUT_OF_MEMORY, Built, Page, Reply, Request, WorkerSetup, receive, send
from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import ArticleDocument

_ATTEMPTS = 2

Result = Built | SourceCorruptError


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


class Crew:
    """Workers that stand by, and a thread for each that waits for it."""

    def __init__(self, setup: WorkerSetup, size: int) -> None:
        """`size`: how many workers; 0 means one for each core this process may use."""
        self.size = size or _cores()
        self._setup = setup
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="build")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all = [_Worker(setup) for _ in range(self.size)]
        for worker in self._all:
            self._idle.put(worker)
        self._closed = False

    def submit(self, pages: tuple[Page, ...]) -> "Future[tuple[Result, ...]]":
        """What becomes of the pages, in their order. The future is cancelled when the crew is closed before."""
        return self._threads.submit(self._build, pages)

    def start(self) -> "list[Future[None]]":
        """Start the processes, so that the first pages need not wait for them; done when they can be asked."""
        return [self._threads.submit(self._greet) for _ in self._all]

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

    def _greet(self) -> None:
        worker = self._idle.get()
        try:
            worker.ask(Request(()))
        except _WorkerDiedError:
            self._check_open()  # else the first page finds out what is amiss
        finally:
            self._idle.put(worker)

    def _build(self, pages: tuple[Page, ...]) -> tuple[Result, ...]:
        if not pages:
            return ()
        worker = self._idle.get()
        try:
            if len(pages) > 1:
                try:
                    return worker.ask(Request(pages))
                except _WorkerDiedError:
                    self._check_open()
            return tuple(self._build_alone(worker, page) for page in pages)
        finally:
            self._idle.put(worker)

    def _build_alone(self, worker: "_Worker", page: Page) -> Result:
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
                    detail = f"took more than {self._setup.page_seconds:g} s of CPU time"
                    break
                if death.is_out_of_memory:
                    state = Extraction.STATE_MEMORY_EXCEEDED
                    detail = f"took more than {self._setup.page_memory_bytes:,} bytes of memory"
                    break
        return self._marked(worker, page, state, detail)

    def _marked(self, worker: "_Worker", page: Page, state: "Extraction.State.ValueType", detail: str) -> Result:
        if isinstance(page, LivePage):
            return Built(mark_live(page, state, detail, self._setup.news), None, state)
        if self._setup.project is not None and not isinstance(page, ArticleDocument):
            return Built(mark_revision(page, self._setup.project, state, detail), None, state)
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
        self._told: dict[str, ProjectInfo] = {}
        self._is_over = False
        self._starting = threading.Lock()

    @property
    def process_id(self) -> int:
        """The id of the process; 0 while there is none."""
        process = self._process
        return process.pid if process is not None else 0

    def ask(self, request: Request) -> tuple[Result, ...]:
        """What became of the request's pages. Blocks. Raises _WorkerDiedError."""
        process = self._process or self._start()
        try:
            if process.stdin is None or process.stdout is None:
                raise EOFError
            send(process.stdin, self._brief(request))
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

    def _brief(self, request: Request) -> Request:
        """The request as this process needs it: it is told of each project once."""
        if not any(isinstance(page, LivePage) for page in request.pages):
            return request
        pages: list[Page] = []
        untold: dict[str, ProjectInfo] = {}
        for page in request.pages:
            if not isinstance(page, LivePage):
                pages.append(page)
                continue
            project = page.project
            if self._told.get(project.identifier) is not project:
                self._told[project.identifier] = untold[project.identifier] = project
            pages.append(replace(page, project=ProjectInfo(project.identifier)))
        return request._replace(pages=pages, projects=tuple(untold.values()))

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
            self._told = {}
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
