"""Keeps what a long read needs from being dropped meanwhile.

A hold is a locked file in a folder beside the database; its name begins with the offset from which on it keeps the log.
The kernel keeps the lock (flock), so a hold is over as soon as its process is gone, however it went.

Promise: a hold that was taken is respected by everything that is dropped afterwards, and what it keeps was there when
it was taken. Whoever takes one, or drops something, has the folder's own lock meanwhile: a file is made and locked and
the log looked at, or the files are looked at and something is dropped, never both at once.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store.blobs import make_folders
from wikifeed_server.store.embedded.faults import folder_error
from wikifeed_server.store.embedded.schema import INT64_MAX

FOLDER = "holds"


class Hold:
    """Keeps the log of a store from an offset on, from `take` to `close`, which may be called by another thread."""

    def __init__(self, folder: Path, offset: int) -> None:
        self._folder = folder / FOLDER
        self._offset = max(offset, 1)
        self._path = self._folder / f"{self._offset}-{secrets.token_hex(8)}"
        self._descriptor = -1
        self._is_over = False
        self._lock = Lock()

    def take(self, oldest: Callable[[], int]) -> None:
        """Begin, unless `close` was called already. `oldest` tells from which offset on the log is kept.

        Waits while something is being dropped: milliseconds, unless the writer keeps that waiting. Raises
        OffsetExpiredError, StoreError.
        """
        try:
            make_folders(self._folder)
            with _locked(self._folder), self._lock:
                kept = oldest()
                if self._offset < kept:
                    raise OffsetExpiredError(self._offset - 1, kept)
                if not self._is_over:
                    self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
                    fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise folder_error(self._folder, error) from error

    def close(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._is_over = True
            if self._descriptor >= 0:
                self._path.unlink(missing_ok=True)
                os.close(self._descriptor)
                self._descriptor = -1


class Holds:
    """All holds of a store, for who drops something."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        self._folder = folder / FOLDER
        make_folders(self._folder)

    @contextmanager
    def alone(self) -> Iterator[int]:
        """Keep others from taking a hold; the least offset held, INT64_MAX where none is."""
        with _locked(self._folder):
            held = (int(path.name.partition("-")[0]) for path in list(self._folder.iterdir()) if _is_held(path))
            yield min(held, default=INT64_MAX)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_held(path: Path) -> bool:
    """Whether the file's process lives; the file of one that does not is removed."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(descriptor)
