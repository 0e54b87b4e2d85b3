"""The files of a snapshot: compressed NDJSON, the same bytes for the same lines, with checksums made on the way."""

import hashlib
import tarfile
import tempfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

import google_crc32c
import zstandard

from wikifeed_server.snapshots.joining import GZIP_HEADER, TAR_END, JoinedChunks, gzip_trailer, packed_end
from wikifeed_server.snapshots.manifest import CRC_BLOCK_BYTES

# Level 5 is a third faster than zlib's default and 1 % larger; zstd's 6 packs twice as fast as that, and tighter.
GZIP_LEVEL = 5
ZSTD_LEVEL = 6

_DEFLATE_BLOCK_BYTES = 1 << 20
_DEFLATE_WINDOW_BYTES = 1 << 15
_COPY_BYTES = 1 << 20
_MEMBER_IN_MEMORY_BYTES = 32 << 20


class ByteSink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Take all of the bytes."""
        ...


class LineFile(Protocol):
    """A file that lines are added to."""

    def add(self, line: bytes) -> None:
        """Append a line, which brings its own end."""
        ...


class ChecksummedFile:
    """Passes bytes on to a file and keeps what a manifest says of them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self._crc32c = bytearray()
        self._block_crc32c = 0
        self.size_bytes = 0

    def write(self, data: bytes, /) -> int:
        """Write all of `data`."""
        self._file.write(data)
        self._md5.update(data)
        self._sha256.update(data)
        position = 0
        while position < len(data):
            room = CRC_BLOCK_BYTES - self.size_bytes % CRC_BLOCK_BYTES
            piece = data[position : position + room]
            self._block_crc32c = google_crc32c.extend(self._block_crc32c, piece)
            position += len(piece)
            self.size_bytes += len(piece)
            if self.size_bytes % CRC_BLOCK_BYTES == 0:
                self._end_block()
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def md5(self) -> str:
        """In hex."""
        return self._md5.hexdigest()

    @property
    def sha256(self) -> str:
        """In hex."""
        return self._sha256.hexdigest()

    def crc32c(self) -> bytes:
        """The CRC-32C of each block, 4 bytes big endian. To be called once, at the end."""
        if self.size_bytes % CRC_BLOCK_BYTES:
            self._end_block()
        return bytes(self._crc32c)

    def _end_block(self) -> None:
        self._crc32c += self._block_crc32c.to_bytes(4, "big")
        self._block_crc32c = 0


class _Gzip:
    """One gzip stream, compressed block by block in threads, as pigz does: each block begins with the window of the one
    before as its dictionary and ends on a byte's border, so that the blocks, joined, are one deflate stream. The bytes
    do not depend on how many threads there are.
    """

    def __init__(self, sink: ByteSink, pool: ThreadPoolExecutor, threads: int, joined: JoinedChunks | None) -> None:
        self._sink = sink
        self._joined = joined
        self._pool = pool
        self._ahead = threads + 1
        self._buffer = bytearray()
        self._window = b""
        self._pending: deque[Future[bytes]] = deque()
        self._crc32 = 0
        self._size = 0
        sink.write(GZIP_HEADER)
        if joined is not None:
            joined.begin_chunk()

    def write(self, data: bytes, /) -> int:
        self._buffer += data
        while len(self._buffer) >= _DEFLATE_BLOCK_BYTES:
            self._submit(bytes(self._buffer[:_DEFLATE_BLOCK_BYTES]))
            del self._buffer[:_DEFLATE_BLOCK_BYTES]
        return len(data)

    def close(self, end: bytes) -> None:
        """End the stream with `end`, in a block of its own."""
        if self._buffer:
            self._submit(bytes(self._buffer))
        while self._pending:
            self._take()
        if self._joined is not None:
            self._joined.end_chunk()
        trailer = gzip_trailer(zlib.crc32(end, self._crc32), self._size + len(end))
        self._sink.write(packed_end(end) + trailer)

    def _submit(self, block: bytes) -> None:
        while len(self._pending) >= self._ahead:
            self._take()
        self._pending.append(self._pool.submit(_deflate, block, self._window))
        self._window = block[-_DEFLATE_WINDOW_BYTES:]
        self._crc32 = zlib.crc32(block, self._crc32)
        self._size += len(block)
        if self._joined is not None:
            self._joined.plain(block)

    def _take(self) -> None:
        """Write the next block, once it is packed."""
        packed = self._pending.popleft().result()
        self._sink.write(packed)
        if self._joined is not None:
            self._joined.packed(packed)


def _deflate(block: bytes, window: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zdict=window)
    return compressor.compress(block) + compressor.flush(zlib.Z_SYNC_FLUSH)


class _TarMembers:
    """Lines into members of a tar. A member's size stands before it, so each is gathered first."""

    def __init__(
        self, sink: ByteSink, member: IO[bytes], name: Callable[[int], str], bound_bytes: int, time: int
    ) -> None:
        self._sink = sink
        self._member = member
        self._name = name
        self._bound_bytes = bound_bytes
        self._time = time
        self._number = 0
        self._size = 0

    def add(self, line: bytes) -> None:
        if self._bound_bytes and self._size and self._size + len(line) > self._bound_bytes:
            self._end_member()
        self._member.write(line)
        self._size += len(line)

    def close(self) -> None:
        if self._size or not self._number:
            self._end_member()

    def _end_member(self) -> None:
        info = tarfile.TarInfo(self._name(self._number))
        info.size = self._size
        info.mtime = self._time
        self._sink.write(info.tobuf())
        self._member.seek(0)
        while data := self._member.read(_COPY_BYTES):
            self._sink.write(data)
        self._sink.write(bytes(-self._size % tarfile.BLOCKSIZE))
        self._member.seek(0)
        self._member.truncate()
        self._number += 1
        self._size = 0


@contextmanager
def tar_gz_file(
    sink: ByteSink,
    pool: ThreadPoolExecutor,
    threads: int,
    folder: Path,
    member_name: Callable[[int], str],
    member_bound_bytes: int,
    time: int,
    joined: JoinedChunks | None = None,
) -> Iterator[LineFile]:
    """Lines into a .tar.gz of NDJSON files, whole when the context ends.

    A member has at most `member_bound_bytes` or one line; 0 means that all lines go into one. A big member is gathered
    in a nameless file in `folder`. `time` (seconds since 1970) is what the members bear. `joined` hears of a chunk.
    """
    gzip = _Gzip(sink, pool, threads, joined)
    with tempfile.SpooledTemporaryFile(_MEMBER_IN_MEMORY_BYTES, dir=str(folder)) as member:
        members = _TarMembers(gzip, member, member_name, member_bound_bytes, time)
        yield members
        members.close()
    gzip.close(TAR_END)


class _ZstLines:
    def __init__(self, writer: zstandard.ZstdCompressionWriter) -> None:
        self._writer = writer

    def add(self, line: bytes) -> None:
        self._writer.write(line)


@contextmanager
def zst_file(sink: ByteSink, threads: int) -> Iterator[LineFile]:
    """Lines into a .ndjson.zst, whole when the context ends. The bytes do not depend on how many threads there are."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        ZSTD_LEVEL, threads=max(1, threads), write_checksum=True
    )
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    with compressor.stream_writer(sink, closefd=False) as writer:  # type: ignore[arg-type]  # it only writes and flushes
        yield _ZstLines(writer)
