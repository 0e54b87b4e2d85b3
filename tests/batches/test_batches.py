"""Hourly batches over a real store: equal to the log of the hour, each made once."""

import asyncio
import gzip
import io
import random
import subprocess
import sys
import tarfile
import time

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from made_up_feed import START, Feed

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.batches.hours import hour_at, hour_path
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.snapshots.spec import Format
from wikifeed_server.store import LogFilter, Parts
from wikifeed_server.store.embedded import EmbeddedReader

HOUR = hour_of(START) + HOUR_MICROSECONDS
SPOOLED = 250  # more projects and namespaces than files are held open


@pytest.fixture
def feed(tmp_path):
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed, tmp_path):
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


@pytest.fixture
def library(tmp_path):
    return BatchLibrary(tmp_path)


async def make(reader, library, hour):
    manifest = await write_hour(reader, hour, library.begin(hour))
    library.finish(hour)
    return manifest


def fill(feed, changes, namespaces, seed=1):
    """Changes of all kinds from half an hour before the hour to half an hour behind it."""
    rng = random.Random(seed)
    for number in range(changes):
        feed.time = HOUR - HOUR_MICROSECONDS // 2 + 2 * HOUR_MICROSECONDS * number // changes
        namespace = rng.randrange(namespaces)
        if number and rng.random() < 0.1:
            feed.delete(f"Page {number - 1}", 10_000 + number - 1)
        elif rng.random() < 0.1:
            feed.redirect(f"Page {number}", "Ada", 10_000 + number)
        else:
            feed.publish(f"Page {number}", 10_000 + number, f"text {number}", namespace=namespace)


async def log_of(reader, hour):
    """Enterprise's JSON of each change that the log published in an hour."""
    after, beyond = await reader.offset_at(hour) - 1, await reader.offset_at(hour + HOUR_MICROSECONDS)
    entries, _ = await reader.read_entries(after, LogFilter(), Parts.ALL, beyond - after - 1, 1 << 30)
    lines = []
    for entry in entries:
        article = Article.FromString(b"".join(entry.fragments))
        for structured in ("links", "sections", "infoboxes", "tables", "references"):
            article.ClearField(structured)
        lines.append(message_to_object(article))
    return lines


def lines_of(batch):
    """The lines of a batch's file."""
    data = batch.path.read_bytes()
    assert len(data) == batch.entry.file.size_bytes
    if batch.entry.format is Format.ZST:
        raw = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    else:
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
            raw = b"".join(archive.extractfile(member).read() for member in archive)
    assert raw.endswith(b"\n")
    return [orjson.loads(line) for line in raw.splitlines()]


def by_offset(lines):
    return sorted(lines, key=lambda line: line["event"]["offset"])


@pytest.mark.parametrize("namespaces", [3, SPOOLED])
async def test_the_batches_of_an_hour_are_the_log_of_that_hour(feed, reader, library, namespaces):
    fill(feed, 3 * SPOOLED, namespaces)
    manifest = await make(reader, library, HOUR)
    expected = await log_of(reader, HOUR)
    assert manifest.through_offset - manifest.after_offset == len(expected)
    for format_ in (Format.TAR_GZ, Format.ZST):
        batches = [batch for batch in library.batches(HOUR) if batch.entry.format is format_]
        every = []
        for batch in batches:
            lines = lines_of(batch)
            assert lines == by_offset(lines)
            assert {line["namespace"]["identifier"] for line in lines} == {batch.entry.namespace}
            assert len(lines) == batch.entry.file.articles_count
            every += lines
        assert by_offset(every) == expected


async def test_the_same_log_gives_the_same_files(feed, reader, library, tmp_path):
    fill(feed, 50, 3)
    await make(reader, library, HOUR)
    again = tmp_path / "again"
    again.mkdir()
    await write_hour(reader, HOUR, again)
    for batch in library.batches(HOUR):
        assert (again / batch.path.name).read_bytes() == batch.path.read_bytes()


async def test_an_hour_that_the_log_has_not_all_of_gets_no_batch(feed, reader, library):
    fill(feed, 60, 2)
    first = await reader.offset_at(HOUR)
    feed.trim(first + 3)
    manifest = await make(reader, library, HOUR)
    assert "no longer had all" in manifest.incomplete
    assert library.batches(HOUR) == []
    assert library.hours() == [HOUR]


async def test_an_hour_that_is_whole_is_made_though_the_log_was_cut_before_it(feed, reader, library):
    fill(feed, 60, 2)
    expected = await log_of(reader, HOUR)
    feed.trim(await reader.offset_at(HOUR) - 2)
    await make(reader, library, HOUR)
    lines = [line for batch in library.batches(HOUR) if batch.entry.format is Format.ZST for line in lines_of(batch)]
    assert by_offset(lines) == expected


async def test_old_hours_are_dropped_and_who_reads_one_reads_on(feed, reader, library):
    fill(feed, 60, 1)
    await make(reader, library, HOUR)
    await make(reader, library, HOUR + HOUR_MICROSECONDS)
    batch = library.batches(HOUR)[0]
    with batch.path.open("rb") as file:
        assert library.drop_before(HOUR + HOUR_MICROSECONDS) == [HOUR]
        assert len(file.read()) == batch.entry.file.size_bytes
    assert library.hours() == [HOUR + HOUR_MICROSECONDS]
    assert library.get(HOUR, batch.entry.identifier) is None


WRITE = """
import asyncio, sys
from pathlib import Path
from wikifeed_server.batches import BatchLibrary, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

async def main(store, hour):
    library = BatchLibrary(store)
    async with EmbeddedReader.open(store) as reader:
        await write_hour(reader, hour, library.begin(hour))
        library.finish(hour)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


def kill_after(store, seconds):
    """Have a process write the hour, and kill it when it takes longer; how long it took."""
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", WRITE, store, str(HOUR)]) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return time.monotonic() - began


async def test_an_hour_whose_writer_was_killed_is_not_there_or_whole(feed, reader, tmp_path):
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    fill(feed, 400, 40)
    expected = await log_of(reader, HOUR)
    takes = await asyncio.to_thread(kill_after, tmp_path, 60.0)
    for attempt in range(8):
        library = BatchLibrary(tmp_path)
        library.drop_before(HOUR + 1)
        await asyncio.to_thread(kill_after, tmp_path, rng.uniform(0.3, 1.1) * takes)
        if library.manifest(HOUR) is None:
            assert library.hours() == []
            await make(reader, library, HOUR)
        batches = [batch for batch in library.batches(HOUR) if batch.entry.format is Format.TAR_GZ]
        assert by_offset([line for batch in batches for line in lines_of(batch)]) == expected, attempt


@given(st.integers(0, 4_000_000_000))
def test_an_hours_path_leads_back_to_it(seconds):
    hour = hour_of(seconds * 1_000_000)
    assert hour_at(hour_path(hour)) == hour
    assert hour <= seconds * 1_000_000 < hour + HOUR_MICROSECONDS


@pytest.mark.parametrize("path", ["2026-1-1/03", "2026-02-30/03", "2026-01-01/24", "../etc", "2026-01-01/3"])
def test_what_is_no_hours_path_is_none(path):
    assert hour_at(path) is None
