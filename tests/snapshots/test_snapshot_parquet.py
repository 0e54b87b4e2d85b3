"""Snapshots as Parquet files, read with pyarrow."""

import asyncio
import itertools
import subprocess
import sys

import duckdb
import google_crc32c
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from article_rows import article_of_row, object_of_row
from snapshot_feed import articles, export, page

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.errors import StoreFullError
from wikifeed_server.snapshots import Content, Format, SnapshotSpec, parquet
from wikifeed_server.snapshots.parquet import parquet_file

CONTENTS = pytest.mark.parametrize("content", list(Content))


def export_rows(feed, folder, **options):
    return export(feed, folder, **{"content": Content.STRUCTURED, "format": Format.PARQUET, **options})


def structure(number: int) -> Article:
    """The structured part of a page, with lists in lists deeper than there are columns."""
    part = {"type": "list_item", "value": f"leaf {number}", "links": [{"url": "u", "text": "t"}]}
    for level in range(11):
        part = {"type": "section", "name": f"{level}", "has_parts": [part]}
    reference = {"identifier": "r", "metadata": {"title": f"Title {number}"}}
    return Article(sections=[part], infoboxes=[part] * (number % 3), references=[reference])


@CONTENTS
async def test_rows_hold_what_the_lines_of_the_same_content_hold(feed, tmp_path, content):
    feed.publish(*(page(i, i, f"wiki {i}", "<p>" * (i % 2), structured=structure(i)) for i in range(1, 30)))
    feed.publish(page(31, 31, redirect_target="Page 1"))
    lines = await export(feed, tmp_path, content=content, format=Format.ZST)
    rows = await export_rows(feed, tmp_path, content=content)
    assert articles(tmp_path, rows) == articles(tmp_path, lines)
    assert rows.without_body_count == lines.without_body_count


async def test_a_row_is_the_article(feed, tmp_path):
    feed.publish(page(7, 5, structured=structure(2)))
    manifest = await export_rows(feed, tmp_path)
    (row,) = pq.ParquetFile(tmp_path / manifest.chunks[0].file_name).read().to_pylist()
    article = article_of_row(row)
    assert (article.name, article.identifier, article.date_modified.seconds) == ("Page 7", 7, 5)
    assert (article.sections, article.infoboxes) == (structure(2).sections, structure(2).infoboxes)
    assert article.ByteSize() == manifest.uncompressed_size_bytes


async def test_a_file_says_what_it_is(feed, tmp_path):
    offset = feed.publish(page(1, 1, namespace=14)).last_offset
    manifest = await export_rows(feed, tmp_path, namespace=14)
    (chunk,) = manifest.chunks
    assert chunk.file_name == "enwiki_namespace_14_structured_parquet_chunk_0.parquet"
    file = pq.ParquetFile(tmp_path / chunk.file_name)
    said = {name: value for name, value in file.metadata.metadata.items() if name.startswith(b"wikifeed.")}
    assert said == {
        b"wikifeed.project": b"enwiki",
        b"wikifeed.namespace": b"14",
        b"wikifeed.offset": b"%d" % offset,
        b"wikifeed.content": b"structured",
        b"wikifeed.schema_version": b"1",
    }
    assert file.schema_arrow.field("date_modified").type == pa.timestamp("us", tz="UTC")


async def test_rows_are_in_bounded_groups_that_tell_their_page_ids(feed, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH_BYTES", 2000)
    monkeypatch.setattr(parquet, "_GROUP_BYTES", 10_000)
    feed.publish(*(page(i, 1, structured=structure(i)) for i in range(1, 101)))
    manifest = await export_rows(feed, tmp_path)
    file = pq.ParquetFile(tmp_path / manifest.chunks[0].file_name)
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    assert 3 < len(groups) < 20
    assert sum(group.num_rows for group in groups) == 100
    ranges = []
    for group in groups:
        columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        assert {column.compression for column in columns.values()} == {"ZSTD"}
        ranges.append((columns["identifier"].statistics.min, columns["identifier"].statistics.max))
    assert (ranges[0][0], ranges[-1][1]) == (1, 100)
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(ranges))
    assert [row["identifier"] for row in file.read(["identifier"]).to_pylist()] == list(range(1, 101))


@CONTENTS
async def test_a_namespace_without_pages_gives_a_file_without_rows(feed, tmp_path, content):
    feed.publish(page(1, 1))
    manifest = await export_rows(feed, tmp_path, content=content, namespace=14)
    (chunk,) = manifest.chunks
    table = pq.ParquetFile(tmp_path / chunk.file_name).read()
    assert (table.num_rows, chunk.articles_count) == (0, 0)
    assert "identifier" in table.column_names


