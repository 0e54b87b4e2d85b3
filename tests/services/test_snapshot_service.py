"""SnapshotService, as a client of any transport meets it."""

import asyncio
import hashlib
import io
import os
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import google_crc32c
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from snapshot_site import Site

from wikifeed.v1 import snapshot_pb2
from wikifeed.v1.snapshot_service_pb2 import (
    ExportSnapshotRequest,
)
from wikifeed_server.errors import (
    InvalidRequestError,
    NamespaceNotFoundError,
    PositionBeyondEndError,
    ProjectNotFoundError,
    SnapshotNotFoundError,
    SnapshotNotReadyError,
    StoreCorruptError,
)
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, SnapshotWriters

NOISE = hashlib.shake_256(b"noise").hexdigest(700_000)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A store without articles."""
    library = SnapshotLibrary(tmp_path)
    async with SnapshotWriters(tmp_path, library) as writers:
        site = Site(tmp_path, writers, library)
        yield site
        await site.reader.close()
        site.writer.close()


# Export


@pytest.fixture
async def exported(site) -> Site:
    """A snapshot of three chunks, the second of 1.4 MB."""
    site.publish("enwiki", 1)
    site.publish("enwiki", 2, text=NOISE * 2)
    offset = site.publish("enwiki", 3)
    await site.write("enwiki", offset, chunk_size_bytes=1000)
    return site


def file_bytes(site: Site, chunk: int) -> bytes:
    return (site.library.get("enwiki_namespace_0").folder / f"enwiki_namespace_0_chunk_{chunk}.tar.gz").read_bytes()


async def test_all_files_are_sent_one_after_the_other(exported):
    pieces = await exported.export()
    for number in range(3):
        data = b"".join(piece.data for piece in pieces if piece.chunk_number == number)
        last = [piece for piece in pieces if piece.chunk_number == number][-1]
        assert data == file_bytes(exported, number)
        assert last.sha256 == hashlib.sha256(data).hexdigest()
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
            line = tar.extractfile(f"chunk_{number}.ndjson").read()
        assert orjson.loads(line)["identifier"] == number + 1
    assert [piece.chunk_number for piece in pieces] == sorted(piece.chunk_number for piece in pieces)


async def test_every_piece_says_where_it_belongs_and_has_its_checksum(exported):
    for piece in await exported.export():
        whole = file_bytes(exported, piece.chunk_number)
        assert (piece.offset, piece.size_bytes) == (3, len(whole))
        assert whole[piece.position : piece.position + len(piece.data)] == piece.data
        assert google_crc32c.value(piece.data) == piece.crc32c
        assert bool(piece.sha256) == (piece.position + len(piece.data) == len(whole))


@pytest.mark.parametrize("max_data_bytes", [0, 4096, 100_000, 3 << 20])
@pytest.mark.parametrize("position", [0, 1, 4096, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, -1, -4096])
async def test_an_export_goes_on_at_any_byte(exported, position, max_data_bytes):
    whole = file_bytes(exported, 1)
    start = position % len(whole)
    pieces = await exported.export(
        first_chunk=1, chunk_count=1, start_position=start, offset=3, max_data_bytes=max_data_bytes
    )
    assert whole[:start] + b"".join(piece.data for piece in pieces) == whole
    assert all(google_crc32c.value(piece.data) == piece.crc32c for piece in pieces)
    assert all(len(piece.data) <= (max_data_bytes or 1 << 20) for piece in pieces)
    assert pieces[-1].sha256 == hashlib.sha256(whole).hexdigest()


async def test_a_start_at_the_end_of_a_file_gives_one_piece_without_data(exported):
    size = len(file_bytes(exported, 1))
    end, *following = await exported.export(first_chunk=1, start_position=size)
    assert (end.chunk_number, end.position, end.data, end.crc32c) == (1, size, b"", 0)
    assert end.sha256 == hashlib.sha256(file_bytes(exported, 1)).hexdigest()
    assert [piece.chunk_number for piece in following] == [2]


async def test_a_start_beyond_the_end_is_refused_with_the_size(exported):
    size = len(file_bytes(exported, 0))
    with pytest.raises(PositionBeyondEndError) as caught:
        await exported.export(start_position=size + 1)
    assert caught.value.metadata["size_bytes"] == str(size)
    with pytest.raises(PositionBeyondEndError, match="has 3 chunks"):
        await exported.export(first_chunk=3)


async def test_a_file_that_is_not_what_its_manifest_says_is_not_sent(exported):
    path = exported.library.get("enwiki_namespace_0").folder / "enwiki_namespace_0_chunk_0.tar.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreCorruptError, match="its manifest says"):
        await exported.export()


async def test_a_file_that_the_disk_must_be_waited_for_is_sent_all_the_same(exported):
    path = exported.library.get("enwiki_namespace_0").folder / "enwiki_namespace_0_chunk_1.tar.gz"
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)  # out of the kernel's cache
    os.close(file)
    pieces = await exported.export(first_chunk=1, chunk_count=1)
    assert hashlib.sha256(b"".join(piece.data for piece in pieces)).hexdigest() == pieces[-1].sha256
    assert all(google_crc32c.value(piece.data) == piece.crc32c for piece in pieces)


async def test_a_file_that_is_cut_while_it_is_sent_ends_the_export_with_an_error(exported):
    path = exported.library.get("enwiki_namespace_0").folder / "enwiki_namespace_0_chunk_1.tar.gz"
    request = ExportSnapshotRequest(identifier="enwiki_namespace_0", first_chunk=1, max_data_bytes=4096)
    pieces = exported.service.ExportSnapshot(request)
    await anext(pieces)
    os.truncate(path, 5000)
    with pytest.raises(StoreCorruptError, match="has 5000 bytes"):
        await anext(pieces)


async def test_a_snapshot_that_is_being_written_is_refused_with_how_far_it_is(site):
    offset = site.publish("enwiki", 1)
    claim = site.library.claim(SnapshotSpec("enwiki", 0, offset))
    site.library.report(claim.status, 12, 3456)
    with pytest.raises(SnapshotNotReadyError, match="is being written") as caught:
        await site.export()
    assert caught.value.metadata["articles_count"] == "12"
    assert (await site.get(identifier="enwiki_namespace_0")).snapshot.articles_count == 12
    os.close(claim.lock)


async def test_a_failed_snapshot_is_refused_with_the_reason(site):
    claim = site.library.claim(SnapshotSpec("enwiki", 0, site.publish("enwiki", 1)))
    site.library.fail(claim.status, "the disk is full")
    os.close(claim.lock)
    with pytest.raises(SnapshotNotReadyError, match="the disk is full"):
        await site.export()
    snapshot = (await site.get(identifier="enwiki_namespace_0")).snapshot
    assert (snapshot.state, snapshot.error) == (snapshot_pb2.SNAPSHOT_STATE_FAILED, "the disk is full")


@pytest.mark.parametrize("request_", [{"identifier": "enwiki_namespace_4"}, {"offset": 99}])
async def test_an_unknown_snapshot_is_not_found(exported, request_):
    with pytest.raises(SnapshotNotFoundError):
        await exported.export(**request_)
    with pytest.raises(SnapshotNotFoundError):
        await exported.get(**{"identifier": "enwiki_namespace_0", **request_})


# Get, list, create


async def test_a_snapshot_tells_what_its_files_are(exported):
    response = await exported.get(identifier="enwiki_namespace_0")
    snapshot, chunks = response.snapshot, response.chunks
    sizes = [len(file_bytes(exported, number)) for number in range(3)]
    assert snapshot.state == snapshot_pb2.SNAPSHOT_STATE_READY
    assert (snapshot.offset, snapshot.articles_count, snapshot.size_bytes) == (3, 3, sum(sizes))
    assert snapshot.size.value == round(sum(sizes) / 1e6, 3)
    assert (snapshot.is_part_of.identifier, snapshot.in_language.identifier) == ("enwiki", "en")
    assert list(snapshot.chunks) == [chunk.identifier for chunk in chunks]
    assert [chunk.identifier for chunk in chunks] == [f"enwiki_namespace_0_chunk_{number}" for number in range(3)]
    assert [chunk.size_bytes for chunk in chunks] == sizes
    assert [(chunk.first_page_id, chunk.last_page_id) for chunk in chunks] == [(1, 1), (2, 2), (3, 3)]
    assert chunks[1].version == hashlib.md5(file_bytes(exported, 1)).hexdigest()
    assert snapshot.version == exported.library.get("enwiki_namespace_0").manifest.whole.md5


async def test_the_list_goes_by_identifier_and_then_newest_first_in_pages(site):
    for project, page_id in [("enwiki", 1), ("dewiki", 2), ("enwiki", 3)]:
        await site.write(project, site.publish(project, page_id))
    seen, token = [], ""
    while True:
        page = await site.listed(page_size=1, page_token=token)
        seen += [(snapshot.identifier, snapshot.offset) for snapshot in page.snapshots]
        token = page.next_page_token
        if not token:
            break
    assert seen == [("dewiki_namespace_0", 2), ("enwiki_namespace_0", 3), ("enwiki_namespace_0", 1)]
    assert [snapshot.offset for snapshot in (await site.listed(projects=["dewiki"])).snapshots] == [2]


@pytest.mark.parametrize("token", ["x", "e30=", "W10=", "WzEsIDIsIDNd", "\u00e9", "WyJhIiwiYiJd"])
async def test_a_page_token_from_elsewhere_is_refused(site, token):
    with pytest.raises(InvalidRequestError, match="page_token"):
        await site.listed(page_token=token)


async def test_create_writes_a_snapshot_of_the_newest_offset_once(site):
    site.publish("enwiki", 1, 2)
    begun = await site.create(project="enwiki", format=snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_ZST)
    again = await site.create(project="enwiki", format=snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_ZST)
    assert begun.state == snapshot_pb2.SNAPSHOT_STATE_WRITING
    assert (begun.identifier, begun.offset) == (again.identifier, again.offset) == ("enwiki_namespace_0_zst", 2)
    async with asyncio.timeout(60):
        while (snapshot := (await site.get(identifier=begun.identifier)).snapshot).state == begun.state:
            continue
    assert (snapshot.state, snapshot.articles_count) == (snapshot_pb2.SNAPSHOT_STATE_READY, 2)
    assert await site.create(project="enwiki", format=snapshot_pb2.SNAPSHOT_FORMAT_NDJSON_ZST) == snapshot


async def test_structured_contents_are_written_as_parquet_and_sent(site):
    offset = site.publish("enwiki", 1, 2)
    begun = await site.create(
        project="enwiki",
        content=snapshot_pb2.SNAPSHOT_CONTENT_STRUCTURED,
        format=snapshot_pb2.SNAPSHOT_FORMAT_PARQUET,
    )
    assert (begun.identifier, begun.offset) == ("enwiki_namespace_0_structured_parquet", offset)
    async with asyncio.timeout(60):
        while (snapshot := (await site.get(identifier=begun.identifier)).snapshot).state == begun.state:
            continue
    assert (snapshot.state, snapshot.articles_count) == (snapshot_pb2.SNAPSHOT_STATE_READY, 2), snapshot.error
    assert (snapshot.content, snapshot.format) == (begun.content, begun.format)
    data = b"".join(piece.data for piece in await site.export(identifier=begun.identifier))
    assert pq.read_table(pa.BufferReader(data)).column("identifier").to_pylist() == [1, 2]


async def test_create_refuses_what_the_server_does_not_have(site):
    with pytest.raises(ProjectNotFoundError):
        await site.create(project="frwiki")
    with pytest.raises(NamespaceNotFoundError, match="no namespace 5"):
        await site.create(project="enwiki", namespace=5)
