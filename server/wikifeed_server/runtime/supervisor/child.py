"""A child process: started, told to end, waited for.

Children are started by `subprocess`, not by the loop: uvloop runs at-fork hooks in the child, which threads make
deadly. Each has a pipe as its standard input and ends when that does, so also where this process is killed.
"""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import structlog

T = TypeVar("T")

END_SECONDS = 4.0
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_STEADY_SECONDS = 60.0


class Child:
    """A running process. `ended` is its exit code, once it has ended: negative for a signal."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, reads: bool = False) -> None:
        """Start it. With `reads` its standard output can be read; without, it is ours."""
        output = subprocess.PIPE if reads else None
        self._process = subprocess.Popen(  # noqa: S603 - our own module and settings
            command, stdin=subprocess.PIPE, stdout=output, env={**os.environ, **environment}
        )
        self.pid = self._process.pid
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self._line: asyncio.Future[bytes] = self._loop.create_future()
        threading.Thread(target=self._wait, name=f"child-{self.pid}", daemon=True).start()

    async def first_line(self) -> bytes:
        """The first line that it prints; empty where it prints none or is not read."""
        return await asyncio.shield(self._line)

    def terminate(self) -> None:
        """Tell it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    async def stop(self, grace_seconds: float) -> None:
        """Tell it to end, wait, and end it where that takes longer than `grace_seconds`."""
        self.terminate()
        try:
            async with asyncio.timeout(grace_seconds):
                await asyncio.shield(self.ended)
        except TimeoutError:
            self.kill()
            await self.ended

    def _send(self, number: int) -> None:
        if not self.ended.done():
            self._process.send_signal(number)

    def _wait(self) -> None:
        """Read the first line, then wait for the end. In a thread of its own, as both block."""
        output = self._process.stdout
        self._tell(self._line, output.readline() if output is not None else b"")
        code = self._process.wait()
        for pipe in (self._process.stdin, output):
            if pipe is not None:
                pipe.close()
        self._tell(self.ended, code)

    def _tell(self, future: asyncio.Future[T], value: T) -> None:
        # The loop may be gone: who ends with a second signal waits for nobody.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(_set, future, value)


def _set(future: asyncio.Future[T], value: T) -> None:
    if not future.done():
        future.set_result(value)


async def keep_running(name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a child until this task is cancelled; one that ends is started again, later each time it ends young."""
    log = structlog.get_logger()
    clock = asyncio.get_running_loop().time
    pause = _FIRST_PAUSE_SECONDS
    while True:
        started = clock()
        child = Child(command, environment)
        try:
            code = await asyncio.shield(child.ended)
        finally:
            await asyncio.shield(child.stop(END_SECONDS))
        pause = _FIRST_PAUSE_SECONDS if clock() - started > _STEADY_SECONDS else pause
        log.error("child ended; it is started again", child=name, exit_code=code, seconds=pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
