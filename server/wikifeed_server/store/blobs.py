"""Files beside a store: snapshots and batches.

Promise: a blob is seen whole or not at all. It is written under a hidden name, flushed to the disk, renamed, and the
folder that names it flushed as well; a name that `names` lists survives kill -9 and power loss. What a killed process
leaves behind is never listed, and is removed by the next `create`.
"""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Self

from wikifeed_server.errors import StoreFullError

_UNFINISHED = ".unfinished"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Blob:
    """A committed file, open for reading. It stays readable when it is replaced or deleted meanwhile.

    `size` is in bytes, `modified` in microseconds since 1970.
    """

    def __init__(self, path: Path) -> None:
        """Open the file. Raises FileNotFoundError when there is none."""
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        status = os.fstat(self._descriptor)
        self.size = status.st_size
        self.modified = status.st_mtime_ns // 1000

    def read(self, position: int, length: int) -> bytes:
        """The bytes from `position` on: `length` of them, fewer only at the end of the file."""
        return os.pread(self._descriptor, length, position)

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class BlobFolder:
    """A folder of blobs. Names may have folders in them ("enwiki/17/part.gz"), but never lead out of this one."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self, prefix: str = "") -> list[str]:
        """The names of all committed blobs that begin with `prefix`, sorted."""
        found: list[str] = []
        for folder, folders, files in os.walk(self._root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = Path(folder).relative_to(self._root)
            found += [(inside / name).as_posix() for name in files if not name.startswith(".")]
        return sorted(name for name in found if name.startswith(prefix))

    def path(self, name: str) -> Path:
        """Where the blob is or would be. Raises ValueError for a name that is no plain relative path."""
        parts = name.split("/")
        if "\0" in name or any(not part or part.startswith(".") for part in parts):
            raise ValueError(f"{name!r} is no name for a blob: it takes folders and a file, none beginning with a dot")
        return self._root.joinpath(*parts)

    def open(self, name: str) -> Blob:
        """The blob, open for reading. Raises FileNotFoundError when there is none."""
        return Blob(self.path(name))

    @contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        """A file to write into: committed under `name` at a normal exit, gone at an exception.

        A blob of that name is replaced. Raises StoreFullError when the disk is full.
        """
        target = self.path(name)
        try:
            unfinished, file = self._begin()
            try:
                with file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                    make_folders(target.parent)
                    unfinished.replace(target)
                sync_folder(target.parent)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            finally:
                # Stays while somebody else writes; and an empty folder is no harm where it can't be removed.
                with suppress(OSError):
                    unfinished.parent.rmdir()
        except OSError as error:
            if error.errno in _FULL:
                raise disk_full(self._root) from error
            raise

    def delete(self, name: str) -> None:
        """Remove the blob; nothing happens when there is none."""
        path = self.path(name)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def _begin(self) -> tuple[Path, BinaryIO]:
        """A file to write into, locked for as long as it is open: a file without a lock has lost its writer."""
        folder = self._root / _UNFINISHED
        while True:
            make_folders(folder)
            try:
                for left in folder.iterdir():
                    _remove_unlocked(left)
                path = folder / secrets.token_hex(8)
                file = path.open("xb")
            except FileNotFoundError:  # Another process has just finished and removed the empty folder.
                continue
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_nlink:
                return path, file
            file.close()  # Another process took it for a remnant between our creating and locking it.


def _remove_unlocked(path: Path) -> None:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except (BlockingIOError, FileNotFoundError):
        return


def make_folders(folder: Path) -> None:
    """Make the folder and those above it where they are missing, each durable in the one that names it."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk: after a rename or a creation the file's own fsync is not enough."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_full(folder: Path) -> StoreFullError:
    """The error that says that the disk under `folder` is full, how much is free, and what to do."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(existing).free
    return StoreFullError(
        f"no room left for {folder}: {free / 1e6:,.1f} MB are free on its disk, or its quota or file size limit is "
        "reached; everything acknowledged is kept: free some space and start again",
        {"folder": str(folder), "free_bytes": str(free)},
    )
