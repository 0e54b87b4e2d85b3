"""What a snapshot holds, and that nothing else happens to it."""

import asyncio
import hashlib
import itertools
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import google_crc32c
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snapshot_feed import articles, export, ignore, members, page

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import Change
from wikifeed_server.errors import OffsetInFutureError, ProjectNotFoundError, StoreCorruptError
from wikifeed_server.snapshots import CRC_BLOCK_BYTES, Content, Format, Manifest, SnapshotSpec, write_snapshot
from wikifeed_server.store import ArticleWrite, EventType, LogFilter, Parts

ALL_FORMATS = pytest.mark.parametrize("format_", list(Format))
NDJSON_FORMATS = pytest.mark.parametrize("format_", [Format.TAR_GZ, Format.ZST])


# Exact


class ImportingReader:
    """A reader between whose scans an import goes on."""

    def __init__(self, feed, batches):
        self._feed = feed
        self._batches = iter(batches)

    def __getattr__(self, name):
        return getattr(self._feed.reader, name)

    async def scan(self, *arguments):
        self._feed.publish(*next(self._batches, ()))
        return await self._feed.reader.scan(*arguments)


@ALL_FORMATS
async def test_a_snapshot_is_exact_at_its_offset_while_an_import_goes_on(feed, tmp_path, format_):
    feed.publish(*(page(i, 1, "old") for i in range(1, 1201)))
    imports = [
        [page(1100, 2, "new"), page(3000, 1)],
        [page(1, 2, "new"), page(1101, 2, "", event_type=EventType.DELETE)],
        [page(1102, 2, "", redirect_target="Page 1"), *(page(i, 1) for i in range(1201, 1300))],
    ]
    spec = SnapshotSpec("enwiki", 0, await feed.newest(), format=format_)
    manifest = await write_snapshot(ImportingReader(feed, imports), spec, tmp_path, ignore)
    found = articles(tmp_path, manifest)
    assert [article["identifier"] for article in found] == list(range(1, 1201))
    assert {article["article_body"]["wikitext"] for article in found} == {"old"}
    assert manifest.articles_count == 1200


EDITS = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["edit", "edit", "delete", "redirect"]), st.text(max_size=3)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=EDITS, after=EDITS)
async def test_a_snapshot_and_the_stream_from_its_offset_are_the_present(new_feed, tmp_path, before, after):
    feed = new_feed()  # a store of its own for each history
    revisions = iter(range(1, 1000))
    for edit in before:
        feed.publish(revision(edit, next(revisions)))
    manifest = await export(feed, tmp_path)
    for edit in after:
        feed.publish(revision(edit, next(revisions)))

    state = {article["identifier"]: article for article in articles(tmp_path, manifest)}
    state = {page_id: article.get("article_body", {}).get("wikitext", "") for page_id, article in state.items()}
    entries = await feed.reader.read_entries(
        manifest.spec.offset, LogFilter(), Parts.HEAD | Parts.WIKITEXT, 99, 1 << 20
    )
    for entry in entries.entries:
        article = Article.FromString(b"".join(entry.fragments))
        state[article.identifier] = article.article_body.wikitext
        if article.event.type == "delete" or b"Target" in entry.change:
            del state[article.identifier]

    assert state == await present(feed)


def revision(edit: tuple[int, str, str], number: int) -> ArticleWrite:
    page_id, kind, text = edit
    match kind:
        case "delete":
            return page(page_id, number, "", event_type=EventType.DELETE)
        case "redirect":
            change = Change(redirect_target="Target").SerializeToString()
            return replace(page(page_id, number, "", redirect_target="Target"), change=change)
        case _:
            return page(page_id, number, text)


async def present(feed) -> dict[int, str]:
    live = await feed.reader.scan("enwiki", (0,), await feed.newest(), 0, Parts.WIKITEXT, 99, 1 << 20)
    return {a.page_id: Article.FromString(b"".join(a.fragments)).article_body.wikitext for a in live}


