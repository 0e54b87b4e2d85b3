"""The locks that make a store's writer, and who drops old changes beside it, the only one.

Promise: whoever holds one is the only holder of all processes, and it is free as soon as that process is gone, however
it went. The kernel keeps it (flock), not the file's content, which only tells others whom to look for.
"""

import fcntl
import os
import shlex
import socket
import sys
import weakref
from datetime import UTC, datetime
from pathlib import Path

from wikifeed_server.errors import StoreBusyError

LOCK = "writer.lock"
RETENTION_LOCK = "retention.lock"
CHORES_LOCK = "chores.lock"
_TASKS = {
    LOCK: ("writes to", "a store has one writer: wait until it ends, or stop it"),
    CHORES_LOCK: ("does the chores of", "one is enough: wait until it ends, or stop it"),
    RETENTION_LOCK: ("drops old changes of", "one is enough: wait until it ends, or stop it"),
}
_LONGEST_COMMAND = 300


class StoreLock:
    """A lock of one folder, held from construction to `close`."""

    def __init__(self, folder: Path, name: str = LOCK) -> None:
        """Take the lock of that name. Raises StoreBusyError, which names the holder, and OSError."""
        self._descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._descriptor, 4096, 0).decode(errors="replace").strip()
            self._forget()
            raise _busy(folder, name, holder) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, _description().encode(errors="replace"), 0)
        self._forget_in_children()

    def close(self) -> None:
        """Let go of the lock; a second call does nothing."""
        if self._descriptor >= 0:
            # A child that is just being forked may still have the descriptor: unlocking counts for both.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self._forget()

    def _forget(self) -> None:
        """Close this process's descriptor and leave the lock to others who have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _forget_in_children(self) -> None:
        """See that a forked child does not share the lock: worker processes that outlive a killed writer for a moment
        would keep the next one out."""
        reference = weakref.ref(self)

        def forget_inherited() -> None:
            lock = reference()
            if lock is not None:
                lock._forget()

        os.register_at_fork(after_in_child=forget_inherited)


def _description() -> str:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    command = " ".join(shlex.join(sys.orig_argv).split())[:_LONGEST_COMMAND]
    return f"process {os.getpid()} on {socket.gethostname()} since {since}: {command}\n"


def _busy(folder: Path, name: str, holder: str) -> StoreBusyError:
    does, advice = _TASKS[name]
    return StoreBusyError(
        f"another process {does} {folder}: {holder or 'it is just starting'}; {advice}",
        {"folder": str(folder), "holder": holder},
    )
