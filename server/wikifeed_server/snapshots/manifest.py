"""The manifest of a snapshot: all that is known of its files, so that sending them computes nothing.

A snapshot is ready when its manifest is there: it is written last.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson

from wikifeed_server.snapshots.joining import Piece
from wikifeed_server.snapshots.spec import Content, Format, SnapshotSpec

# The pieces of a file whose checksums a manifest holds, and in which files are sent unless asked otherwise.
CRC_BLOCK_BYTES = 1 << 20

_VERSION = 1


@dataclass(frozen=True, slots=True)
class ChunkEntry:
    """One file. `md5` and `sha256` are hex; `crc32c` has 4 bytes, big endian, for each CRC_BLOCK_BYTES of the file."""

    file_name: str
    size_bytes: int
    uncompressed_size_bytes: int
    md5: str
    sha256: str
    crc32c: bytes
    articles_count: int
    first_page_id: int
    last_page_id: int

    def block_crc32c(self, block: int) -> int:
        """The CRC-32C of the block of that number, from 0."""
        return int.from_bytes(self.crc32c[block * 4 : block * 4 + 4], "big")


@dataclass(frozen=True, slots=True)
class WholeEntry:
    """Several chunks as one file: the bytes of the pieces, one behind the other. `md5` is hex."""

    file_name: str
    md5: str
    pieces: tuple[Piece, ...]

    @property
    def size_bytes(self) -> int:
        """The size of the whole."""
        return sum(piece.length for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A finished snapshot. Times are microseconds since 1970, UTC.

    `without_body_count` counts the lines without the body that the content asks for. `whole` says how several chunks
    are one file, where their format allows it.
    """

    spec: SnapshotSpec
    language: str
    created: int
    finished: int
    without_body_count: int
    version: str
    chunks: tuple[ChunkEntry, ...]
    whole: WholeEntry | None = None

    @property
    def file_names(self) -> frozenset[str]:
        """The names of all files but the manifest."""
        pieces = self.whole.pieces if self.whole else ()
        return frozenset(chunk.file_name for chunk in self.chunks) | {piece.file_name for piece in pieces}

    @property
    def articles_count(self) -> int:
        """How many lines all files have together."""
        return sum(chunk.articles_count for chunk in self.chunks)

    @property
    def size_bytes(self) -> int:
        """The size of all files together."""
        return sum(chunk.size_bytes for chunk in self.chunks)

    @property
    def uncompressed_size_bytes(self) -> int:
        """The size of all lines together."""
        return sum(chunk.uncompressed_size_bytes for chunk in self.chunks)

    def to_json(self) -> bytes:
        """The manifest file's content."""
        totals = {
            "identifier": self.spec.identifier,
            "articles_count": self.articles_count,
            "size_bytes": self.size_bytes,
            "uncompressed_size_bytes": self.uncompressed_size_bytes,
        }
        fields = asdict(self)
        for chunk in fields["chunks"]:
            chunk["crc32c"] = chunk["crc32c"].hex()
        return orjson.dumps({"manifest_version": _VERSION, **totals, **fields}, option=orjson.OPT_INDENT_2)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError when the data is not a manifest."""
        values = orjson.loads(data)
        if values["manifest_version"] != _VERSION:
            raise ValueError(f"manifest_version is {values['manifest_version']}, this program knows {_VERSION}")
        return cls(
            spec=spec_from_object(values["spec"]),
            chunks=tuple(
                ChunkEntry(**{**chunk, "crc32c": bytes.fromhex(chunk["crc32c"])}) for chunk in values["chunks"]
            ),
            whole=_whole(values.get("whole")),
            **{name: values[name] for name in ("language", "created", "finished", "without_body_count", "version")},
        )


def _whole(values: dict[str, Any] | None) -> WholeEntry | None:
    if values is None:
        return None
    return WholeEntry(values["file_name"], values["md5"], tuple(Piece(**piece) for piece in values["pieces"]))


def spec_from_object(values: dict[str, Any]) -> SnapshotSpec:
    """The spec from the JSON object that `dataclasses.asdict` makes of it."""
    return SnapshotSpec(**{**values, "content": Content(values["content"]), "format": Format(values["format"])})
