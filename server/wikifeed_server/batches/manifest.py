"""All that is known of an hour's batches. It is written last: an hour with a manifest is whole and never changes."""

from dataclasses import asdict, dataclass
from typing import Any, Self

import orjson

from wikifeed_server.snapshots.manifest import ChunkEntry
from wikifeed_server.snapshots.spec import Format

_VERSION = 1
_ENDINGS = {Format.TAR_GZ: "", Format.ZST: "_zst"}
FORMATS = tuple(_ENDINGS)


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One batch: `file` says what is known of its file, where `articles_count` counts its lines."""

    project: str
    namespace: int
    language: str
    format: Format
    file: ChunkEntry

    @property
    def identifier(self) -> str:
        """The batch's name, the same in every hour."""
        return f"{group_name(self.project, self.namespace)}{_ENDINGS[self.format]}"


@dataclass(frozen=True, slots=True)
class HourManifest:
    """The batches of an hour. Times are microseconds since 1970, UTC.

    They hold the changes of the log after `after_offset` through `through_offset`. `incomplete` says why there is none,
    where the log no longer had all of the hour.
    """

    hour: int
    finished: int
    after_offset: int
    through_offset: int
    batches: tuple[BatchEntry, ...]
    incomplete: str = ""

    def to_json(self) -> bytes:
        """The manifest file's content."""
        fields = asdict(self)
        for batch in fields["batches"]:
            batch["file"]["crc32c"] = batch["file"]["crc32c"].hex()
        return orjson.dumps({"manifest_version": _VERSION, **fields}, option=orjson.OPT_INDENT_2)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The inverse of `to_json`. Raises ValueError, KeyError or TypeError when the data is not a manifest."""
        values = orjson.loads(data)
        if values.pop("manifest_version") != _VERSION:
            raise ValueError(f"this program knows manifests of version {_VERSION}")
        batches = tuple(_entry(batch) for batch in values.pop("batches"))
        return cls(batches=batches, **values)


def group_name(project: str, namespace: int) -> str:
    """What all batches of a project and namespace begin with."""
    return f"{project}_namespace_{namespace}"


def file_name(project: str, namespace: int, format_: Format) -> str:
    """The name of a batch's file: "enwiki_namespace_0.tar.gz"."""
    ending = "tar.gz" if format_ is Format.TAR_GZ else format_.value
    return f"{group_name(project, namespace)}.{ending}"


def _entry(values: dict[str, Any]) -> BatchEntry:
    file = values["file"]
    entry = ChunkEntry(**{**file, "crc32c": bytes.fromhex(file["crc32c"])})
    return BatchEntry(**{**values, "format": Format(values["format"]), "file": entry})
