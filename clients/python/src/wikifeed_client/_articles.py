"""Articles out of a snapshot's files, one after the other, without unpacking them to the disk."""

import gzip
import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from google.protobuf import json_format

from wikifeed.v1.article_pb2 import Article

_READ_BYTES = 1 << 17
_TABLE_PARTS = ("headers", "rows", "footers")


def read_articles(*paths: str | Path) -> Iterator[Article]:
    """The articles in .tar.gz, .ndjson.gz, .ndjson.zst, .zst and .ndjson files, in order.

    Raises ValueError for a file of another kind or a line that is no article, EOFError or OSError for one cut short.
    """
    for line in read_lines(*paths):
        yield article_from_json(line)


def read_lines(*paths: str | Path) -> Iterator[bytes]:
    """The same as the lines of JSON that they are, which is several times as fast."""
    for path in map(Path, paths):
        yield from _lines(path)


def article_from_json(data: bytes | str) -> Article:
    """The article of one JSON object as Enterprise and snapshots have it. Fields that are not known are dropped.

    Raises ValueError when it is none.
    """
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError(f"no article: {data[:60]!r}")  # noqa: TRY004 - what was read is wrong, not the caller
    for table in value.get("tables") or ():
        _name_cells(table)
    try:
        return json_format.ParseDict(value, Article(), ignore_unknown_fields=True, max_recursion_depth=1000)
    except json_format.ParseError as error:
        raise ValueError(f"no article: {error}") from error


def _lines(path: Path) -> Iterator[bytes]:
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield from _filled(content)
    elif path.suffix == ".gz":
        with gzip.open(path, "rb") as file:
            yield from _filled(file)
    elif path.suffix == ".zst":
        yield from _zst_lines(path)
    elif path.suffix == ".ndjson":
        with path.open("rb") as file:
            yield from _filled(file)
    else:
        raise ValueError(f"{path} is no file of NDJSON; Parquet is read with pyarrow.parquet.read_table")


def _filled(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.strip())


def _zst_lines(path: Path) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as file:
        for block in _unpacked(file):
            *lines, rest = (rest + block).split(b"\n")
            yield from (line + b"\n" for line in lines if line)
    if rest:
        yield rest


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of all frames. zstandard's own readers take a frame that is cut short for a whole one."""
    try:
        import zstandard  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ImportError("reading .zst needs: pip install 'wikifeed-client[zstd]'") from error
    frame = zstandard.ZstdDecompressor().decompressobj()
    is_between = True
    while data := (frame.unused_data if frame.eof else b"") or file.read(_READ_BYTES):
        if frame.eof:
            frame = zstandard.ZstdDecompressor().decompressobj()
        yield frame.decompress(data)
        is_between = frame.eof
    if not is_between:
        raise EOFError(f"{file.name} is cut short")


def _name_cells(table: dict[str, Any]) -> None:
    """Make of the rows, which JSON has as lists of cells, the messages that the contract has."""
    for part in _TABLE_PARTS:
        rows = table.get(part)
        if rows:
            table[part] = [{"cells": row} for row in rows]
            for row in rows:
                for cell in row:
                    if cell.get("nested_table"):
                        _name_cells(cell["nested_table"])
