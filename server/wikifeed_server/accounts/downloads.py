"""Which file an RPC that sends files, or tells of a snapshot, is about, and as what it counts."""

import asyncio
from typing import Any, NamedTuple

from google.protobuf.message import Message

from wikifeed_server.accounts.entitlements import batch_file, snapshot_file
from wikifeed_server.accounts.model import Cadence, Caller, Plan, UsageKind
from wikifeed_server.accounts.visibility import visible_snapshots
from wikifeed_server.errors import PermissionDeniedError
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotStatus, State

_GET_SNAPSHOT = "/wikifeed.v1.SnapshotService/GetSnapshot"
_EXPORT_SNAPSHOT = "/wikifeed.v1.SnapshotService/ExportSnapshot"
_EXPORT_BATCH = "/wikifeed.v1.BatchService/ExportBatch"


class Download(NamedTuple):
    """A request with the offset of the snapshot that it is about, and what it counts as; None: as nothing."""

    request: Message
    kind: UsageKind | None = None
    file: str = ""


class Downloads:
    """Finds the files of requests among the snapshots of `library`."""

    def __init__(self, library: SnapshotLibrary) -> None:
        self._library = library

    def has(self, method: str) -> bool:
        """Whether a method is one that sends files, or tells of a snapshot."""
        return method in {_GET_SNAPSHOT, _EXPORT_SNAPSHOT, _EXPORT_BATCH}

    async def find(self, caller: Caller, method: str, request: Any) -> Download:
        """What a request of such a method counts as.

        Raises PermissionDeniedError for a snapshot that the caller's plan does not show.
        """
        if method == _EXPORT_BATCH:
            file = batch_file(request.identifier, request.hour.ToMicroseconds())
            return Download(request, UsageKind.BATCH_DOWNLOAD, file)
        if method == _GET_SNAPSHOT and caller.plan.snapshot_cadence is Cadence.DAILY:
            return Download(request)
        status = await asyncio.to_thread(self._snapshot, caller.plan, request.identifier, request.offset)
        if status is None:
            return Download(request)
        if not request.offset:
            request = _at_offset(request, status.spec.offset)
        if method == _GET_SNAPSHOT or status.manifest is None:
            return Download(request)
        return _export(request, status, len(status.manifest.chunks))

    def _snapshot(self, plan: Plan, identifier: str, offset: int) -> SnapshotStatus | None:
        """The snapshot that a request is about; None where there is none."""
        if plan.snapshot_cadence is Cadence.DAILY:
            return self._library.get(identifier, offset)
        alike = [each for each in self._library.list() if each.spec.identifier == identifier]
        shown = [each for each in visible_snapshots(plan, alike) if offset in (0, each.spec.offset)]
        if not shown and any(offset in (0, each.spec.offset) for each in alike if each.state is State.READY):
            raise PermissionDeniedError(
                f"the plan {plan.identifier!r} shows of each month the first snapshot alone: export {identifier} with "
                "offset 0, or ask for another plan",
                {"plan": plan.identifier},
            )
        return next(iter(shown), None)


def _at_offset(request: Any, offset: int) -> Any:
    """A copy that names the snapshot: a newer one may be ready before the request is answered."""
    copy = type(request)()
    copy.CopyFrom(request)
    copy.offset = offset
    return copy


def _export(request: Any, status: SnapshotStatus, chunks: int) -> Download:
    spec, first = status.spec, request.first_chunk
    alone = request.chunk_count == 1 or first + 1 == chunks
    if spec.chunk_bound_bytes and alone:
        return Download(request, UsageKind.CHUNK_DOWNLOAD, snapshot_file(spec.chunk_identifier(first), spec.offset))
    return Download(request, UsageKind.SNAPSHOT_DOWNLOAD, snapshot_file(spec.identifier, spec.offset))
