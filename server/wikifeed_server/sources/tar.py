"""Reads the members of a tar archive as a stream."""

import tarfile
from collections.abc import Iterator
from typing import IO, Self, cast

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources.faults import UnreadableError

MAGIC = b"ustar"
MAGIC_START = 257
_PIECE_BYTES = 256 << 10
_LARGEST_HEADER_BYTES = 1 << 20
# Headers that say more of the next member. The library holds them whole.
_LONG_HEADERS = frozenset(
    {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
)


def json_members(pieces: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name and bytes of each member named *.ndjson or *.json; take the bytes before asking for the next.

    Raises UnreadableError where the archive is not sound, or has no such member.
    """
    has_any = False
    try:
        # The stream mode asks for nothing but `read`.
        with tarfile.open(fileobj=cast(IO[bytes], _PieceFile(pieces)), mode="r|", tarinfo=_Header) as archive:
            for member in archive:
                # The archive remembers every member it has passed, which a stream has no use for.
                archive.members = []  # type: ignore[attr-defined] # typeshed lacks it
                file_name = member.name.rpartition("/")[2]
                data = archive.extractfile(member) if member.isreg() else None
                if data is not None and file_name.endswith((".ndjson", ".json")) and not file_name.startswith("."):
                    has_any = True
                    yield member.name, _content(data)
    except tarfile.TarError as error:
        raise _broken(error) from error
    if not has_any:
        raise UnreadableError(SourceRefusedError, "the tar archive has no member named *.ndjson or *.json")


def _content(data: IO[bytes]) -> Iterator[bytes]:
    try:
        while piece := data.read(_PIECE_BYTES):
            yield piece
    except tarfile.TarError as error:
        raise _broken(error) from error


def _broken(error: tarfile.TarError) -> UnreadableError:
    if "unexpected end" in str(error):
        return UnreadableError(SourceTruncatedError, "the tar archive ends before its end, so the file is cut short")
    return UnreadableError(SourceCorruptError, f"the tar archive is damaged ({error})")


class _Header(tarfile.TarInfo):
    """A member's header; one of a size that only a bomb has is refused."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _LONG_HEADERS and header.size > _LARGEST_HEADER_BYTES:
            raise UnreadableError(SourceRefusedError, f"the tar archive has a header of {header.size:,} bytes")
        return header


class _PieceFile:
    """Pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = memoryview(piece)
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)
