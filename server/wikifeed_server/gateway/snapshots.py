"""/v2/snapshots and /v2/snapshots/structured-contents: the newest snapshot of each project and namespace, as files.

Only what Enterprise has is here: ready snapshots in .tar.gz, of articles' JSON or of structured contents, and of those
what the caller's plan shows. Structured contents are shown under Enterprise's identifiers, "enwiki_namespace_0", and
found under the contract's, "enwiki_namespace_0_structured", too.

A snapshot's files are its chunks, and each has at least one: where it has one file alone, that is its chunk 0 and the
whole. Where it has several, the whole is made of pieces of them, as their manifest says. Manifests of earlier versions
do not say it: of these the chunks alone are to be had, and the error says where.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from aiohttp import web

from wikifeed.v1.snapshot_pb2 import Chunk, Snapshot
from wikifeed.v1.snapshot_service_pb2 import ListSnapshotsRequest
from wikifeed_server.accounts import Cadence, Plan, UsageKind, snapshot_file
from wikifeed_server.accounts.visibility import visible_snapshots
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.files import StoredFile, answer_file
from wikifeed_server.gateway.parts import CALLER, Parts
from wikifeed_server.gateway.routing import both
from wikifeed_server.gateway.showing import show_all, show_one
from wikifeed_server.services.snapshot import chunk_messages, snapshot_message
from wikifeed_server.snapshots import (
    ChunkEntry,
    Content,
    Format,
    Manifest,
    SnapshotLibrary,
    SnapshotSpec,
    SnapshotStatus,
)
from wikifeed_server.snapshots.joining import Piece
from wikifeed_server.snapshots.manifest import WholeEntry

_LIST = "/wikifeed.v1.SnapshotService/ListSnapshots"
_CHUNK = "_chunk_"
_MOST_DIGITS = 9


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of snapshots. Those of structured contents come first, for their name could be an identifier."""
    return [
        *_shelf(parts, "/v2/snapshots/structured-contents", Content.STRUCTURED),
        *_shelf(parts, "/v2/snapshots", Content.JSON),
    ]


class _Ready(NamedTuple):
    """A snapshot that is ready."""

    status: SnapshotStatus
    manifest: Manifest


def _shelf(parts: Parts, path: str, content: Content) -> list[web.RouteDef]:
    """The routes of snapshots of one content."""

    async def snapshots(request: web.Request) -> web.Response:
        async def find() -> Iterable[Snapshot]:
            return [_snapshot(ready) for ready in await _all(parts, request, content)]

        return await show_all(parts, request, Snapshot.DESCRIPTOR, find)

    async def snapshot(request: web.Request) -> web.Response:
        async def find() -> Snapshot:
            return _snapshot(await _one(parts, request, content))

        return await show_one(parts, request, Snapshot.DESCRIPTOR, find)

    async def chunks(request: web.Request) -> web.Response:
        async def find() -> Iterable[Chunk]:
            return _chunks(await _one(parts, request, content))

        return await show_all(parts, request, Chunk.DESCRIPTOR, find)

    async def chunk(request: web.Request) -> web.Response:
        async def find() -> Chunk:
            ready = await _one(parts, request, content)
            return _chunks(ready)[_chunk_number(request, ready)]

        return await show_one(parts, request, Chunk.DESCRIPTOR, find)

    async def download(request: web.Request) -> web.StreamResponse:
        ready = await _one(parts, request, content)
        whole, chunks = ready.manifest.whole, ready.manifest.chunks
        if whole is None and len(chunks) > 1:
            name, last = _enterprise(ready.manifest.spec).identifier, len(chunks) - 1
            problem = f"{name} has {len(chunks)} files: download {path}/{name}/chunks/{name}{_CHUNK}0 to {_CHUNK}{last}"
            raise HttpError(409, problem)
        return await _send(parts, request, ready, whole or _alone(chunks[0]))

    async def download_chunk(request: web.Request) -> web.StreamResponse:
        ready = await _one(parts, request, content)
        number = _chunk_number(request, ready)
        is_part = ready.manifest.spec.chunk_bound_bytes > 0
        return await _send(parts, request, ready, _alone(ready.manifest.chunks[number]), number if is_part else None)

    return [
        *both(path, snapshots),
        *both(f"{path}/", snapshots),  # as some clients write it, who can't be sent elsewhere with a POST
        *both(f"{path}/{{identifier}}", snapshot),
        web.get(f"{path}/{{identifier}}/download", download),
        *both(f"{path}/{{identifier}}/chunks", chunks),
        *both(f"{path}/{{identifier}}/chunks/{{chunk}}", chunk),
        web.get(f"{path}/{{identifier}}/chunks/{{chunk}}/download", download_chunk),
    ]


