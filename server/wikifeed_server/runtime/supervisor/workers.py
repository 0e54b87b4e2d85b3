"""The worker processes: as many as asked for, replaced when they die, and one after the other when settings change.

Promises: a worker listens only once it can answer. One that dies is replaced at once, or after a pause where it died
young. One that is replaced for other settings ends after the one that follows it listens, so that somebody answers at
every moment.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

import orjson
import structlog

from wikifeed_server.errors import WorkerFailedError
from wikifeed_server.runtime.supervisor.child import Child
from wikifeed_server.runtime.telemetry.view import LISTENING, WorkerView

_STARTING, _DRAINING = "starting", "draining"
_YOUNG_SECONDS = 2.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 10.0
_STARTS_AT_MOST = 5
# A worker drains by itself; this much later something in it hangs.
_SPARE_SECONDS = 2.0


class Worker:
    """One worker process. `listening` tells, once it is known, whether it came to listen."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._child = Child(command, environment, reads=True)
        self.started = time.monotonic()
        self.view = WorkerView(self._child.pid, _STARTING, time.time())
        self.listening = asyncio.ensure_future(self._read())

    async def ended(self) -> int:
        """Wait for its end; its exit code, negative for a signal."""
        return await asyncio.shield(self._child.ended)

    async def drain(self, drain_seconds: float) -> None:
        """Have it drain and end."""
        self._note(_DRAINING)
        await self._child.stop(drain_seconds + _SPARE_SECONDS)
        await self.listening

    def kill(self) -> None:
        """End it at once."""
        self._child.kill()

    def _note(self, state: str) -> None:
        self.view = WorkerView(self._child.pid, state, time.time())

    async def _read(self) -> bool:
        """It says in one line of JSON that it listens."""
        line = await self._child.first_line()
        if not line or "addresses" not in orjson.loads(line):
            return False
        if self.view.state == _STARTING:
            self._note(LISTENING)
        return True


class _Slot:
    """A worker's place. Whoever changes who has it holds `changing`."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.changing = asyncio.Lock()


class Workers:
    """Runs workers. `command` gives the command line to start one with, `drain_seconds` how long one may drain."""

    def __init__(
        self, command: Callable[[], Sequence[str]], environment: Mapping[str, str], drain_seconds: Callable[[], float]
    ) -> None:
        self._command = command
        self._environment = environment
        self._drain_seconds = drain_seconds
        self._slots: list[_Slot] = []
        self._log = structlog.get_logger()

    def views(self) -> list[WorkerView]:
        """The workers, each at the same place however often it was replaced."""
        return [slot.worker.view for slot in self._slots]

    async def start(self, count: int) -> None:
        """Start as many and wait until they listen. Raises WorkerFailedError when one ends instead.

        One that was killed is started again, a few times: it may be that only the machine had no room for it.
        """
        self._slots = [_Slot(self._worker()) for _ in range(count)]
        for slot in self._slots:
            starts = 1
            while not await slot.worker.listening:
                code = await slot.worker.ended()
                if code >= 0 or starts == _STARTS_AT_MOST:
                    raise WorkerFailedError(
                        f"a worker process ended with {code} before it listened; what it said of that is above",
                        {"exit_code": str(code)},
                    )
                self._log.error("worker was killed before it listened; it is started again", exit_code=code)
                slot.worker = self._worker()
                starts += 1

    async def keep(self) -> None:
        """Replace workers that die, until this task is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for slot in self._slots:
                tasks.create_task(self._keep(slot))

    async def replace_all(self) -> bool:
        """Have every worker followed by one with the command line of this moment; whether all were.

        Where a fresh one does not come to listen, the rest stay as they are.
        """
        for slot in self._slots:
            async with slot.changing:
                fresh = self._worker()
                if not await fresh.listening:
                    await fresh.ended()
                    return False
                old, slot.worker = slot.worker, fresh
            await old.drain(self._drain_seconds())
        return True

    async def end(self) -> None:
        """Drain and end all."""
        async with asyncio.TaskGroup() as tasks:
            for slot in self._slots:
                tasks.create_task(slot.worker.drain(self._drain_seconds()))

    def kill(self) -> None:
        """End all at once."""
        for slot in self._slots:
            slot.worker.kill()

    def _worker(self) -> Worker:
        return Worker(self._command(), self._environment)

    async def _keep(self, slot: _Slot) -> None:
        pause = 0.0
        while True:
            worker = slot.worker
            code = await worker.ended()
            if slot.worker is not worker:
                continue
            young = time.monotonic() - worker.started < _YOUNG_SECONDS
            pause = min(max(2 * pause, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS) if young else 0.0
            self._log.error("worker ended; it is replaced", pid=worker.view.pid, exit_code=code, seconds=pause)
            await asyncio.sleep(pause)
            async with slot.changing:
                if slot.worker is worker:
                    slot.worker = self._worker()
            await slot.worker.listening
