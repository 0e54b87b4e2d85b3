"""A ready snapshot's files as the messages that carry them.

Promise: for a piece that is one of the manifest's blocks, as all are unless the caller asks for others, nothing is
computed and nothing parsed: the message is a few fields that are known and the file's bytes.

Reading must not stall the loop. What the kernel has in its cache is copied inline, for a thread would cost more than
the copy; what it would have to wait for is read in a thread.

A message is made with one copy of the file's bytes: `BufferedReader.read1` has the file below it fill the very bytes
that it returns, and the file below puts the known fields in front.
"""

import asyncio
import io
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import google_crc32c

from wikifeed_server.contract.wire import fixed32_tag, length_field, length_tag, varint, varint_field
from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.snapshots.manifest import CRC_BLOCK_BYTES, ChunkEntry
from wikifeed_server.snapshots.opening import opened_in_thread

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# ExportSnapshotResponse's fields.
_CHUNK_NUMBER, _POSITION, _CRC32C, _SHA256, _OFFSET, _SIZE_BYTES, _DATA = 1, 2, 3, 4, 5, 6, 15
_READ_AHEAD_BYTES = 8 << 20
_CAN_READ_CACHED_ONLY = hasattr(os, "RWF_NOWAIT")  # Linux; elsewhere every piece is read in a thread
_CAN_READ_AHEAD = hasattr(os, "posix_fadvise")


@dataclass(frozen=True, slots=True)
class ChunkFile:
    """One file of a snapshot, ready to be sent."""

    path: Path
    entry: ChunkEntry
    number: int
    offset: int


async def chunk_pieces(file: ChunkFile, position: int, piece_bytes: int) -> AsyncGenerator[bytes, None]:
    """Serialized ExportSnapshotResponses with the file's bytes from `position` on, at most `piece_bytes` in each.

    Pieces end on multiples of `piece_bytes`, whatever the first one's position. A start at the end of the file gives
    one piece without data. Raises StoreCorruptError when the file is not of the size that the manifest says.
    """
    with await opened_in_thread(_PieceFile, file, piece_bytes) as raw, io.BufferedReader(raw, 1) as reader:
        while True:
            length = raw.seek_piece(position)
            # No name is given to the piece: it would keep its memory from being used for the next one.
            yield await _read(reader, length)
            position += piece_bytes - position % piece_bytes
            if position >= file.entry.size_bytes:
                return


async def _read(reader: "io.BufferedReader[_PieceFile]", length: int) -> bytes:
    try:
        return reader.read1(length)
    except OSError:
        # Not in the cache, or a file system that can't tell. What is wrong with the disk shows once it is waited for.
        reader.raw.wait = True
        return await asyncio.to_thread(reader.read1, length)


class _PieceFile(io.FileIO):
    """A snapshot's file that reads as messages, each with the piece that was sought before.

    Reading raises BlockingIOError where the disk would have to be waited for, unless `wait` is set, which holds for
    one piece.
    """

    def __init__(self, file: ChunkFile, piece_bytes: int) -> None:
        super().__init__(file.path)
        self._file = file
        self._piece_bytes = piece_bytes
        self._number = varint_field(_CHUNK_NUMBER, file.number)
        self._same = varint_field(_OFFSET, file.offset) + varint_field(_SIZE_BYTES, file.entry.size_bytes)
        self._position = 0
        self._prefix = b""
        self._crc32c_at = 0
        self._ahead = 0
        self.wait = False
        size = os.fstat(self.fileno()).st_size
        if size != file.entry.size_bytes:
            self.close()
            raise self._wrong_size(size)

    def seek_piece(self, position: int) -> int:
        """Make the piece at `position` the next one; how many bytes its message has."""
        entry = self._file.entry
        length = min(self._piece_bytes - position % self._piece_bytes, entry.size_bytes - position)
        is_last = position + length == entry.size_bytes
        before = self._number + varint_field(_POSITION, position) + fixed32_tag(_CRC32C)
        self._position = position
        self._crc32c_at = len(before)
        self._prefix = b"".join(
            (
                before,
                (self._known_crc32c(position, length) or 0).to_bytes(4, "little"),
                length_field(_SHA256, entry.sha256.encode()) if is_last else b"",
                self._same,
                length_tag(_DATA),
                varint(length),
            )
        )
        return len(self._prefix) + length

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer`, as long as `seek_piece` said, with the message."""
        message = memoryview(buffer).cast("B")
        data = message[len(self._prefix) :]
        message[: len(self._prefix)] = self._prefix
        if self.wait:
            self._read_waiting(data)
            self.wait = False
        elif not self._read_cached(data):
            raise BlockingIOError
        if self._known_crc32c(self._position, len(data)) is None:
            crc32c = google_crc32c.value(bytes(data))
            message[self._crc32c_at : self._crc32c_at + 4] = crc32c.to_bytes(4, "little")
        return len(message)

    def _read_cached(self, data: memoryview) -> bool:
        """Whether the kernel had all of the piece in its cache."""
        return _CAN_READ_CACHED_ONLY and os.preadv(self.fileno(), [data], self._position, os.RWF_NOWAIT) == len(data)

    def _read_waiting(self, data: memoryview) -> None:
        position, end = self._position, self._position + len(data)
        if _CAN_READ_AHEAD and end > self._ahead:
            self._ahead = position + _READ_AHEAD_BYTES
            os.posix_fadvise(self.fileno(), position, _READ_AHEAD_BYTES, os.POSIX_FADV_WILLNEED)
        while position < end:
            count = os.preadv(self.fileno(), [data[position - end :]], position)
            if not count:
                raise self._wrong_size(position)
            position += count

    def _known_crc32c(self, position: int, length: int) -> int | None:
        """The checksum of a piece that is one of the manifest's blocks; of another, None."""
        entry = self._file.entry
        block, inside = divmod(position, CRC_BLOCK_BYTES)
        if inside or not length or length != min(CRC_BLOCK_BYTES, entry.size_bytes - position):
            return None
        return entry.block_crc32c(block)

    def _wrong_size(self, size: int) -> StoreCorruptError:
        path, expected = self._file.path, self._file.entry.size_bytes
        return StoreCorruptError(
            f"{path} has {size} bytes, its manifest says {expected}; remove the snapshot's folder and create the "
            "snapshot again"
        )
