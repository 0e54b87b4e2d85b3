"""Exports: all bytes, checked, gone on with after a cut, and articles read out of the files."""

import gzip
import hashlib
import json
import tarfile

import grpc
import pytest
import zstandard
from live_server import CuttingProxy

from wikifeed.v1.snapshot_pb2 import SNAPSHOT_FORMAT_NDJSON_ZST, SNAPSHOT_FORMAT_PARQUET
from wikifeed.v1.snapshot_service_pb2 import (
    ExportSnapshotRequest,
    ExportSnapshotResponse,
    GetSnapshotRequest,
    GetSnapshotResponse,
)
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_client import (
    DamagedDataError,
    NotFoundError,
    SnapshotKind,
    WikifeedError,
    article_from_json,
    read_articles,
    read_lines,
)
from wikifeed_server.snapshots import Format

KIND = SnapshotKind("enwiki")
NOISE = hashlib.shake_256(b"noise").hexdigest(400_000)


@pytest.fixture
def pages(feed):
    """Eight pages of 800 KB, which take half as much when they are packed."""
    feed.publish_many([feed.write(f"Page {number}", 10 + number, text=NOISE) for number in range(8)])


@pytest.fixture
async def snapshot(pages, server):
    """A snapshot of one file, of several pieces."""
    return await server.write_snapshot()


class CrashError(Exception):
    """The program dies."""


def stop_at(done_bytes):
    """A progress callback at which the program dies once so much is there."""

    def tell(progress):
        if progress.done_bytes >= done_bytes:
            raise CrashError

    return tell


class Forwarder:
    """A server that asks another, and makes of the pieces what a test wants."""

    def __init__(self, address, change):
        self._address = address
        self._change = change
        self.starts = []

    def methods(self):
        return {
            "GetSnapshot": grpc.unary_unary_rpc_method_handler(
                self._get, GetSnapshotRequest.FromString, GetSnapshotResponse.SerializeToString
            ),
            "ExportSnapshot": grpc.unary_stream_rpc_method_handler(
                self._export, ExportSnapshotRequest.FromString, ExportSnapshotResponse.SerializeToString
            ),
        }

    async def _get(self, request, context):
        async with grpc.aio.insecure_channel(self._address) as channel:
            return await SnapshotServiceStub(channel).GetSnapshot(request)

    async def _export(self, request, context):
        self.starts.append(request.start_position)
        async with grpc.aio.insecure_channel(self._address) as channel:
            async for piece in SnapshotServiceStub(channel).ExportSnapshot(request):
                yield self._change(len(self.starts), piece)


def flipped(piece):
    data = bytearray(piece.data)
    data[0] ^= 1
    piece.data = bytes(data)
    return piece


def page_ids(export):
    return [article.identifier for article in read_articles(*export.files)]


async def test_a_snapshot_is_made_waited_for_and_fetched(feed, client, tmp_path):
    feed.publish("Ada", 7)
    made = await client.create_snapshot(KIND)
    export = await client.export(KIND, tmp_path, offset=made.offset)
    assert (page_ids(export), export.snapshot.articles_count) == ([7], 1)
    listed = [each.offset async for each in client.snapshots(projects=["enwiki"])]
    assert (listed, [each async for each in client.snapshots(projects=["dewiki"])]) == ([1], [])


async def test_all_files_come_several_at_a_time_and_progress_is_told(pages, server, client, tmp_path):
    await server.write_snapshot(chunk_size_bytes=1_700_000)
    told = []
    export = await client.export(KIND, tmp_path / "out", progress=told.append)
    assert (len(export.files), page_ids(export)) == (4, list(range(10, 18)))
    assert sorted(tmp_path.glob("out/*")) == sorted(export.files)
    done = [progress.done_bytes for progress in told]
    assert (done, done[-1]) == (sorted(done), sum(path.stat().st_size for path in export.files))
    assert export.snapshot.offset == 8


