"""The messages that bring files, read where they lie.

protobuf would copy a piece's bytes twice before anyone has them, and CRC-32C is had of whole `bytes` only. Beside the
SHA-256, the one cost that can't be saved, such copies are most of what an export takes.
"""

from typing import Final, NamedTuple

import google_crc32c

from wikifeed.v1.batch_service_pb2 import ExportBatchRequest
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest, ExportSnapshotResponse

# The fields bear the same numbers in ExportBatchResponse, which has no chunk_number.
_NUMBERS = {field.name: field.number for field in ExportSnapshotResponse.DESCRIPTOR.fields}
_CHUNK_NUMBER, _POSITION = _NUMBERS["chunk_number"], _NUMBERS["position"]
_CRC32C, _DATA = _NUMBERS["crc32c"], _NUMBERS["data"]
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_KEPT_BYTES = 16 << 20


class Piece(NamedTuple):
    """A piece of a file: which chunk's (0 of a batch), where in it, and its bytes with the sum they should have."""

    chunk_number: int
    position: int
    crc32c: int
    message: bytes
    start: int
    end: int

    @property
    def data(self) -> memoryview:
        """The file's bytes, not copied."""
        return memoryview(self.message)[self.start : self.end]

    @property
    def is_intact(self) -> bool:
        """Whether the bytes have their CRC-32C."""
        to_end = self.message if self.end == len(self.message) else self.message[: self.end]
        found: int = google_crc32c.extend(_crc32c_undone_by(self.message[: self.start]), to_end)
        return found == self.crc32c


def read_piece(message: bytes) -> Piece:
    """An ExportSnapshotResponse or ExportBatchResponse. Raises ValueError and IndexError when it is none."""
    chunk_number = position = crc32c = at = 0
    start = end = len(message)
    while at < len(message):
        tag, at = _varint(message, at)
        field, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            if field == _CHUNK_NUMBER:
                chunk_number = value
            elif field == _POSITION:
                position = value
        elif kind == _LENGTH:
            length, begin = _varint(message, at)
            at = begin + length
            if field == _DATA:
                start, end = begin, at
        elif kind in (_FIXED32, _FIXED64):
            begin, at = at, at + (4 if kind == _FIXED32 else 8)
            if field == _CRC32C:
                crc32c = int.from_bytes(message[begin:at], "little")
        else:
            raise ValueError(f"a message with a field of kind {kind} at byte {at}")
    if at > len(message):
        raise ValueError(f"a message that ends at byte {len(message)} of {at}")
    return Piece(chunk_number, position, crc32c, message, start, end)


# How the pieces of a file are asked for: what a channel's `unary_stream` takes.
EXPORT_SNAPSHOT: Final = (
    "/wikifeed.v1.SnapshotService/ExportSnapshot",
    ExportSnapshotRequest.SerializeToString,
    read_piece,
)
EXPORT_BATCH: Final = ("/wikifeed.v1.BatchService/ExportBatch", ExportBatchRequest.SerializeToString, read_piece)


def keep_memory() -> None:
    """Have the C library keep the memory of a piece for the next.

    glibc gives freed memory back to the kernel, which hands it out again cleared, unless it has seen a bigger block
    freed: what it keeps is measured by the biggest (mallopt(3), M_MMAP_THRESHOLD). The block is never touched.
    """
    bytes(_KEPT_BYTES)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


# The CRC's table, which the sums of single bytes tell, and where in it the highest byte of an entry is: no two have the
# same.
_TABLE = [google_crc32c.value(bytes([index ^ 0xFF])) ^ 0xFF000000 for index in range(256)]
_INDEXES = {entry >> 24: index for index, entry in enumerate(_TABLE)}


def _crc32c_undone_by(prefix: bytes) -> int:
    """The CRC-32C that is nothing's again once `prefix` is added: what then follows has its own sum.

    The steps of a CRC with a table (RFC 3720, appendix B.4) in their opposite order.
    """
    register = 0xFFFFFFFF
    for byte in reversed(prefix):
        index = _INDEXES[register >> 24]
        register = ((register ^ _TABLE[index]) << 8 & 0xFFFFFFFF) | index ^ byte
    return register ^ 0xFFFFFFFF