@ALL_FORMATS
async def test_the_same_state_gives_the_same_bytes(feed, tmp_path, format_):
    feed.publish(*(page(i, 1, f"{i}" * 3000) for i in range(1, 500)))
    spec = SnapshotSpec("enwiki", 0, await feed.newest(), format=format_)
    one = await write_snapshot(feed.reader, spec, tmp_path / "one", ignore, threads=1)
    feed.publish(page(1, 2))
    other = await write_snapshot(feed.reader, spec, tmp_path / "other", ignore, threads=3)
    assert one.chunks == other.chunks


# Files


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, {"enwiki_namespace_0.tar.gz": "enwiki_namespace_0_0.ndjson"}),
        ({"format": Format.ZST}, {"enwiki_namespace_0_zst.ndjson.zst": "enwiki_namespace_0_zst.ndjson"}),
        (
            {"content": Content.STRUCTURED},
            {"enwiki_namespace_0_structured.tar.gz": "enwiki_namespace_0_structured_0.ndjson"},
        ),
        ({"content": Content.HTML}, {"enwiki_namespace_0_html.tar.gz": "enwiki_namespace_0_html_0.ndjson"}),
        ({"chunk_size_bytes": 10_000}, {"enwiki_namespace_0_chunk_0.tar.gz": "chunk_0.ndjson"}),
    ],
)
async def test_files_and_members_are_named_as_enterprise_names_them(feed, tmp_path, options, names):
    feed.publish(page(1, 1))
    manifest = await export(feed, tmp_path, **options)
    assert {c.file_name: next(iter(members(tmp_path / c.file_name))) for c in manifest.chunks} == names


@NDJSON_FORMATS
async def test_chunks_hold_every_page_once_and_end_before_the_size_is_exceeded(feed, tmp_path, format_):
    feed.publish(*(page(i, 1, "x" * (i * 37 % 900)) for i in range(1, 200)))
    feed.publish(page(200, 1, "x" * 9000))
    manifest = await export(feed, tmp_path, format=format_, chunk_size_bytes=5000)
    assert [article["identifier"] for article in articles(tmp_path, manifest)] == list(range(1, 201))
    lines = [line for c in manifest.chunks for m in members(tmp_path / c.file_name).values() for line in m.splitlines()]
    chunks = list(manifest.chunks)
    assert chunks[0].first_page_id == 1
    assert chunks[-1].last_page_id == 200
    assert chunks[-1].articles_count == 1
    for chunk, following in itertools.pairwise(chunks):
        assert chunk.uncompressed_size_bytes <= 5000
        assert chunk.uncompressed_size_bytes + len(lines[chunk.last_page_id]) + 1 > 5000
        assert following.first_page_id == chunk.last_page_id + 1


@NDJSON_FORMATS
async def test_the_manifest_knows_sizes_and_hashes_of_every_file(feed, tmp_path, format_):
    noise = hashlib.shake_256(b"noise").hexdigest(1_300_000)
    feed.publish(*(page(i, 1, noise[i * 1000 :]) for i in range(1, 4)))
    manifest = await export(feed, tmp_path, format=format_, chunk_size_bytes=3_000_000)
    assert Manifest.from_json((tmp_path / f"{manifest.spec.identifier}.manifest.json").read_bytes()) == manifest
    for chunk in manifest.chunks:
        data = (tmp_path / chunk.file_name).read_bytes()
        blocks = [data[i : i + CRC_BLOCK_BYTES] for i in range(0, len(data), CRC_BLOCK_BYTES)]
        assert chunk.size_bytes == len(data)
        assert chunk.md5 == hashlib.md5(data).hexdigest()
        assert chunk.sha256 == hashlib.sha256(data).hexdigest()
        assert [chunk.block_crc32c(i) for i in range(len(blocks))] == [google_crc32c.value(b) for b in blocks]
        assert len(chunk.crc32c) == 4 * len(blocks)
    sizes = [sum(map(len, members(tmp_path / c.file_name).values())) for c in manifest.chunks]
    assert [chunk.uncompressed_size_bytes for chunk in manifest.chunks] == sizes


@NDJSON_FORMATS
async def test_a_namespace_without_pages_gives_one_empty_file(feed, tmp_path, format_):
    feed.publish(page(1, 1))
    manifest = await export(feed, tmp_path, format=format_, namespace=14)
    (chunk,) = manifest.chunks
    assert set(members(tmp_path / chunk.file_name).values()) == {b""}
    assert (chunk.articles_count, chunk.first_page_id) == (0, 0)


