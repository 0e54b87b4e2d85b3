"""The calls that send files, in pieces of as many bytes as the scenario says."""

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import google_crc32c
from google.protobuf.message import Message
from made_up_contents import BATCH_NUMBER, chunk_bytes, find_batch
from scripted_call import ScriptedCall

from wikifeed.v1.batch_service_pb2 import ExportBatchRequest, ExportBatchResponse
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest, ExportSnapshotResponse


class FileCall(ScriptedCall):
    """What both have in common: `_number` of `_files` is the file that is sent, `_position` the next byte of it."""

    _number: int
    _after: int
    _position: int
    _files: Mapping[int, bytes]
    _piece_bytes: int

    async def step(self, step: Mapping[str, Any]) -> None:
        """Send pieces, maybe damaged ones."""
        match step:
            case {"pieces": count}:
                for _ in range(count):
                    await self._piece(step.get("damage", ""))
            case _:
                raise ValueError(f"{self.method} can't do {step}")

    async def finish(self) -> None:
        """Send the rest of what was asked for."""
        while self._number < self._after:
            while self._position < len(self._files[self._number]):
                await self._piece("")
            self._number, self._position = self._number + 1, 0

    @abstractmethod
    def response(self, **fields: Any) -> Message:
        """The message that brings a piece."""

    async def _piece(self, damage: str) -> None:
        """Send the next piece, damaged as the table of steps in the README says."""
        content = self._files[self._number]
        right = content[self._position : self._position + self._piece_bytes]
        position, self._position = self._position, self._position + len(right)
        data = right
        if damage in ("crc", "contents"):
            data = bytes([right[0] ^ 1]) + right[1:]
        elif damage == "truncated":
            data = right[:-1]
        elif damage == "skipped":
            return
        await self.send(
            self.response(
                position=position,
                crc32c=google_crc32c.value(right if damage == "crc" else data),
                sha256=hashlib.sha256(content).hexdigest() if self._position == len(content) else "",
                size_bytes=len(content),
                data=data,
            )
        )


class ExportSnapshotCall(FileCall):
    """ExportSnapshot."""

    async def open(self) -> None:
        """Read which bytes are asked for. Raises CallEndedError where there is no such snapshot."""
        request = await self.ask(ExportSnapshotRequest)
        self._snapshot = self.site.snapshots.find(request.offset)
        self._number, self._position = request.first_chunk, request.start_position
        self._files = dict(enumerate(self._snapshot.files))
        self._after = self._number + request.chunk_count if request.chunk_count else len(self._files)
        self._piece_bytes = self._snapshot.piece_bytes

    def response(self, **fields: Any) -> ExportSnapshotResponse:
        """A piece of a chunk."""
        return ExportSnapshotResponse(chunk_number=self._number, offset=self._snapshot.offset, **fields)


class ExportBatchCall(FileCall):
    """ExportBatch."""

    async def open(self) -> None:
        """Read which bytes are asked for. Raises CallEndedError where there is no such batch."""
        request = await self.ask(ExportBatchRequest)
        batch = find_batch(self.site.words, request.hour.seconds, request.identifier)
        self._number, self._position, self._after = BATCH_NUMBER, request.start_position, BATCH_NUMBER + 1
        self._files = {BATCH_NUMBER: chunk_bytes(BATCH_NUMBER, batch.size_bytes)}
        self._piece_bytes = self.site.words["batches"]["piece_bytes"]

    def response(self, **fields: Any) -> ExportBatchResponse:
        """A piece of the batch's file."""
        return ExportBatchResponse(**fields)
