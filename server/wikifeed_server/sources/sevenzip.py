"""Unpacks a 7z archive of one file as a stream.

The library pushes what it unpacks to a writer, so it runs in a thread of its own, behind a short queue. How much it
unpacks at once follows from how much it gets to read at once: it is let to read little.
"""

import io
import lzma
import queue
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import py7zr
from py7zr.exceptions import ArchiveError, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.raw import Pieces, RawFile

# LZMA packs up to about 7,000:1, which makes this much 7 MB; a dump's articles about 5:1, its histories about 100:1.
_READ_BYTES = 1 << 10
_QUEUED_PIECES = 4
# Signature, version, CRC of what follows; offset (from the end of these 32 bytes), size and CRC of the closing header.
_START = struct.Struct("<6s2sIQQI")
# What the library and the decoders below it raise on bytes that make no sense.
_DAMAGES = (
    ArchiveError,
    lzma.LZMAError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
)


def unpack_7z(raw: RawFile, limits: SourceLimits) -> Pieces:
    """The one file in the archive, piece by piece. Raises UnreadableError."""
    _check_whole(raw)
    raw.position = 0
    with _FrugalFile(raw) as file, _opened(file) as archive, ThreadPoolExecutor(1, "7z") as thread:
        name = _only_member(archive)
        file.is_frugal = True
        outlet = _Outlet()
        unpacking = thread.submit(_extract, archive, name, outlet)
        try:
            while (piece := outlet.pieces.get()) is not None:
                yield piece
        finally:
            outlet.abandon()
        try:
            unpacking.result()
        except UnsupportedCompressionMethodError as error:
            raise _unsupported(str(error)) from error
        except _DAMAGES as error:
            raise _corrupt(error) from error
    raw.position = raw.size


def _check_whole(raw: RawFile) -> None:
    """An archive's table of contents stands at its end, so of one cut short nothing can be read."""
    if len(raw.head) >= _START.size:
        _, _, _, offset, size, _ = _START.unpack_from(raw.head)
        if _START.size + offset + size <= raw.size:
            return
    raw.position = raw.size
    raise UnreadableError(SourceTruncatedError, "the 7z archive ends before its end, so the file is cut short")


def _opened(file: "_FrugalFile") -> py7zr.SevenZipFile:
    try:
        return py7zr.SevenZipFile(file)
    except UnsupportedCompressionMethodError as error:
        raise _unsupported(str(error)) from error
    except _DAMAGES as error:
        raise _corrupt(error) from error


def _only_member(archive: py7zr.SevenZipFile) -> str:
    if archive.needs_password():
        raise _unsupported("it is encrypted")
    names = [member.filename for member in archive.list() if not member.is_directory]
    if len(names) != 1:
        raise _unsupported(f"it holds {len(names)} files, and dumps have one")
    return str(names[0])


def _extract(archive: py7zr.SevenZipFile, name: str, outlet: "_Outlet") -> None:
    try:
        archive.extract(targets=[name], factory=outlet)
    finally:
        outlet.end()


def _unsupported(problem: str) -> UnreadableError:
    return UnreadableError(
        SourceRefusedError, f"the 7z archive can't be read: {problem}. Unpack it and import what it holds"
    )


def _corrupt(error: Exception) -> UnreadableError:
    return UnreadableError(SourceCorruptError, f"the 7z archive is damaged ({error or type(error).__name__})")


class _AbandonedError(Exception):
    """Nobody wants what is unpacked any more."""


class _FrugalFile(io.FileIO):
    """A file that gives little at a time once `is_frugal`, and tells `raw` how far it was read."""

    def __init__(self, raw: RawFile) -> None:
        super().__init__(raw.path, "rb")
        self._raw = raw
        self.is_frugal = False

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.is_frugal or size is None or size < 0:
            return super().read(size) or b""
        data = super().read(min(size, _READ_BYTES)) or b""
        self._raw.position = self.tell()
        return data


class _Outlet(Py7zIO, WriterFactory):
    """What the library writes the one file to: a queue, at which it waits for the reader."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[bytes | None] = queue.Queue(_QUEUED_PIECES)
        self._is_abandoned = threading.Event()
        self._size = 0

    def create(self, filename: str) -> Py7zIO:
        return self

    def write(self, s: bytes | bytearray) -> int:
        if self._is_abandoned.is_set():
            raise _AbandonedError
        self.pieces.put(bytes(s))
        self._size += len(s)
        return len(s)

    def end(self) -> None:
        if not self._is_abandoned.is_set():
            self.pieces.put(None)

    def abandon(self) -> None:
        """Let the library's thread go: what it waits to write is taken, what it writes next is refused."""
        self._is_abandoned.set()
        while not self.pieces.empty():
            self.pieces.get_nowait()

    def size(self) -> int:
        return self._size

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        pass