async def test_what_is_there_is_not_fetched_again(snapshot, server, made_up, connect, tmp_path):
    forwarder = Forwarder(server.address, lambda number, piece: piece)
    client = await connect(await made_up("SnapshotService", forwarder.methods()))
    with pytest.raises(CrashError):
        await client.export(KIND, tmp_path, progress=stop_at(2_000_000))
    (part,) = tmp_path.glob(".*.part")
    held = part.stat().st_size
    export = await client.export(KIND, tmp_path)
    await client.export(KIND, tmp_path)
    assert forwarder.starts == [0, held]
    assert held >= 2_000_000
    assert page_ids(export) == list(range(10, 18))


async def test_connections_that_are_cut_do_no_harm(snapshot, server, connect, tmp_path):
    # For threads the first connection is that of the other calls, and never cut.
    async with CuttingProxy(server.address, iter([1_500_000, 1_500_000, 100, 1_500_000])) as proxy:
        client = await connect(proxy.address)
        export = await client.export(KIND.identifier, tmp_path)
    assert proxy.cut_off >= 3
    assert page_ids(export) == list(range(10, 18))


async def test_an_export_goes_on_when_the_server_is_started_again(snapshot, server, connect, client, tmp_path):
    with pytest.raises(CrashError):
        await client.export(KIND, tmp_path, progress=stop_at(1))
    await server.stop()
    with pytest.raises(WikifeedError):
        await client.export(KIND, tmp_path)
    await server.start()
    assert page_ids(await client.export(KIND, tmp_path)) == list(range(10, 18))


async def test_a_piece_that_is_damaged_on_the_way_is_asked_for_again(snapshot, server, made_up, connect, tmp_path):
    forwarder = Forwarder(server.address, lambda number, piece: flipped(piece) if number < 3 else piece)
    client = await connect(await made_up("SnapshotService", forwarder.methods()))
    assert page_ids(await client.export(KIND, tmp_path)) == list(range(10, 18))
    assert forwarder.starts == [0, 0, 0]


async def test_a_file_that_is_damaged_at_the_server_is_never_taken_for_whole(snapshot, server, client, tmp_path):
    (path,) = server.library.get(KIND.identifier).folder.glob("*.tar.gz")
    data = bytearray(path.read_bytes())
    data[1_500_000] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedDataError, match="piece at byte 1048576 is damaged"):
        await client.export(KIND, tmp_path)
    assert list(tmp_path.glob("*.tar.gz")) == []


async def test_a_part_that_was_damaged_on_the_disk_is_fetched_anew(snapshot, client, tmp_path):
    with pytest.raises(CrashError):
        await client.export(KIND, tmp_path, progress=stop_at(2_000_000))
    (part,) = tmp_path.glob(".*.part")
    part.write_bytes(b"x" + part.read_bytes()[1:])
    assert page_ids(await client.export(KIND, tmp_path)) == list(range(10, 18))


async def test_a_file_of_the_same_name_from_another_snapshot_is_replaced(snapshot, feed, server, client, tmp_path):
    await client.export(KIND, tmp_path)
    feed.publish("Later", 99)
    export = await client.export(KIND, tmp_path, offset=await server.write_snapshot())
    assert page_ids(export) == [*range(10, 18), 99]


async def test_a_part_of_another_snapshot_is_not_gone_on_with(snapshot, feed, server, made_up, connect, tmp_path):
    forwarder = Forwarder(server.address, lambda number, piece: piece)
    client = await connect(await made_up("SnapshotService", forwarder.methods()))
    with pytest.raises(CrashError):
        await client.export(KIND, tmp_path, progress=stop_at(2_000_000))
    feed.publish("Later", 99)
    export = await client.export(KIND, tmp_path, offset=await server.write_snapshot())
    assert page_ids(export) == [*range(10, 18), 99]
    assert forwarder.starts == [0, 0]