async def _all(parts: Parts, request: web.Request, content: Content, identifier: str = "") -> Sequence[_Ready]:
    """The newest of each identifier that the caller may see; of the contract's one where that is given."""
    asked = await admitted(parts, request, _LIST, ListSnapshotsRequest())
    found = await asyncio.to_thread(_newest, parts.snapshots, request[CALLER].plan, content, identifier)
    return [each for each in found if not asked.projects or each.status.spec.project in asked.projects]


def _newest(library: SnapshotLibrary, plan: Plan, content: Content, identifier: str) -> Sequence[_Ready]:
    if identifier and plan.snapshot_cadence is Cadence.DAILY:
        newest = library.get(identifier)
        statuses = [newest] if newest else []
    else:
        statuses = [each for each in library.list() if identifier in ("", each.spec.identifier)]
    found: dict[str, _Ready] = {}
    for status in visible_snapshots(plan, statuses):
        spec = status.spec
        if status.manifest and spec.content is content and spec.format is Format.TAR_GZ:
            found.setdefault(spec.identifier, _Ready(status, status.manifest))
    return list(found.values())


async def _one(parts: Parts, request: web.Request, content: Content) -> _Ready:
    """The snapshot that the path names. Raises HttpError (404)."""
    name = request.match_info["identifier"]
    ending = "" if content is Content.JSON else f"_{content}"
    found = await _all(parts, request, content, name.removesuffix(ending) + ending)
    if not found:
        raise HttpError(404, f"there is no snapshot {name[:128]!r} here that is ready and that your plan shows")
    return found[0]


def _chunk_number(request: web.Request, ready: _Ready) -> int:
    """The chunk that the path names. Raises HttpError (404)."""
    name, spec = request.match_info["chunk"], ready.manifest.spec
    digits = name.rpartition(_CHUNK)[2]
    if digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        number = int(digits)
        alike = (spec.chunk_identifier(number), _enterprise(spec).chunk_identifier(number))
        if name in alike and number < len(ready.manifest.chunks):
            return number
    last = len(ready.manifest.chunks) - 1
    problem = f"the snapshot has no chunk {name[:128]!r}: its last one is {_enterprise(spec).chunk_identifier(last)}"
    raise HttpError(404, problem)


def _alone(chunk: ChunkEntry) -> WholeEntry:
    """A chunk as a file of its own."""
    return WholeEntry(chunk.file_name, chunk.md5, (Piece(chunk.file_name, 0, chunk.size_bytes),))


async def _send(
    parts: Parts, request: web.Request, ready: _Ready, sent: WholeEntry, chunk: int | None = None
) -> web.StreamResponse:
    """Answer with bytes of a snapshot: with a chunk where its number is given, and else the whole."""
    spec = ready.manifest.spec
    file = StoredFile(ready.status.folder, sent.pieces, sent.file_name, sent.md5, ready.manifest.finished)
    kind = UsageKind.SNAPSHOT_DOWNLOAD if chunk is None else UsageKind.CHUNK_DOWNLOAD
    counted = snapshot_file(spec.identifier if chunk is None else spec.chunk_identifier(chunk), spec.offset)

    async def admit() -> None:
        await parts.guard.admit_download(request[CALLER], kind, spec.project, counted)

    return await answer_file(parts, request, file, admit)


def _snapshot(ready: _Ready) -> Snapshot:
    message, spec = snapshot_message(ready.status), _enterprise(ready.manifest.spec)
    message.identifier = spec.identifier
    message.chunks[:] = [spec.chunk_identifier(number) for number in range(len(message.chunks))]
    return message


def _chunks(ready: _Ready) -> Sequence[Chunk]:
    messages, spec = chunk_messages(ready.manifest), _enterprise(ready.manifest.spec)
    for number, message in enumerate(messages):
        message.identifier = spec.chunk_identifier(number)
    return messages


def _enterprise(spec: SnapshotSpec) -> SnapshotSpec:
    """The spec that has Enterprise's identifiers."""
    return replace(spec, content=Content.JSON)