async def test_a_project_without_any_change_has_a_snapshot_at_offset_0(feed, tmp_path):
    manifest = await export(feed, tmp_path)
    assert (manifest.spec.offset, manifest.articles_count) == (0, 0)


async def test_a_later_export_to_the_same_folder_replaces_the_files(feed, tmp_path):
    feed.publish(*(page(i, 1, "x" * 900) for i in range(1, 20)))
    await export(feed, tmp_path, chunk_size_bytes=1000)
    feed.publish(page(1, 2, "new"))
    manifest = await export(feed, tmp_path, chunk_size_bytes=100_000)
    visible = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert visible == {"enwiki_namespace_0.manifest.json", *(chunk.file_name for chunk in manifest.chunks)}


# What goes wrong


async def test_unknown_projects_and_offsets_to_come_are_refused(feed, tmp_path):
    feed.publish(page(1, 1))
    with pytest.raises(ProjectNotFoundError):
        await write_snapshot(feed.reader, SnapshotSpec("dewiki", 0, 1), tmp_path / "out", ignore)
    with pytest.raises(OffsetInFutureError):
        await write_snapshot(feed.reader, SnapshotSpec("enwiki", 0, 2), tmp_path / "out", ignore)
    assert not (tmp_path / "out").exists()


async def test_an_article_that_cant_be_read_is_named_and_nothing_is_left(feed, tmp_path):
    feed.publish(page(1, 1), replace(page(2, 1), head=b"\xff"), page(3, 1))
    with pytest.raises(StoreCorruptError, match="page 2"):
        await export(feed, tmp_path / "out", chunk_size_bytes=10)
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from wikifeed.v1.change_pb2 import Change
from wikifeed_server.errors import StoreFullError
from wikifeed_server.snapshots import SnapshotSpec, write_snapshot
from wikifeed_server.store.embedded import EmbeddedReader

async def main(store, out, offset):
    reader = EmbeddedReader.open(Path(store))
    spec = SnapshotSpec("enwiki", 0, int(offset), chunk_size_bytes=400_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    try:
        await write_snapshot(reader, spec, Path(out), lambda progress: None)
    except StoreFullError as error:
        print(error.message)
    finally:
        await reader.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_full_disk_is_told_and_leaves_nothing_behind(feed, tmp_path):
    noise = hashlib.shake_256(b"noise").hexdigest(400_000)
    feed.publish(*(page(i, 1, noise[:80_000]) for i in range(1, 4)), page(4, 1, noise))
    out = tmp_path / "out"
    arguments = [sys.executable, "-c", FULL_DISK, feed.folder, out, str(await feed.newest())]
    ended = await asyncio.to_thread(subprocess.run, arguments, capture_output=True, text=True, check=True)
    assert "no room left" in ended.stdout
    assert [path for path in out.rglob("*") if path.is_file()] == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


async def test_progress_is_reported_with_pages_and_bytes(feed, tmp_path):
    feed.publish(*(page(i, 1) for i in range(1, 701)))
    seen = []
    spec = SnapshotSpec("enwiki", 0, await feed.newest())
    manifest = await write_snapshot(feed.reader, spec, tmp_path, seen.append)
    assert [(progress.articles_count, progress.last_page_id) for progress in seen] == [(500, 500), (700, 700)]
    assert seen[-1].uncompressed_size_bytes == manifest.uncompressed_size_bytes


def test_the_manifest_is_json_that_a_person_can_read(tmp_path: Path):
    manifest = Manifest(SnapshotSpec("enwiki", 0, 7, Content.HTML, Format.ZST, 5), "en", 1, 2, 3, "ab", ())
    values = orjson.loads(manifest.to_json())
    assert values["identifier"] == "enwiki_namespace_0_html_zst"
    assert values["spec"]["content"] == "html"
    assert Manifest.from_json(manifest.to_json()) == manifest
    with pytest.raises(ValueError, match="manifest_version is 2"):
        Manifest.from_json(manifest.to_json().replace(b'"manifest_version": 1', b'"manifest_version": 2'))
