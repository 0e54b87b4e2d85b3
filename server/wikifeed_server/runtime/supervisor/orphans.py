"""Reaping what other processes left: the duty of process 1, which the supervisor is in a container."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

_STATE, _PARENT = 0, 1  # fields of /proc/PID/stat behind the name


async def reap_orphans(every_seconds: float = 5.0) -> None:
    """Reap, until this task is cancelled, dead processes that nobody waits for.

    What this process started itself is waited for elsewhere and dead for a moment only: it is left alone for a turn.
    """
    seen: set[int] = set()
    while True:
        dead = await asyncio.to_thread(_dead_children)
        for pid in dead & seen:
            _reap(pid)
        seen = dead - seen
        await asyncio.sleep(every_seconds)


def _reap(pid: int) -> None:
    # Who did wait for it after all has it by then.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _dead_children() -> set[int]:
    """Children of this process that have ended and were not waited for."""
    own = str(os.getpid())
    dead = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if fields[_PARENT] == own and fields[_STATE] == "Z":
                dead.add(int(path.parent.name))
    return dead
