"""A source takes the memory of a few of its items, however many it has."""

import gzip
import lzma
import random
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import zstandard
from written_exports import export, pack_7z, page, revision

from wikifeed_server.sources import SourceLimits
from wikifeed_server.sources.opening import open_source

TEXT = "A text of some length, that is much the same in every revision of the page. " * 250
# Of a whole of 48 MB. Opening a 7z archive takes 16 MB by itself, to unpack its table of contents.
GENEROUS_BYTES = 24 << 20


def history(count: int) -> Iterator[bytes]:
    """One page with that many revisions of 19 KB."""
    before, after = export(page(1, "A", "SPLIT")).split("SPLIT")
    noise = random.Random(7)
    yield before.encode()
    for number in range(1, count + 1):
        yield revision(number, f"{noise.randbytes(50).hex()} {TEXT}").encode()
    yield after.encode()


def write_gzip(path: Path, pieces: Iterable[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(pieces)


def write_zstd(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file) as packer:
        for piece in pieces:
            packer.write(piece)


def write_7z(path: Path, pieces: Iterable[bytes]) -> None:
    path.write_bytes(pack_7z(b"".join(pieces), [{"id": lzma.FILTER_LZMA2, "preset": 1}]))


@pytest.mark.parametrize("write", [write_gzip, write_zstd, write_7z], ids=["gzip", "zstd", "7z"])
def test_memory_stays_flat_through_a_long_history(tmp_path, write):
    write(tmp_path / "history", history(2500))
    source = open_source(tmp_path / "history", limits=SourceLimits(unpacked_ratio=1000))
    tracemalloc.start()
    try:
        count = sum(1 for _ in source.read())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2500
    assert peak_bytes < GENEROUS_BYTES


def test_memory_stays_flat_through_many_articles(tmp_path):
    write_gzip(tmp_path / "a.ndjson.gz", (b'{"abstract": "%b"}\n' % TEXT.encode() for _ in range(2500)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in open_source(tmp_path / "a.ndjson.gz").read())
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 2500
    assert peak_bytes < GENEROUS_BYTES
