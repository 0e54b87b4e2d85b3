"""/v2/batches/{date}/{hour}: the changes of a closed hour, one .tar.gz for each project and namespace.

An hour that is not over, or is not kept any more, has an empty list. Realtime must be in the caller's plan.
"""

import asyncio
from collections.abc import Iterable, Sequence

from aiohttp import web

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import ListBatchesRequest
from wikifeed_server.accounts import UsageKind, batch_file
from wikifeed_server.batches import BatchLibrary, StoredBatch
from wikifeed_server.batches.hours import hour_at
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.files import StoredFile, answer_file
from wikifeed_server.gateway.parts import CALLER, Parts
from wikifeed_server.gateway.routing import both
from wikifeed_server.gateway.showing import show_all, show_one
from wikifeed_server.services.batch import batch_message
from wikifeed_server.snapshots import Format
from wikifeed_server.snapshots.joining import Piece

_LIST = "/wikifeed.v1.BatchService/ListBatches"
_PATH = "/v2/batches/{date}/{hour}"


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of batches."""

    async def batches(request: web.Request) -> web.Response:
        async def find() -> Iterable[Batch]:
            return [batch_message(batch) for batch in await _all(parts, request)]

        return await show_all(parts, request, Batch.DESCRIPTOR, find)

    async def batch(request: web.Request) -> web.Response:
        async def find() -> Batch:
            return batch_message(await _one(parts, request))

        return await show_one(parts, request, Batch.DESCRIPTOR, find)

    async def download(request: web.Request) -> web.StreamResponse:
        return await _send(parts, request, await _one(parts, request))

    return [
        *both(_PATH, batches),
        *both(f"{_PATH}/{{identifier}}", batch),
        web.get(f"{_PATH}/{{identifier}}/download", download),
    ]


async def _all(parts: Parts, request: web.Request) -> Sequence[StoredBatch]:
    """The batches of the path's hour that the caller may see. Raises HttpError (404) where it names no hour."""
    date, number = request.match_info["date"], request.match_info["hour"]
    hour = hour_at(f"{date}/{number}")
    if hour is None:
        raise HttpError(404, f"{date[:32]}/{number[:32]} is no hour: one is written as 2026-01-31/07, in UTC")
    asked = ListBatchesRequest()
    asked.hour.FromMicroseconds(hour)
    asked = await admitted(parts, request, _LIST, asked)
    return await asyncio.to_thread(_stored, parts.batches, hour, frozenset(asked.projects))


def _stored(library: BatchLibrary, hour: int, projects: frozenset[str]) -> Sequence[StoredBatch]:
    return [
        batch
        for batch in library.batches(hour)
        if batch.entry.format is Format.TAR_GZ and (not projects or batch.entry.project in projects)
    ]


async def _one(parts: Parts, request: web.Request) -> StoredBatch:
    """The batch that the path names. Raises HttpError (404)."""
    name = request.match_info["identifier"]
    for batch in await _all(parts, request):
        if batch.entry.identifier == name:
            return batch
    problem = (
        f"there is no batch {name[:128]!r} of that hour that your plan shows: the hour is not over, nothing changed "
        "there, or it is not kept any more"
    )
    raise HttpError(404, problem)


async def _send(parts: Parts, request: web.Request, batch: StoredBatch) -> web.StreamResponse:
    manifest, entry, stored = batch.manifest, batch.entry, batch.entry.file
    pieces = (Piece(stored.file_name, 0, stored.size_bytes),)
    file = StoredFile(batch.path.parent, pieces, stored.file_name, stored.md5, manifest.finished)
    counted = batch_file(entry.identifier, manifest.hour)

    async def admit() -> None:
        await parts.guard.admit_download(request[CALLER], UsageKind.BATCH_DOWNLOAD, entry.project, counted)

    return await answer_file(parts, request, file, admit)
