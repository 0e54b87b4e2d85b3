"""The snapshots of a store: one folder for each attempt, `{identifier}/{offset}`.

Promises:

1. A folder with a manifest is a ready snapshot and never changes.
2. A folder without one is being written exactly as long as somebody holds the lock on its `writer.lock`. The kernel
   lets go of the lock when its holders die, however they die; from then on the attempt has failed.
3. Nobody writes a snapshot that is ready or being written: claims are made one after the other, under the library's
   own lock, and a claimed folder appears with its lock held.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import orjson

from wikifeed_server.snapshots.manifest import Manifest, spec_from_object
from wikifeed_server.snapshots.spec import SnapshotSpec, manifest_name
from wikifeed_server.store.blobs import make_folders, sync_folder

_ATTEMPT = "attempt.json"
_LOCK = "writer.lock"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,160}")
_DIED = "the process that wrote it ended without saying why; create the snapshot again"


class State(StrEnum):
    """How far a snapshot is."""

    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """One snapshot. `manifest` is there when it is ready, `error` when it failed; `created` is in microseconds."""

    spec: SnapshotSpec
    state: State
    folder: Path
    created: int
    articles_count: int = 0
    uncompressed_size_bytes: int = 0
    error: str = ""
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What `attempt.json` holds: what is known of a snapshot until it is ready."""

    spec: SnapshotSpec
    created: int
    articles_count: int = 0
    uncompressed_size_bytes: int = 0
    error: str = ""


class Claim(NamedTuple):
    """A folder to write a snapshot to. `lock` is the open file that keeps the claim; inherited, it keeps it there."""

    status: SnapshotStatus
    lock: int


class SnapshotLibrary:
    """Lists, finds and claims the snapshots of the store in `store_folder`. All methods block on the disk."""

    def __init__(self, store_folder: Path) -> None:
        self._folder = store_folder / "blobs" / "snapshots"
        self._manifests: dict[Path, tuple[tuple[int, int], Manifest]] = {}

    def list(self) -> list[SnapshotStatus]:
        """All snapshots, in the order of their identifiers, each newest first."""
        return [
            status
            for identifier in sorted(_folder_names(self._folder))
            for offset in self._offsets(identifier)
            if (status := self._status(identifier, offset))
        ]

    def get(self, identifier: str, offset: int = 0) -> SnapshotStatus | None:
        """The snapshot of that offset; for offset 0 the newest that is ready or, where none is, the newest."""
        if not _IDENTIFIER.fullmatch(identifier):
            return None
        if offset:
            return self._status(identifier, offset)
        statuses = [s for o in self._offsets(identifier) if (s := self._status(identifier, o))]
        ready = [status for status in statuses if status.state is State.READY]
        return next(iter(ready or statuses), None)

    def claim(self, spec: SnapshotSpec) -> Claim | SnapshotStatus:
        """A claim to write this snapshot, or the snapshot where it is ready or being written.

        What failed attempts at the same identifier left is removed.
        """
        with self._one_at_a_time():
            for offset in self._offsets(spec.identifier):
                status = self._status(spec.identifier, offset)
                if status is None or status.state is State.FAILED:
                    shutil.rmtree(self._path(spec.identifier, offset))
                elif offset == spec.offset:
                    return status
            return self._make_claim(spec)

    def report(self, status: SnapshotStatus, articles_count: int, uncompressed_size_bytes: int) -> None:
        """Note how far the claimed snapshot is."""
        _write_attempt(status.folder, _Attempt(status.spec, status.created, articles_count, uncompressed_size_bytes))

    def fail(self, status: SnapshotStatus, error: str) -> None:
        """Note why the claimed snapshot failed, and remove all else of it. A ready snapshot stays as it is."""
        if (status.folder / manifest_name(status.spec.identifier)).exists() or not status.folder.exists():
            return
        for path in status.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in {_ATTEMPT, _LOCK}:
                path.unlink()
        _write_attempt(status.folder, _Attempt(status.spec, status.created, error=error))

    def drop(self, status: SnapshotStatus) -> None:
        """Remove a snapshot that is not being written. Who has a file of it open reads that to its end."""
        with self._one_at_a_time():
            hidden = status.folder.with_name(f".dropped-{status.folder.name}")
            status.folder.rename(hidden)
            shutil.rmtree(hidden)

    def _make_claim(self, spec: SnapshotSpec) -> Claim:
        folder = self._path(spec.identifier, spec.offset)
        make_folders(folder.parent)
        unnamed = folder.parent / f".{folder.name}"
        shutil.rmtree(unnamed, ignore_errors=True)
        unnamed.mkdir()
        attempt = _Attempt(spec, time.time_ns() // 1000)
        _write_attempt(unnamed, attempt)
        lock = os.open(unnamed / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            unnamed.rename(folder)
            sync_folder(folder.parent)
        except OSError:
            os.close(lock)
            raise
        return Claim(SnapshotStatus(spec, State.WRITING, folder, attempt.created), lock)

    def _status(self, identifier: str, offset: int) -> SnapshotStatus | None:
        folder = self._path(identifier, offset)
        # The order matters: a writer makes the manifest before it lets go of the lock.
        writing = _is_locked(folder)
        error = "" if writing else _DIED
        try:
            manifest = self._manifest(folder / manifest_name(identifier))
        except (ValueError, KeyError, TypeError) as reason:
            manifest, error = None, f"its manifest can't be read ({reason}); create the snapshot again"
        if manifest:
            return SnapshotStatus(
                spec=manifest.spec,
                state=State.READY,
                folder=folder,
                created=manifest.created,
                articles_count=manifest.articles_count,
                uncompressed_size_bytes=manifest.uncompressed_size_bytes,
                manifest=manifest,
            )
        attempt = _read_attempt(folder)
        if attempt is None:
            return None
        error = attempt.error or error
        return SnapshotStatus(
            spec=attempt.spec,
            state=State.FAILED if error else State.WRITING,
            folder=folder,
            created=attempt.created,
            articles_count=attempt.articles_count,
            uncompressed_size_bytes=attempt.uncompressed_size_bytes,
            error=error,
        )

    def _manifest(self, path: Path) -> Manifest | None:
        try:
            file = path.stat()
        except FileNotFoundError:
            return None
        known = self._manifests.get(path)
        if known is None or known[0] != (file.st_ino, file.st_mtime_ns):
            known = self._manifests[path] = (file.st_ino, file.st_mtime_ns), Manifest.from_json(path.read_bytes())
        return known[1]

    def _offsets(self, identifier: str) -> Sequence[int]:
        names = _folder_names(self._folder / identifier)
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def _path(self, identifier: str, offset: int) -> Path:
        return self._folder / identifier / str(offset)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        make_folders(self._folder)
        with (self._folder / ".claims.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _folder_names(folder: Path) -> Sequence[str]:
    try:
        return [path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except FileNotFoundError:
        return []


def _is_locked(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _read_attempt(folder: Path) -> _Attempt | None:
    try:
        values = orjson.loads((folder / _ATTEMPT).read_bytes())
        return _Attempt(**{**values, "spec": spec_from_object(values["spec"])})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # Not one of ours, or lost with the machine's power before it reached the disk.
        return None


def _write_attempt(folder: Path, attempt: _Attempt) -> None:
    """Replace the file in one step: others read it at any time."""
    unnamed = folder / f"{_ATTEMPT}.{os.getpid()}"
    unnamed.write_bytes(orjson.dumps(asdict(attempt)))
    unnamed.rename(folder / _ATTEMPT)
