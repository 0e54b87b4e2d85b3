"""Unpacks what a file holds, piece by piece.

Promises: no piece is larger than a few tens of megabytes, whatever the packed bytes say; packed data that end before
their end are noticed; output stays within the bounds of `SourceLimits`.
"""

import bz2
import zlib
from collections.abc import Callable
from contextlib import closing

import zstandard

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.raw import Pieces, RawFile
from wikifeed_server.sources.sevenzip import unpack_7z

_PIECE_BYTES = 256 << 10
# zstd offers no bound on output: 4 packed bytes may stand for 128 KiB (RFC 8878, RLE blocks), so this much for 32 MiB.
_ZSTD_SLICE_BYTES = 1 << 10
_GZIP_CONTAINER = 16 + zlib.MAX_WBITS
_ZSTD_SKIPPABLE = tuple(bytes((0x50 + number, 0x2A, 0x4D, 0x18)) for number in range(16))

Unpack = Callable[[RawFile, SourceLimits], Pieces]


def unpack(raw: RawFile, limits: SourceLimits) -> Pieces:
    """What the file holds, unpacked if it is packed. Raises UnreadableError where the packed data are not sound."""
    unpack_packed = _unpacker(raw.head)
    return raw.blocks() if unpack_packed is None else _bounded(unpack_packed(raw, limits), raw, limits)


def _unpacker(head: bytes) -> Unpack | None:
    if head.startswith(b"BZh"):
        return _unpack_bz2
    if head.startswith(b"\x1f\x8b"):
        return _unpack_gzip
    if head.startswith((b"\x28\xb5\x2f\xfd", *_ZSTD_SKIPPABLE)):
        return _unpack_zstd
    if head.startswith(b"7z\xbc\xaf\x27\x1c"):
        return unpack_7z
    return None


def _bounded(pieces: Pieces, raw: RawFile, limits: SourceLimits) -> Pieces:
    unpacked = 0
    with closing(pieces):
        for piece in pieces:
            yield piece
            unpacked += len(piece)
            if unpacked > limits.unpacked_free_bytes and unpacked > limits.unpacked_ratio * raw.position:
                raise UnreadableError(
                    SourceRefusedError,
                    f"the packed data grow to {unpacked:,} bytes, more than {limits.unpacked_ratio} times what they "
                    "take: this looks like a compression bomb. If it is none, unpack it and import the result",
                )


def _unpack_bz2(raw: RawFile, limits: SourceLimits) -> Pieces:
    decoder = bz2.BZ2Decompressor()
    begun = False
    for block in raw.blocks():
        packed = block
        while packed or not decoder.needs_input:
            try:
                piece = decoder.decompress(packed, _PIECE_BYTES)
            except OSError as error:
                raise _corrupt("bz2", error) from error
            begun, packed = True, b""
            if decoder.eof:
                begun, packed, decoder = False, decoder.unused_data, bz2.BZ2Decompressor()
            if piece:
                yield piece
    if begun:
        raise _truncated("bz2")


def _unpack_gzip(raw: RawFile, limits: SourceLimits) -> Pieces:
    decoder = zlib.decompressobj(_GZIP_CONTAINER)
    begun = False
    for block in raw.blocks():
        packed, holds_more = block, False
        while packed or holds_more:
            try:
                piece = decoder.decompress(packed, _PIECE_BYTES)
            except zlib.error as error:
                raise _corrupt("gzip", error) from error
            begun, packed, holds_more = True, decoder.unconsumed_tail, len(piece) == _PIECE_BYTES
            if decoder.eof:
                # Tapes and block devices leave zeros behind a member; gzip passes over them too.
                packed = decoder.unused_data.lstrip(b"\0")
                begun, holds_more, decoder = False, False, zlib.decompressobj(_GZIP_CONTAINER)
            if piece:
                yield piece
    if begun:
        raise _truncated("gzip")


def _unpack_zstd(raw: RawFile, limits: SourceLimits) -> Pieces:
    context = zstandard.ZstdDecompressor(max_window_size=limits.window_bytes)
    decoder = context.decompressobj()
    begun = False
    for block in raw.blocks():
        for start in range(0, len(block), _ZSTD_SLICE_BYTES):
            packed = block[start : start + _ZSTD_SLICE_BYTES]
            while packed:
                try:
                    piece = decoder.decompress(packed)
                except zstandard.ZstdError as error:
                    if "too much memory" in str(error):
                        raise UnreadableError(
                            SourceRefusedError,
                            f"the zstd data ask for more than {limits.window_bytes:,} bytes of memory to be unpacked",
                        ) from error
                    raise _corrupt("zstd", error) from error
                begun, packed = True, b""
                if decoder.eof:
                    begun, packed, decoder = False, decoder.unused_data, context.decompressobj()
                if piece:
                    yield piece
    if begun:
        raise _truncated("zstd")


def _truncated(packing: str) -> UnreadableError:
    return UnreadableError(SourceTruncatedError, f"the {packing} data end before their end, so the file is cut short")


def _corrupt(packing: str, error: Exception) -> UnreadableError:
    return UnreadableError(SourceCorruptError, f"the {packing} data are damaged ({error})")
