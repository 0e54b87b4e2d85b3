"""The chunks of a snapshot as one file."""

import gzip
import hashlib
import io
import tarfile
import zlib

import pytest
from snapshot_feed import export, page

from wikifeed_server.snapshots import Manifest


def whole_bytes(folder, manifest):
    """The bytes of the pieces, one behind the other."""
    found = bytearray()
    for piece in manifest.whole.pieces:
        data = (folder / piece.file_name).read_bytes()
        found += data[piece.start : piece.start + piece.length]
    return bytes(found)


def lines_of(data, mode):
    """The lines of all members, read to the end of what a program takes for the file."""
    with tarfile.open(fileobj=io.BytesIO(data), mode=mode) as archive:
        return [line for member in archive for line in archive.extractfile(member).read().splitlines()]


@pytest.fixture
async def chunked(feed, tmp_path):
    feed.publish(*(page(number, 1, f"{number} " * 700) for number in range(1, 80)))
    manifest = await export(feed, tmp_path, chunk_size_bytes=20_000)
    assert len(manifest.chunks) > 5
    return manifest


async def test_all_chunks_are_one_file_that_any_reader_takes(chunked, tmp_path):
    data = whole_bytes(tmp_path, chunked)
    assert (len(data), hashlib.md5(data).hexdigest()) == (chunked.whole.size_bytes, chunked.whole.md5)
    assert chunked.version == chunked.whole.md5
    in_chunks = [
        line for chunk in chunked.chunks for line in lines_of((tmp_path / chunk.file_name).read_bytes(), "r:gz")
    ]
    assert lines_of(data, "r:gz") == lines_of(data, "r|gz") == in_chunks
    assert len(in_chunks) == 79


async def test_it_is_one_gzip_stream_with_nothing_behind_it(chunked, tmp_path):
    reader = zlib.decompressobj(wbits=31)  # of one stream alone; checks its checksum and size
    plain = reader.decompress(whole_bytes(tmp_path, chunked))
    assert reader.eof
    assert reader.unused_data == b""
    assert plain == gzip.decompress(whole_bytes(tmp_path, chunked))


async def test_the_manifest_says_it_and_reads_it_back(chunked):
    assert Manifest.from_json(chunked.to_json()) == chunked
    assert chunked.whole.file_name == "enwiki_namespace_0.tar.gz"


async def test_one_chunk_is_the_whole_itself(feed, tmp_path):
    feed.publish(page(1, 1))
    manifest = await export(feed, tmp_path, chunk_size_bytes=20_000)
    assert manifest.whole is None
    assert manifest.version == manifest.chunks[0].md5


async def test_what_a_later_snapshot_has_no_use_for_goes(feed, tmp_path, chunked):
    tail = chunked.whole.pieces[-1].file_name
    assert (tmp_path / tail).exists()
    await export(feed, tmp_path)
    assert not (tmp_path / tail).exists()
