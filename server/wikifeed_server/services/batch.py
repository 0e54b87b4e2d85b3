"""BatchService: the changes of closed hours as files."""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import orjson

from wikifeed.v1 import batch_pb2, batch_service_pb2, snapshot_pb2
from wikifeed.v1.project_pb2 import Language, Namespace, Project
from wikifeed.v1.revision_pb2 import Size
from wikifeed_server.batches import BatchLibrary, StoredBatch, hour_of
from wikifeed_server.errors import BatchNotFoundError, FieldViolation, InvalidRequestError, PositionBeyondEndError
from wikifeed_server.snapshots import CRC_BLOCK_BYTES, Format
from wikifeed_server.snapshots.pieces import ChunkFile, chunk_pieces

_LIST_PAGE = 100
_FORMATS = {
    Format.TAR_GZ: snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_TAR_GZ,
    Format.ZST: snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_ZST,
}


class BatchService:
    """The methods of wikifeed.v1.BatchService."""

    def __init__(self, library: BatchLibrary) -> None:
        self._library = library

    async def ListBatches(self, request: batch_service_pb2.ListBatchesRequest) -> bytes:
        """Serialized ListBatchesResponse. Raises InvalidRequestError for a token that is not one of this method's."""
        size = request.page_size or _LIST_PAGE
        page = await asyncio.to_thread(self._page, request, size + 1)
        response = batch_service_pb2.ListBatchesResponse(batches=map(batch_message, page[:size]))
        if len(page) > size:
            response.next_page_token = _page_token(page[size - 1])
        return response.SerializeToString()

    async def GetBatch(self, request: batch_service_pb2.GetBatchRequest) -> bytes:
        """Serialized GetBatchResponse. Raises BatchNotFoundError."""
        batch = await self._find(request)
        return batch_service_pb2.GetBatchResponse(batch=batch_message(batch)).SerializeToString()

    async def ExportBatch(self, request: batch_service_pb2.ExportBatchRequest) -> AsyncGenerator[bytes, None]:
        """Serialized ExportBatchResponses. Raises BatchNotFoundError and PositionBeyondEndError."""
        batch = await self._find(request)
        file, position = batch.entry.file, request.start_position
        if position > file.size_bytes:
            raise PositionBeyondEndError(
                f"{file.file_name} has {file.size_bytes} bytes: start_position {position} is beyond its end",
                {"size_bytes": str(file.size_bytes)},
            )
        # Number and offset 0 are not written: what is left are the fields that both kinds of pieces have.
        chunk = ChunkFile(batch.path, file, number=0, offset=0)
        async with aclosing(chunk_pieces(chunk, position, request.max_data_bytes or CRC_BLOCK_BYTES)) as pieces:
            async for piece in pieces:
                yield piece

    async def _find(
        self, request: batch_service_pb2.GetBatchRequest | batch_service_pb2.ExportBatchRequest
    ) -> StoredBatch:
        hour = hour_of(request.hour.ToMicroseconds())
        batch = await asyncio.to_thread(self._library.get, hour, request.identifier)
        if batch is None:
            raise BatchNotFoundError(
                f"there is no batch {request.identifier!r} of that hour: the hour is not over, nothing changed there, "
                "or it is no longer kept; ListBatches lists all",
                f"{request.hour.ToJsonString()}/{request.identifier}",
            )
        return batch

    def _page(self, request: batch_service_pb2.ListBatchesRequest, limit: int) -> list[StoredBatch]:
        after = _read_page_token(request.page_token)
        found: list[StoredBatch] = []
        for batch in self._matching(request):
            if after is None or _list_key(batch) > after:
                found.append(batch)
                if len(found) == limit:
                    break
        return found

    def _matching(self, request: batch_service_pb2.ListBatchesRequest) -> Iterator[StoredBatch]:
        projects, namespaces = frozenset(request.projects), frozenset(request.namespaces)
        hours = [hour_of(request.hour.ToMicroseconds())] if request.HasField("hour") else self._library.hours()
        for hour in hours:
            for batch in self._library.batches(hour):
                entry = batch.entry
                if (not projects or entry.project in projects) and (not namespaces or entry.namespace in namespaces):
                    yield batch


def batch_message(batch: StoredBatch) -> batch_pb2.Batch:
    """The contract's Batch."""
    manifest, entry, file = batch.manifest, batch.entry, batch.entry.file
    message = batch_pb2.Batch(
        identifier=entry.identifier,
        version=file.md5,
        is_part_of=Project(identifier=entry.project),
        in_language=Language(identifier=entry.language),
        namespace=Namespace(identifier=entry.namespace),
        size=Size(value=round(file.size_bytes / 1_000_000, 3), unit_text="MB"),
        format=_FORMATS[entry.format],
        changes_count=file.articles_count,
        after_offset=manifest.after_offset,
        through_offset=manifest.through_offset,
        size_bytes=file.size_bytes,
        uncompressed_size_bytes=file.uncompressed_size_bytes,
        sha256=file.sha256,
        file_name=file.file_name,
    )
    message.hour.FromMicroseconds(manifest.hour)
    message.date_modified.FromMicroseconds(manifest.finished)
    return message


def _list_key(batch: StoredBatch) -> tuple[int, str]:
    """Sorts as ListBatches does: the newest hour first, by identifier within it."""
    return -batch.manifest.hour, batch.entry.identifier


def _page_token(batch: StoredBatch) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(_list_key(batch))).decode()


def _read_page_token(token: str) -> tuple[int, str] | None:
    if not token:
        return None
    try:
        hour, identifier = orjson.loads(base64.urlsafe_b64decode(token))
        return int(hour), str(identifier)
    except (binascii.Error, ValueError, TypeError):
        violation = FieldViolation("page_token", "is not one that ListBatches gave; begin again without a token")
        raise InvalidRequestError([violation]) from None