async def test_file_names_that_lead_elsewhere_are_refused(snapshot, server, made_up, connect, tmp_path):
    forwarder = Forwarder(server.address, lambda number, piece: piece)

    async def lead_away(request, context):
        found = await forwarder._get(request, context)
        found.chunks[0].file_name = "../elsewhere.tar.gz"
        return found

    methods = forwarder.methods() | {
        "GetSnapshot": grpc.unary_unary_rpc_method_handler(
            lead_away, GetSnapshotRequest.FromString, GetSnapshotResponse.SerializeToString
        )
    }
    client = await connect(await made_up("SnapshotService", methods))
    with pytest.raises(DamagedDataError, match="no plain file name"):
        await client.export(KIND, tmp_path / "out")
    assert not (tmp_path / "elsewhere.tar.gz").exists()


async def test_a_snapshot_that_is_not_there_is_told(feed, client, tmp_path):
    with pytest.raises(NotFoundError) as caught:
        await client.export(KIND, tmp_path)
    assert caught.value.reason == "SNAPSHOT_NOT_FOUND"


@pytest.mark.parametrize("connect", ["asyncio"], indirect=True)
async def test_articles_are_read_out_of_zst(feed, server, client, tmp_path):
    feed.publish("Ada", 7, text="body")
    kind = SnapshotKind("enwiki", format=SNAPSHOT_FORMAT_NDJSON_ZST)
    await server.write_snapshot(format=Format.ZST)
    (article,) = read_articles(*(await client.export(kind, tmp_path)).files)
    stored = await client.get("enwiki", 7)
    assert (article.article_body, article.version) == (stored.article_body, stored.version)


@pytest.mark.parametrize("connect", ["asyncio"], indirect=True)
async def test_parquet_is_left_to_pyarrow(feed, server, client, tmp_path):
    feed.publish("Ada", 7)
    kind = SnapshotKind("enwiki", format=SNAPSHOT_FORMAT_PARQUET)
    await server.write_snapshot(format=Format.PARQUET)
    export = await client.export(kind, tmp_path)
    with pytest.raises(ValueError, match="pyarrow"):
        list(read_articles(*export.files))


def test_lines_are_read_out_of_every_kind_of_file(tmp_path):
    lines = [b'{"name": "Ada"}\n', b'{"name": "Grace"}\n']
    plain = tmp_path / "a.ndjson"
    plain.write_bytes(b"".join(lines))
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "a.zst").write_bytes(zstandard.compress(plain.read_bytes()))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(plain, "one.ndjson")
        archive.add(plain, "two.ndjson")
    names = ("a.ndjson", "a.ndjson.gz", "a.zst", "a.tar.gz")
    assert [list(read_lines(tmp_path / name)) for name in names] == [lines, lines, lines, lines * 2]


def test_a_file_cut_short_is_an_error(tmp_path):
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(b'{"name": "Ada"}\n' * 1000)[:-20])
    with pytest.raises(EOFError):
        list(read_lines(path))
    path = tmp_path / "a.zst"
    packed = zstandard.compress(b'{"name": "Ada"}\n' * 1000)
    path.write_bytes(packed + packed)
    assert len(list(read_lines(path))) == 2000
    path.write_bytes(packed + packed[:-1])
    with pytest.raises(EOFError):
        list(read_lines(path))


def test_tables_keep_their_cells():
    nested = {"rows": [[{"value": "inner"}]]}
    table = {"identifier": "t", "rows": [[{"value": "a"}, {"nested_table": nested}]], "unknown": 1}
    article = article_from_json(json.dumps({"name": "Ada", "tables": [table]}))
    cells = article.tables[0].rows[0].cells
    assert (cells[0].value, cells[1].nested_table.rows[0].cells[0].value) == ("a", "inner")


@pytest.mark.parametrize("data", ["[]", "{", '{"name": 1}'])
def test_what_is_no_article_is_refused(data):
    with pytest.raises(ValueError, match=r"no article|Expecting"):
        article_from_json(data)