async def test_chunks_are_files_of_their_own_and_their_manifest_is_right(feed, tmp_path):
    feed.publish(*(page(i, 1, structured=structure(i)) for i in range(1, 60)))
    manifest = await export_rows(feed, tmp_path, chunk_size_bytes=5000)
    assert len(manifest.chunks) > 3
    following = 1
    for number, chunk in enumerate(manifest.chunks):
        assert chunk.file_name == f"enwiki_namespace_0_structured_parquet_chunk_{number}.parquet"
        rows = pq.ParquetFile(tmp_path / chunk.file_name).read().to_pylist()
        assert [row["identifier"] for row in rows] == list(range(following, chunk.last_page_id + 1))
        assert sum(article_of_row(row).ByteSize() for row in rows) == chunk.uncompressed_size_bytes <= 5000
        data = (tmp_path / chunk.file_name).read_bytes()
        assert (len(data), google_crc32c.value(data)) == (chunk.size_bytes, chunk.block_crc32c(0))
        following = chunk.last_page_id + 1
    assert following == 60


async def test_the_files_of_a_snapshot_are_one_dataset(feed, tmp_path):
    feed.publish(*(page(i, 1, structured=structure(i)) for i in range(1, 40)))
    await export_rows(feed, tmp_path, chunk_size_bytes=5000)
    table = pq.read_table(sorted(map(str, tmp_path.glob("*.parquet")))[0])
    whole = pq.ParquetDataset([str(path) for path in tmp_path.glob("*.parquet")]).read()
    assert (whole.num_rows, whole.schema) == (39, table.schema)
    assert all(object_of_row(row)["sections"] for row in whole.to_pylist())


async def test_a_database_with_a_reader_of_its_own_finds_what_is_nested(feed, tmp_path):
    feed.publish(*(page(i, 1, structured=structure(i)) for i in range(1, 40)))
    await export_rows(feed, tmp_path, chunk_size_bytes=5000)
    files = str(tmp_path / "*.parquet")
    with duckdb.connect() as database:
        query = "SELECT count(*), max(epoch_us(date_modified)) FROM read_parquet(?)"
        assert database.execute(query, [files]).fetchone() == (39, 1_000_000)
        query = """
            SELECT identifier, section.name, section.has_parts[1].name, source.metadata[1].value
            FROM (SELECT *, unnest(sections) AS section, unnest("references") AS source FROM read_parquet(?))
            WHERE identifier IN (7, 8) ORDER BY identifier
        """
        found = database.execute(query, [files]).fetchall()
    assert found == [(7, "10", "9", "Title 7"), (8, "10", "9", "Title 8")]


@pytest.mark.parametrize("room", [0, 100, 5000, 100_000])
def test_a_full_disk_is_told_as_such(room):
    class Disk:
        def __init__(self):
            self.left = room

        def write(self, data):
            self.left -= len(data)
            if self.left < 0:
                raise StoreFullError("no room left")
            return len(data)

    spec = SnapshotSpec("enwiki", 0, 1, Content.STRUCTURED, Format.PARQUET)
    with pytest.raises(StoreFullError, match="no room left"), parquet_file(Disk(), spec) as file:
        file.add(Article(name="Ada", identifier=1).SerializeToString())


def test_a_server_does_not_load_pyarrow():
    code = "import sys; import wikifeed_server.runtime.serving; print('pyarrow' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"


PEAK = """
import asyncio, resource, sys
from pathlib import Path
from wikifeed_server.snapshots import Content, Format, SnapshotSpec, parquet, write_snapshot
from wikifeed_server.store.embedded import EmbeddedReader

async def main(store, out, offset):
    parquet._BATCH_BYTES, parquet._GROUP_BYTES = 1 << 18, 1 << 20
    # As many groups in a file as there are without a chunk size.
    spec = SnapshotSpec("enwiki", 0, int(offset), Content.STRUCTURED, Format.PARQUET, 16 << 20)
    async with EmbeddedReader.open(Path(store)) as reader:
        await write_snapshot(reader, spec, Path(out), lambda progress: None)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_memory_does_not_grow_with_the_number_of_pages(feed, tmp_path):
    async def peak_megabytes() -> int:
        arguments = [sys.executable, "-c", PEAK, feed.folder, tmp_path / "out", str(await feed.newest())]
        return int((await asyncio.to_thread(subprocess.run, arguments, capture_output=True, check=True)).stdout)

    def pages(numbers):
        return [page(i, 1, "", structured=Article(sections=[{"value": f"{i} " * 4000}])) for i in numbers]

    feed.publish(*pages(range(1, 500)))
    few = await peak_megabytes()
    for first in range(500, 5000, 500):
        feed.publish(*pages(range(first, first + 500)))
    assert await peak_megabytes() < few + 32
