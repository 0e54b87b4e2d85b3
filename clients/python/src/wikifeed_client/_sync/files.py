"""The calls that bring files: snapshots and hourly batches, for threads."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import GetBatchRequest
from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed.v1.snapshot_service_pb2 import GetSnapshotResponse, ListSnapshotsRequest
from wikifeed_client._exporting import Export, SnapshotKind, is_ready, poll_seconds, snapshot_request
from wikifeed_client._pieces import EXPORT_BATCH, EXPORT_SNAPSHOT
from wikifeed_client._planning import ExportPlan, ExportProgress, at_a_time, batch_plan, snapshot_plan
from wikifeed_client._requests import batches_request, timestamp
from wikifeed_client._sync.calls import Calls
from wikifeed_client._sync.exporting import Exporter


class FileCalls(Calls):
    """Snapshots and hourly batches."""

    def snapshots(self, *, projects: Sequence[str] = ()) -> Iterator[Snapshot]:
        """All snapshots, those being written included, the newest first within each identifier."""
        request = ListSnapshotsRequest(projects=projects)
        while True:
            page = self._ask(self._snapshots.ListSnapshots, request)
            yield from page.snapshots
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def snapshot(self, which: str | SnapshotKind, *, offset: int = 0) -> GetSnapshotResponse:
        """A snapshot and its chunks, the newest unless an offset is given. Raises NotFoundError."""
        return self._ask(self._snapshots.GetSnapshot, snapshot_request(which, offset))

    def create_snapshot(self, kind: SnapshotKind, *, chunk_size_bytes: int = 0) -> Snapshot:
        """Have a snapshot made as of the newest offset, and wait until it is. Raises WikifeedError when that fails."""
        made = self._ask(self._snapshots.CreateSnapshot, kind.creation(chunk_size_bytes)).snapshot
        return self._ready(made.identifier, made.offset).snapshot

    def export(
        self,
        which: str | SnapshotKind,
        folder: str | Path,
        *,
        offset: int = 0,
        parallel: int | None = None,
        progress: Callable[[ExportProgress], None] | None = None,
    ) -> Export:
        """Fetch a snapshot's files into a folder, and check every byte of them.

        `parallel` of them are fetched at a time: without it, as many as there are cores to check them, 2 to 4. What
        lies there already is kept: after a cut, a crash or a full disk the same call goes on. Raises NotFoundError,
        DamagedDataError when bytes are damaged however often they are asked for, and OSError when the disk takes no
        more.
        """
        found = self._ready(which, offset)
        plan = snapshot_plan(found, folder, self._reconnecting, progress)
        return Export(
            found.snapshot,
            self._fetched(self._export_channel.unary_stream(*EXPORT_SNAPSHOT), plan, parallel or at_a_time()),
        )

    def batches(
        self,
        *,
        hour: datetime | None = None,
        projects: Sequence[str] = (),
        namespaces: Sequence[int] = (),
    ) -> Iterator[Batch]:
        """The batches of closed hours, the newest hour first; of one hour where a moment of it is given."""
        request = batches_request(hour, projects, namespaces)
        while True:
            page = self._ask(self._batches.ListBatches, request)
            yield from page.batches
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def batch(self, hour: datetime, identifier: str) -> Batch:
        """The batch of the hour that a moment is in: "enwiki_namespace_0". Raises NotFoundError."""
        request = GetBatchRequest(hour=timestamp(hour), identifier=identifier)
        return self._ask(self._batches.GetBatch, request).batch

    def export_batch(
        self,
        batch: Batch,
        folder: str | Path,
        *,
        progress: Callable[[ExportProgress], None] | None = None,
    ) -> Path:
        """Fetch a batch's file into a folder as `export` does; the file, whose lines are the hour's changes.

        Files of all hours bear the same name: take a folder for each.
        """
        plan = batch_plan(batch, folder, self._reconnecting, progress)
        return self._fetched(self._export_channel.unary_stream(*EXPORT_BATCH), plan, 1)[0]

    def _fetched(
        self, method: "grpc.UnaryStreamMultiCallable[Any, Any]", plan: ExportPlan, parallel: int
    ) -> tuple[Path, ...]:
        exporter = Exporter(method, plan, self._metadata, self._reconnecting.silence_seconds)
        return exporter.run(parallel)

    def _ready(self, which: str | SnapshotKind, offset: int) -> GetSnapshotResponse:
        """The snapshot once it is written."""
        for seconds in poll_seconds():
            found = self.snapshot(which, offset=offset)
            if is_ready(found.snapshot):
                break
            offset = found.snapshot.offset
            time.sleep(seconds)
        return found
