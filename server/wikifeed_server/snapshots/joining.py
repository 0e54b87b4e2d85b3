"""The chunks of a snapshot as one .tar.gz, without a copy of their bytes.

Each chunk's gzip stream holds the end of its tar in a last block of its own, behind a byte's border. Without these
ends, and without the heads of all but the first, the chunks put behind each other are one deflate stream of one tar;
`tail` holds the end of both. (RFC 1951 3.2.4: blocks that are not last may be followed by any others; each chunk's
first block refers to nothing before it.)
"""

import hashlib
import tarfile
import zlib
from dataclasses import dataclass

# RFC 1952: magic, deflate, no flags, no time, no extra flags, unknown system: nothing that differs between runs.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
TAR_END = bytes(tarfile.RECORDSIZE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: `length` bytes from `start`."""

    file_name: str
    start: int
    length: int


class JoinedChunks:
    """Hears of chunks while they are written, one after the other, and knows their whole at the end."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc32 = 0
        self._plain_bytes = 0
        self._start = self._length = 0
        self._pieces: list[tuple[int, int]] = []

    def begin_chunk(self) -> None:
        """A chunk's stream begins, with its head."""
        self._start, self._length = len(GZIP_HEADER), 0
        if not self._pieces:
            self._start = 0
            self.packed(GZIP_HEADER)

    def plain(self, data: bytes) -> None:
        """What was packed, before the end of the tar."""
        self._crc32 = zlib.crc32(data, self._crc32)
        self._plain_bytes += len(data)

    def packed(self, data: bytes) -> None:
        """Bytes of the stream, before the end of the tar."""
        self._md5.update(data)
        self._length += len(data)

    def end_chunk(self) -> None:
        """What follows of the chunk is the end of its tar."""
        self._pieces.append((self._start, self._length))

    def finish(self) -> bytes:
        """The tail. To be called once, behind the last chunk."""
        self.plain(TAR_END)
        tail = packed_end(TAR_END) + gzip_trailer(self._crc32, self._plain_bytes)
        self._md5.update(tail)
        return tail

    def pieces(self, file_names: list[str]) -> tuple[Piece, ...]:
        """Where the whole's bytes are, in the chunks' files of those names."""
        return tuple(Piece(name, *piece) for name, piece in zip(file_names, self._pieces, strict=True))

    @property
    def md5(self) -> str:
        """Of the whole, in hex."""
        return self._md5.hexdigest()


def packed_end(plain: bytes) -> bytes:
    """The last block of a deflate stream, which refers to nothing before it."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(plain) + compressor.flush()


def gzip_trailer(crc32: int, plain_bytes: int) -> bytes:
    """What ends a gzip stream of that many bytes (RFC 1952 2.3)."""
    return crc32.to_bytes(4, "little") + (plain_bytes & 0xFFFFFFFF).to_bytes(4, "little")
