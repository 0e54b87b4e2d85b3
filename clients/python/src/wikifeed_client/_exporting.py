"""Files of snapshots and hourly batches on their way to a folder: what is missing, what came, and whether it is right.

Promises:

1. A file has its name only when it is whole and its SHA-256 is what the server said; until then it is a hidden
   ".part" file, named after that sum, so that parts of two snapshots never mix.
2. A piece whose CRC-32C is wrong, or that is not the next one, is not written.
3. What lies in the folder is not fetched again, after a cut as after a restart.
4. Where the disk takes no more, what it took stays, and the next export goes on behind it.

Files are read and written here; calls are made and waits are waited by the shells (`_sync`, `_aio`).
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

import grpc

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import ExportBatchRequest
from wikifeed.v1.snapshot_pb2 import (
    SNAPSHOT_CONTENT_HTML,
    SNAPSHOT_CONTENT_JSON,
    SNAPSHOT_CONTENT_STRUCTURED,
    SNAPSHOT_CONTENT_WIKITEXT,
    SNAPSHOT_FORMAT_NDJSON_TAR_GZ,
    SNAPSHOT_FORMAT_NDJSON_ZST,
    SNAPSHOT_FORMAT_PARQUET,
    SNAPSHOT_STATE_FAILED,
    SNAPSHOT_STATE_READY,
    Chunk,
    Snapshot,
    SnapshotContent,
    SnapshotFormat,
)
from wikifeed.v1.snapshot_service_pb2 import (
    CreateSnapshotRequest,
    ExportSnapshotRequest,
    GetSnapshotRequest,
)
from wikifeed_client._checkpoints import sync_folder
from wikifeed_client._errors import DamagedDataError, UnavailableError, WikifeedError
from wikifeed_client._pieces import Piece
from wikifeed_client._reconnecting import Backoff, Reconnecting, is_passing

# The seconds between looks whether a snapshot is written: soon at first, for most are small.
_READY_POLLS = (0.05, 0.1, 0.2, 0.5, 1.0)
_LATER_POLLS = 2.0
_READ_BYTES = 1 << 20
_TRIES = 20  # in a row, without a byte that came: about two minutes
_DAMAGED_TRIES = 3
_REJECTED_FILES = 2
_CONTENTS = {
    SNAPSHOT_CONTENT_WIKITEXT: "_wikitext",
    SNAPSHOT_CONTENT_HTML: "_html",
    SNAPSHOT_CONTENT_STRUCTURED: "_structured",
}
_FORMATS = {SNAPSHOT_FORMAT_NDJSON_ZST: "_zst", SNAPSHOT_FORMAT_PARQUET: "_parquet"}


class Export(NamedTuple):
    """A snapshot that is in a folder: its files, in the order of their pages."""

    snapshot: Snapshot
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class SnapshotKind:
    """Which snapshot of a project's namespace: what it holds of each article, and the form of its files."""

    project: str
    namespace: int = 0
    content: "SnapshotContent.ValueType" = SNAPSHOT_CONTENT_JSON
    format: "SnapshotFormat.ValueType" = SNAPSHOT_FORMAT_NDJSON_TAR_GZ

    @property
    def identifier(self) -> str:
        """The identifier that the server gives snapshots of this kind."""
        ending = _CONTENTS.get(self.content, "") + _FORMATS.get(self.format, "")
        return f"{self.project}_namespace_{self.namespace}{ending}"

    def creation(self, chunk_size_bytes: int) -> CreateSnapshotRequest:
        """What asks for one to be made."""
        return CreateSnapshotRequest(
            project=self.project,
            namespace=self.namespace,
            content=self.content,
            format=self.format,
            chunk_size_bytes=chunk_size_bytes,
        )


def snapshot_request(which: str | SnapshotKind, offset: int) -> GetSnapshotRequest:
    """What asks for a snapshot, by its identifier or kind."""
    return GetSnapshotRequest(identifier=which if isinstance(which, str) else which.identifier, offset=offset)


def poll_seconds() -> Iterator[float]:
    """The waits between looks whether a snapshot is written, without end."""
    return chain(_READY_POLLS, repeat(_LATER_POLLS))


def is_ready(snapshot: Snapshot) -> bool:
    """Whether a snapshot is whole. Raises WikifeedError when writing it failed."""
    if snapshot.state == SNAPSHOT_STATE_FAILED:
        message = f"writing {snapshot.identifier} failed: {snapshot.error}"
        raise WikifeedError(message, grpc.StatusCode.FAILED_PRECONDITION, "SNAPSHOT_NOT_READY")
    return snapshot.state == SNAPSHOT_STATE_READY


