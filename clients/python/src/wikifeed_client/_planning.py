"""All files of an export: how each is asked for, and how far they are together."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import ExportBatchRequest
from wikifeed.v1.snapshot_pb2 import Chunk
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest, GetSnapshotResponse
from wikifeed_client._exporting import ChunkFile
from wikifeed_client._reconnecting import Reconnecting

_LEAST_PARALLEL, _MOST_PARALLEL = 2, 4


class ExportProgress(NamedTuple):
    """How far an export is, what lay in the folder included. `file_name` is the file that grew."""

    done_bytes: int
    total_bytes: int
    file_name: str


class ExportPlan:
    """All files of an export, and how much of them is there. `tell` is told whenever some came."""

    def __init__(self, files: Sequence[ChunkFile], tell: Callable[[ExportProgress], None] | None) -> None:
        self.files = files
        self._total = sum(file.size_bytes for file in files)
        self._tell = tell

    def told(self, file: ChunkFile) -> None:
        """Report that a file grew, or was there."""
        if self._tell is not None:
            done = sum(each.position for each in self.files)
            self._tell(ExportProgress(done, self._total, file.path.name))

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the files are once they are whole."""
        return tuple(file.path for file in self.files)


def at_a_time() -> int:
    """How many files are fetched at a time: as many as there are cores to check them, within bounds."""
    return max(_LEAST_PARALLEL, min(os.cpu_count() or 1, _MOST_PARALLEL))


def snapshot_plan(
    found: GetSnapshotResponse,
    folder: str | Path,
    options: Reconnecting,
    tell: Callable[[ExportProgress], None] | None,
) -> ExportPlan:
    """The plan that fetches a snapshot's files. Makes the folder."""
    snapshot, place = found.snapshot, _made(folder)

    def file(number: int, chunk: Chunk) -> ChunkFile:
        def ask(position: int) -> ExportSnapshotRequest:
            return ExportSnapshotRequest(
                identifier=snapshot.identifier,
                offset=snapshot.offset,
                first_chunk=number,
                start_position=position,
                chunk_count=1,
            )

        return ChunkFile(place, number, chunk, ask, options)

    return ExportPlan([file(number, chunk) for number, chunk in enumerate(found.chunks)], tell)


def batch_plan(
    batch: Batch, folder: str | Path, options: Reconnecting, tell: Callable[[ExportProgress], None] | None
) -> ExportPlan:
    """The plan that fetches an hourly batch's file. Makes the folder."""

    def ask(position: int) -> ExportBatchRequest:
        return ExportBatchRequest(hour=batch.hour, identifier=batch.identifier, start_position=position)

    return ExportPlan([ChunkFile(_made(folder), 0, batch, ask, options)], tell)


def _made(folder: str | Path) -> Path:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    return place
