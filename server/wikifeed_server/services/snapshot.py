"""SnapshotService: lists, makes and sends snapshots."""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import orjson

from wikifeed.v1 import snapshot_pb2, snapshot_service_pb2
from wikifeed.v1.project_pb2 import Language, Namespace, Project
from wikifeed.v1.revision_pb2 import Size
from wikifeed_server.accounts.visibility import visible_snapshots
from wikifeed_server.errors import (
    FieldViolation,
    InvalidRequestError,
    NamespaceNotFoundError,
    PositionBeyondEndError,
    ProjectNotFoundError,
    SnapshotNotFoundError,
    SnapshotNotReadyError,
)
from wikifeed_server.services.calling import CALLER
from wikifeed_server.snapshots import (
    CRC_BLOCK_BYTES,
    Content,
    Format,
    Manifest,
    SnapshotLibrary,
    SnapshotSpec,
    SnapshotStatus,
    SnapshotWriters,
    State,
)
from wikifeed_server.snapshots.pieces import ChunkFile, chunk_pieces
from wikifeed_server.store import Reader

_CONTENTS = {
    snapshot_pb2.SNAPSHOT_CONTENT_UNSPECIFIED: Content.JSON,
    snapshot_pb2.SNAPSHOT_CONTENT_JSON: Content.JSON,
    snapshot_pb2.SNAPSHOT_CONTENT_WIKITEXT: Content.WIKITEXT,
    snapshot_pb2.SNAPSHOT_CONTENT_HTML: Content.HTML,
    snapshot_pb2.SNAPSHOT_CONTENT_STRUCTURED: Content.STRUCTURED,
}
_FORMATS = {
    snapshot_pb2.SNAPSHOT_FORMAT_UNSPECIFIED: Format.TAR_GZ,
    snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_TAR_GZ: Format.TAR_GZ,
    snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_ZST: Format.ZST,
    snapshot_pb2.SNAPSHOT_FORMAT_PARQUET: Format.PARQUET,
}
_CONTENT_NUMBERS = {content: number for number, content in _CONTENTS.items()}
_FORMAT_NUMBERS = {format_: number for number, format_ in _FORMATS.items()}
_STATE_NUMBERS = {
    State.WRITING: snapshot_pb2.SNAPSHOT_STATE_WRITING,
    State.READY: snapshot_pb2.SNAPSHOT_STATE_READY,
    State.FAILED: snapshot_pb2.SNAPSHOT_STATE_FAILED,
}
_LIST_PAGE = 100


class SnapshotService:
    """Handlers of wikifeed.v1.SnapshotService: requests in, serialized responses out."""

    def __init__(self, reader: Reader, library: SnapshotLibrary, writers: SnapshotWriters) -> None:
        self._reader = reader
        self._library = library
        self._writers = writers

    async def ListSnapshots(self, request: snapshot_service_pb2.ListSnapshotsRequest) -> bytes:
        """Serialized `ListSnapshotsResponse`, of what the caller's plan shows.

        Raises InvalidRequestError when the page token is not one of this method's.
        """
        after = _read_page_token(request.page_token)
        projects = frozenset(request.projects)
        statuses = [
            status
            for status in visible_snapshots(CALLER.get().plan, await asyncio.to_thread(self._library.list))
            if (not projects or status.spec.project in projects) and (after is None or _list_key(status) > after)
        ]
        page = statuses[: request.page_size or _LIST_PAGE]
        response = snapshot_service_pb2.ListSnapshotsResponse(snapshots=map(snapshot_message, page))
        if len(page) < len(statuses):
            response.next_page_token = _page_token(page[-1])
        return response.SerializeToString()

    async def GetSnapshot(self, request: snapshot_service_pb2.GetSnapshotRequest) -> bytes:
        """Serialized `GetSnapshotResponse`. Raises SnapshotNotFoundError."""
        status = await self._find(request.identifier, request.offset)
        chunks = chunk_messages(status.manifest) if status.manifest else ()
        return snapshot_service_pb2.GetSnapshotResponse(
            snapshot=snapshot_message(status), chunks=chunks
        ).SerializeToString()

    async def CreateSnapshot(self, request: snapshot_service_pb2.CreateSnapshotRequest) -> bytes:
        """Serialized `CreateSnapshotResponse`; a process of its own writes the snapshot.

        Raises ProjectNotFoundError, and NamespaceNotFoundError when the project has no such namespace.
        """
        project = await self._reader.project(request.project)
        if project is None:
            raise ProjectNotFoundError(request.project)
        numbers = [namespace.identifier for namespace in project.namespaces]
        if numbers and request.namespace not in numbers:
            raise NamespaceNotFoundError(
                f"{request.project} has no namespace {request.namespace}; ListNamespaces lists those it has",
                f"{request.project}/namespaces/{request.namespace}",
            )
        log = await self._reader.log_info()
        spec = SnapshotSpec(
            project=request.project,
            namespace=request.namespace,
            offset=log.newest_offset,
            content=_CONTENTS[request.content],
            format=_FORMATS[request.format],
            chunk_size_bytes=request.chunk_size_bytes,
        )
        status = await self._writers.begin(spec)
        return snapshot_service_pb2.CreateSnapshotResponse(snapshot=snapshot_message(status)).SerializeToString()

    async def ExportSnapshot(self, request: snapshot_service_pb2.ExportSnapshotRequest) -> AsyncGenerator[bytes, None]:
        """Serialized `ExportSnapshotResponse`s.

        Raises SnapshotNotFoundError, SnapshotNotReadyError, and PositionBeyondEndError when the snapshot has no such
        chunk or the chunk's file no such position.
        """
        status = await self._find(request.identifier, request.offset)
        manifest = status.manifest
        if manifest is None:
            raise _not_ready(status)
        chunks = manifest.chunks
        first, position = request.first_chunk, request.start_position
        if first >= len(chunks):
            raise PositionBeyondEndError(
                f"{request.identifier} has {len(chunks)} chunks, so first_chunk is at most {len(chunks) - 1}",
                {"chunks_count": str(len(chunks))},
            )
        if position > chunks[first].size_bytes:
            size = str(chunks[first].size_bytes)
            raise PositionBeyondEndError(
                f"{chunks[first].file_name} has {size} bytes: start_position {position} is beyond its end; begin at "
                "the number of bytes already held, or at 0 where they are another snapshot's",
                {"size_bytes": size, "offset": str(manifest.spec.offset)},
            )
        end = first + request.chunk_count if request.chunk_count else len(chunks)
        for number in range(first, min(end, len(chunks))):
            entry = chunks[number]
            file = ChunkFile(status.folder / entry.file_name, entry, number, manifest.spec.offset)
            try:
                async with aclosing(chunk_pieces(file, position, request.max_data_bytes or CRC_BLOCK_BYTES)) as pieces:
                    async for piece in pieces:
                        yield piece
            except FileNotFoundError as error:
                raise SnapshotNotFoundError(
                    f"{request.identifier} at offset {manifest.spec.offset} was dropped for newer ones; begin "
                    "anew with offset 0, the newest",
                    request.identifier,
                ) from error
            position = 0

    async def _find(self, identifier: str, offset: int) -> SnapshotStatus:
        status = await asyncio.to_thread(self._library.get, identifier, offset)
        if status is None:
            at = f" at offset {offset}" if offset else ""
            raise SnapshotNotFoundError(
                f"there is no snapshot {identifier!r}{at}; ListSnapshots lists all, CreateSnapshot makes one",
                identifier,
            )
        return status