Request = ExportSnapshotRequest | ExportBatchRequest


class ChunkFile:
    """One file on its way into a folder. `ask` makes the request of its bytes from a position on."""

    def __init__(
        self, folder: Path, number: int, chunk: Chunk | Batch, ask: Callable[[int], Request], options: Reconnecting
    ) -> None:
        if Path(chunk.file_name).name != chunk.file_name or chunk.file_name.startswith("."):
            raise DamagedDataError(f"the server names a file {chunk.file_name!r}, which is no plain file name")
        self.path = folder / chunk.file_name
        self.size_bytes = chunk.size_bytes
        self.position = 0
        self._part = folder / f".{chunk.file_name}.{chunk.sha256[:16]}.part"
        self._number = number
        self._ask = ask
        self._sha256 = chunk.sha256
        self._digest = hashlib.sha256()
        self._backoff = Backoff(options)
        self._damaged = 0
        self._rejected = 0  # whole files; that their pieces came and seemed right does not count for them

    def look(self) -> bool:
        """Take up what lies in the folder; whether the file is there whole."""
        if self.path.exists() and self.path.stat().st_size == self.size_bytes and self._take_up(self.path):
            return True
        if self._part.exists() and self._part.stat().st_size <= self.size_bytes:
            self._take_up(self._part)
        else:
            self._begin_anew()
        return False

    def request(self) -> Request:
        """What asks for the bytes that are missing."""
        return self._ask(self.position)

    def add(self, piece: Piece) -> None:
        """Write a piece. Raises DamagedDataError when it is not the next one, or not what its sum says; OSError."""
        if (piece.chunk_number, piece.position) != (self._number, self.position):
            raise DamagedDataError(f"{self.path.name}: a piece of another place came than byte {self.position}")
        data = piece.data
        if not piece.is_intact:
            raise DamagedDataError(f"{self.path.name}: the piece at byte {self.position} is damaged")
        if self.position + len(data) > self.size_bytes:
            raise DamagedDataError(f"{self.path.name}: more came than its {self.size_bytes} bytes")
        self._write(data)
        self._digest.update(data)
        self.position += len(data)
        if data:
            self._backoff.reset()
            self._damaged = 0

    def finish(self) -> bool:
        """Give the file its name once all of it is there; whether it is.

        Raises DamagedDataError when it is damaged a second time; the first time it is fetched anew.
        """
        if self.position < self.size_bytes:
            return False
        if self._digest.hexdigest() != self._sha256:
            self._begin_anew()
            self._rejected += 1
            if self._rejected == _REJECTED_FILES:
                raise DamagedDataError(f"{self.path.name}: its SHA-256 is not what the server says")
            return False
        with self._part.open("ab") as file:
            os.fsync(file.fileno())
        self._part.replace(self.path)
        sync_folder(self.path.parent)
        return True

    def failed(self, error: WikifeedError) -> float:
        """How many seconds to wait before the next call, after one that ended with `error`. Raises what stays."""
        if not is_passing(error) or self._backoff.tries >= _TRIES:
            raise error
        return self._backoff.wait_seconds()

    def silent(self) -> float:
        """The same after a call on which nothing came for too long."""
        return self.failed(UnavailableError("the server fell silent", grpc.StatusCode.UNAVAILABLE))

    def damaged(self, error: DamagedDataError) -> float:
        """The same after damaged bytes. Raises `error` when that was so several times in a row."""
        self._damaged += 1
        if self._damaged >= _DAMAGED_TRIES:
            raise error
        return self._backoff.wait_seconds()

    def ended(self) -> float:
        """The same after a call that ended without an error; no wait when all has come."""
        if self.position == self.size_bytes:
            return 0
        return self.failed(UnavailableError("the export ended early", grpc.StatusCode.UNAVAILABLE))

    def _write(self, rest: memoryview) -> None:
        try:
            with FileIO(self._part, "ab") as file:
                while rest:
                    rest = rest[file.write(rest) :]
        except OSError as error:
            place = f"at byte {self.position} of {self.size_bytes}; what came is kept, and the next export goes on"
            raise OSError(error.errno, f"{error.strerror}, {place}", str(self.path)) from error

    def _take_up(self, path: Path) -> bool:
        """Continue the sum over a file's bytes; whether it is that of the whole."""
        self._digest = hashlib.sha256()
        self.position = 0
        with path.open("rb") as file:
            while data := file.read(_READ_BYTES):
                self._digest.update(data)
                self.position += len(data)
        return self._digest.hexdigest() == self._sha256

    def _begin_anew(self) -> None:
        self._part.unlink(missing_ok=True)
        self._part.touch()
        self._digest = hashlib.sha256()
        self.position = 0
