"""Writes snapshots beside a server, each in a process of its own: compressing in the server's would stall its loop."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from wikifeed_server.errors import WikifeedError
from wikifeed_server.snapshots.library import Claim, SnapshotLibrary, SnapshotStatus, State
from wikifeed_server.snapshots.spec import SnapshotSpec

_STOPPED = "the server was stopped while it was being written; create the snapshot again"


class SnapshotWriters:
    """Runs writers, at most `at_once` of them; the others wait for their turn. An asynchronous context manager.

    Leaving the context ends the writers and removes what they left.
    """

    def __init__(self, store_folder: Path, library: SnapshotLibrary, at_once: int = 1) -> None:
        self._store_folder = store_folder
        self._library = library
        self._turns = asyncio.Semaphore(at_once)
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    async def begin(self, spec: SnapshotSpec) -> SnapshotStatus:
        """The snapshot: claimed and about to be written, or as it is where it is ready or being written already.

        Raises OSError when the library's folder can't be written to.
        """
        begun: asyncio.Future[SnapshotStatus] = asyncio.get_running_loop().create_future()
        # A task of its own, for a caller that goes away must not leave a claim that nobody writes.
        task = self._group.create_task(self._write(spec, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await begun

    async def _write(self, spec: SnapshotSpec, begun: asyncio.Future[SnapshotStatus]) -> None:
        try:
            claim = await asyncio.to_thread(self._library.claim, spec)
        except (WikifeedError, OSError) as error:
            if not begun.done():
                begun.set_exception(error)
            return
        if not begun.done():
            begun.set_result(claim.status if isinstance(claim, Claim) else claim)
        if isinstance(claim, Claim):
            try:
                await self._supervise(claim)
            finally:
                os.close(claim.lock)

    async def _supervise(self, claim: Claim) -> None:
        """Run a writer to its end. The claim's lock is held here too: what becomes of the claim is noted before
        anybody else may take it.
        """
        try:
            async with self._turns:
                problem = await self._run(claim)
        except OSError as error:
            problem = f"the process that was to write it can't be started ({error}); create the snapshot again"
        except asyncio.CancelledError:
            self._library.fail(claim.status, _STOPPED)
            raise
        if problem:
            await asyncio.to_thread(self._library.fail, claim.status, problem)

    async def _run(self, claim: Claim) -> str:
        """Why the writer failed without saying so itself; empty when it did not."""
        spec = claim.status.spec
        process = _start(self._store_folder, claim)
        try:
            code = await asyncio.to_thread(process.wait)
        finally:
            if process.poll() is None:
                process.kill()
                await asyncio.to_thread(process.wait)
        status = await asyncio.to_thread(self._library.get, spec.identifier, spec.offset)
        if status is None or status.state is not State.WRITING:
            return ""
        ended = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"the process that wrote it {ended}; the server's log may tell more; create the snapshot again"


def _start(store_folder: Path, claim: Claim) -> subprocess.Popen[bytes]:
    """The writer's process, in about a millisecond.

    Not the loop starts it: uvloop runs Python's at-fork hooks in the child, and gRPC's with them, which in a process
    with threads kills about one child in a hundred (SIGSEGV). `Popen` runs nothing between fork and exec.
    """
    spec = claim.status.spec
    command = (sys.executable, "-m", "wikifeed_server.snapshots", store_folder, spec.identifier, str(spec.offset))
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=(claim.lock,))  # noqa: S603 - our own module
