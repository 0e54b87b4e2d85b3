"""Bounds on what a page may take of the process that reads it."""

import gc
import resource
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PAGE_BYTES = resource.getpagesize()


class BoundExceededError(Exception):
    """What was called took more time or memory than it may. The message says which bound it was."""


class BoundedCalls:
    """Calls functions in another process, each call with at most so many CPU seconds and bytes of memory.

    What exceeds a bound ends that process, not this one; the next call has another. Functions, arguments and results
    are pickled. Not for many threads.
    """

    def __init__(self, seconds: float, memory_bytes: int) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def call(self, function: Any, *arguments: Any) -> Any:
        """What `function` returns, or raises. Raises BoundExceededError where it takes too much."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("forkserver"), initializer=_prepare)
        try:
            return self._pool.submit(_call, self._seconds, self._memory_bytes, function, arguments).result()
        except MemoryError as error:
            raise BoundExceededError(f"it took more than {self._memory_bytes:,} bytes of memory") from error
        except BrokenProcessPool as error:
            self._pool = None
            raise BoundExceededError(
                f"its process ended: it took more than {self._seconds:g} s, or more than {self._memory_bytes:,} bytes "
                "of memory"
            ) from error


def _prepare() -> None:
    # Trees have no cycles, so there is nothing for the collector to find while a page is read.
    gc.freeze()
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _call(seconds: float, memory_bytes: int, function: Any, arguments: tuple[Any, ...]) -> Any:
    bound_memory(memory_bytes)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.collect()


def bound_memory(page_memory_bytes: int) -> None:
    """Let the address space grow by no more than a page may take. Only Linux tells how large it is."""
    total, _ = memory_bytes()
    if total:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = total + page_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def memory_bytes() -> tuple[int, int]:
    """The size of this process's address space, and how much of it is resident (proc(5), statm); 0 where unknown."""
    try:
        statm = Path("/proc/self/statm").read_bytes()
    except FileNotFoundError:
        return 0, 0
    total, resident = statm.split()[:2]
    return int(total) * _PAGE_BYTES, int(resident) * _PAGE_BYTES