def snapshot_message(status: SnapshotStatus) -> snapshot_pb2.Snapshot:
    """The contract's Snapshot."""
    spec = status.spec
    message = snapshot_pb2.Snapshot(
        identifier=spec.identifier,
        is_part_of=Project(identifier=spec.project),
        namespace=Namespace(identifier=spec.namespace),
        offset=spec.offset,
        state=_STATE_NUMBERS[status.state],
        content=_CONTENT_NUMBERS[spec.content],
        format=_FORMAT_NUMBERS[spec.format],
        articles_count=status.articles_count,
        uncompressed_size_bytes=status.uncompressed_size_bytes,
        error=status.error,
    )
    message.date_created.FromMicroseconds(status.created)
    manifest = status.manifest
    if manifest:
        message.version = manifest.version
        message.date_modified.FromMicroseconds(manifest.finished)
        message.in_language.identifier = manifest.language
        message.size.CopyFrom(_megabytes(manifest.size_bytes))
        message.size_bytes = manifest.size_bytes
        message.chunks.extend(spec.chunk_identifier(number) for number in range(len(manifest.chunks)))
    return message


def chunk_messages(manifest: Manifest) -> Sequence[snapshot_pb2.Chunk]:
    """The contract's Chunks of a ready snapshot."""
    spec = manifest.spec
    messages = []
    for number, entry in enumerate(manifest.chunks):
        message = snapshot_pb2.Chunk(
            identifier=spec.chunk_identifier(number),
            version=entry.md5,
            is_part_of=Project(identifier=spec.project),
            in_language=Language(identifier=manifest.language),
            namespace=Namespace(identifier=spec.namespace),
            size=_megabytes(entry.size_bytes),
            size_bytes=entry.size_bytes,
            sha256=entry.sha256,
            articles_count=entry.articles_count,
            file_name=entry.file_name,
            first_page_id=entry.first_page_id,
            last_page_id=entry.last_page_id,
        )
        message.date_modified.FromMicroseconds(manifest.finished)
        messages.append(message)
    return messages


def _megabytes(size_bytes: int) -> Size:
    return Size(value=round(size_bytes / 1_000_000, 3), unit_text="MB")


def _not_ready(status: SnapshotStatus) -> SnapshotNotReadyError:
    spec = status.spec
    metadata = {"articles_count": str(status.articles_count), "state": status.state.value, "offset": str(spec.offset)}
    if status.state is State.FAILED:
        return SnapshotNotReadyError(
            f"writing {spec.identifier} at offset {spec.offset} failed: {status.error}", metadata
        )
    return SnapshotNotReadyError(
        f"{spec.identifier} at offset {spec.offset} is being written, {status.articles_count} articles so far; "
        "GetSnapshot tells when it is ready",
        metadata,
    )


def _list_key(status: SnapshotStatus) -> tuple[str, int]:
    """Sorts as ListSnapshots does: by identifier, the newest first."""
    return status.spec.identifier, -status.spec.offset


def _page_token(status: SnapshotStatus) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(_list_key(status))).decode()


def _read_page_token(token: str) -> tuple[str, int] | None:
    if not token:
        return None
    try:
        identifier, offset = orjson.loads(base64.urlsafe_b64decode(token))
        return str(identifier), int(offset)
    except (binascii.Error, ValueError, TypeError):
        violation = FieldViolation("page_token", "is not one that ListSnapshots gave; begin again without a token")
        raise InvalidRequestError([violation]) from None
