"""The calls that bring files: snapshots and hourly batches, for asyncio."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import GetBatchRequest
from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed.v1.snapshot_service_pb2 import GetSnapshotResponse, ListSnapshotsRequest
from wikifeed_client._aio.calls import AsyncCalls
from wikifeed_client._aio.exporting import AsyncExporter
from wikifeed_client._exporting import Export, SnapshotKind, is_ready, poll_seconds, snapshot_request
from wikifeed_client._pieces import EXPORT_BATCH, EXPORT_SNAPSHOT
from wikifeed_client._planning import ExportPlan, ExportProgress, at_a_time, batch_plan, snapshot_plan
from wikifeed_client._requests import batches_request, timestamp


class AsyncFileCalls(AsyncCalls):
    """Snapshots and hourly batches."""

    async def snapshots(self, *, projects: Sequence[str] = ()) -> AsyncIterator[Snapshot]:
        """All snapshots, those being written included, the newest first within each identifier."""
        request = ListSnapshotsRequest(projects=projects)
        while True:
            page = await self._ask(self._snapshots.ListSnapshots, request)
            for each in page.snapshots:
                yield each
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def snapshot(self, which: str | SnapshotKind, *, offset: int = 0) -> GetSnapshotResponse:
        """A snapshot and its chunks, the newest unless an offset is given. Raises NotFoundError."""
        return await self._ask(self._snapshots.GetSnapshot, snapshot_request(which, offset))

    async def create_snapshot(self, kind: SnapshotKind, *, chunk_size_bytes: int = 0) -> Snapshot:
        """Have a snapshot made as of the newest offset, and wait until it is. Raises WikifeedError when that fails."""
        made = (await self._ask(self._snapshots.CreateSnapshot, kind.creation(chunk_size_bytes))).snapshot
        return (await self._ready(made.identifier, made.offset)).snapshot

    async def export(
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
        found = await self._ready(which, offset)
        plan = await asyncio.to_thread(snapshot_plan, found, folder, self._reconnecting, progress)
        return Export(
            found.snapshot,
            await self._fetched(self._channel.unary_stream(*EXPORT_SNAPSHOT), plan, parallel or at_a_time()),
        )

    async def batches(
        self,
        *,
        hour: datetime | None = None,
        projects: Sequence[str] = (),
        namespaces: Sequence[int] = (),
    ) -> AsyncIterator[Batch]:
        """The batches of closed hours, the newest hour first; of one hour where a moment of it is given."""
        request = batches_request(hour, projects, namespaces)
        while True:
            page = await self._ask(self._batches.ListBatches, request)
            for each in page.batches:
                yield each
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def batch(self, hour: datetime, identifier: str) -> Batch:
        """The batch of the hour that a moment is in: "enwiki_namespace_0". Raises NotFoundError."""
        request = GetBatchRequest(hour=timestamp(hour), identifier=identifier)
        return (await self._ask(self._batches.GetBatch, request)).batch

    async def export_batch(
        self,
        batch: Batch,
        folder: str | Path,
        *,
        progress: Callable[[ExportProgress], None] | None = None,
    ) -> Path:
        """Fetch a batch's file into a folder as `export` does; the file, whose lines are the hour's changes.

        Files of all hours bear the same name: take a folder for each.
        """
        plan = await asyncio.to_thread(batch_plan, batch, folder, self._reconnecting, progress)
        return (await self._fetched(self._channel.unary_stream(*EXPORT_BATCH), plan, 1))[0]

    async def _fetched(
        self, method: "grpc.aio.UnaryStreamMultiCallable[Any, Any]", plan: ExportPlan, parallel: int
    ) -> tuple[Path, ...]:
        exporter = AsyncExporter(method, plan, self._metadata, self._reconnecting.silence_seconds)
        return await exporter.run(parallel)

    async def _ready(self, which: str | SnapshotKind, offset: int) -> GetSnapshotResponse:
        """The snapshot once it is written."""
        for seconds in poll_seconds():
            found = await self.snapshot(which, offset=offset)
            if is_ready(found.snapshot):
                break
            offset = found.snapshot.offset
            await asyncio.sleep(seconds)
        return found
