"""What a snapshot is to hold, and the names that follow from it."""

from dataclasses import dataclass
from enum import StrEnum


class Content(StrEnum):
    """What a snapshot holds of each article."""

    JSON = "json"
    WIKITEXT = "wikitext"
    HTML = "html"
    STRUCTURED = "structured"


class Format(StrEnum):
    """The form of a snapshot's files; the value is what their names end in."""

    TAR_GZ = "ndjson.tar.gz"
    ZST = "ndjson.zst"
    PARQUET = "parquet"


# A Parquet file's end lists every column of every group of rows. That is 10 MB in the writer's memory for this much,
# and would be gigabytes for a big project in one file; it makes files of about 450 MB, as readers of data sets like.
_PARQUET_CHUNK_BYTES = 1 << 30
_IDENTIFIER_ENDINGS = {Format.TAR_GZ: "", Format.ZST: "_zst", Format.PARQUET: "_parquet"}


def manifest_name(identifier: str) -> str:
    """The file name of a snapshot's manifest."""
    return f"{identifier}.manifest.json"


@dataclass(frozen=True, slots=True)
class SnapshotSpec:
    """What to write.

    `chunk_size_bytes` is what was asked for, `chunk_bound_bytes` what holds; `offset` is where the snapshot is exact.
    """

    project: str
    namespace: int
    offset: int
    content: Content = Content.JSON
    format: Format = Format.TAR_GZ
    chunk_size_bytes: int = 0

    @property
    def chunk_bound_bytes(self) -> int:
        """How much of what lines hold may go into one file; 0 means all."""
        return self.chunk_size_bytes or (_PARQUET_CHUNK_BYTES if self.format is Format.PARQUET else 0)

    @property
    def identifier(self) -> str:
        """The snapshot's name, the same at every offset."""
        content = "" if self.content is Content.JSON else f"_{self.content}"
        return f"{self.project}_namespace_{self.namespace}{content}{_IDENTIFIER_ENDINGS[self.format]}"

    def chunk_identifier(self, number: int) -> str:
        """A chunk's name."""
        return f"{self.identifier}_chunk_{number}"

    def file_name(self, number: int) -> str:
        """A chunk's file name: the snapshot's own where there can be but one chunk."""
        ending = "tar.gz" if self.format is Format.TAR_GZ else self.format.value
        return f"{self.chunk_identifier(number) if self.chunk_bound_bytes else self.identifier}.{ending}"

    @property
    def whole_file_name(self) -> str:
        """The name of all chunks as one file."""
        return f"{self.identifier}.tar.gz"

    @property
    def tail_file_name(self) -> str:
        """The name of the file that ends all chunks as one."""
        return f"{self.identifier}.tail"

    def member_name(self, chunk: int, member: int) -> str:
        """The name of an NDJSON file inside a chunk's tar, as Enterprise names them."""
        return f"chunk_{chunk}.ndjson" if self.chunk_size_bytes else f"{self.identifier}_{member}.ndjson"
