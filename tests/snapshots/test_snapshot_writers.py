"""Snapshots written by processes of their own beside a server."""

import asyncio
import hashlib
import os
import resource
import signal
from pathlib import Path

import pytest
import uvloop
from snapshot_feed import articles, page

from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, SnapshotWriters, State


@pytest.fixture
def library(feed):
    return SnapshotLibrary(feed.folder)


async def ended(library, spec):
    """The snapshot as soon as it is not being written any more."""
    async with asyncio.timeout(60):
        while (status := await asyncio.to_thread(library.get, spec.identifier, spec.offset)).state is State.WRITING:
            continue
    return status


def children() -> set[int]:
    """The processes that this one started."""
    tasks = Path("/proc/self/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


async def test_a_snapshot_is_written_beside_the_server(feed, library):
    feed.publish(page(1, 1), page(2, 1))
    spec = SnapshotSpec("enwiki", 0, 2)
    async with SnapshotWriters(feed.folder, library) as writers:
        begun = await writers.begin(spec)
        again = await writers.begin(spec)
        status = await ended(library, spec)
        ready = await writers.begin(spec)
    assert [s.state for s in (begun, again, status, ready)] == [State.WRITING, State.WRITING, State.READY, State.READY]
    assert [article["identifier"] for article in articles(status.folder, status.manifest)] == [1, 2]


async def test_two_snapshots_wait_for_each_other_and_both_get_ready(feed, library):
    feed.publish(page(1, 1), page(2, 1, namespace=14))
    specs = [SnapshotSpec("enwiki", 0, 2), SnapshotSpec("enwiki", 14, 2)]
    async with SnapshotWriters(feed.folder, library) as writers:
        for spec in specs:
            await writers.begin(spec)
        assert [(await ended(library, spec)).state for spec in specs] == [State.READY, State.READY]


async def test_a_writer_that_is_killed_leaves_a_failed_snapshot_and_another_can_be_written(feed, library):
    feed.publish(page(1, 1))
    spec = SnapshotSpec("enwiki", 0, 1)
    async with SnapshotWriters(feed.folder, library) as writers:
        before = children()
        await writers.begin(spec)
        while not (new := children() - before):
            await asyncio.to_thread(library.list)
        os.kill(new.pop(), signal.SIGKILL)
        status = await ended(library, spec)
        assert status.state is State.FAILED
        assert "killed by SIGKILL" in status.error
        await writers.begin(spec)
        assert (await ended(library, spec)).state is State.READY


async def test_stopping_ends_the_writers_and_says_so(feed, library):
    feed.publish(page(1, 1))
    spec = SnapshotSpec("enwiki", 0, 1)
    before = children()
    async with SnapshotWriters(feed.folder, library) as writers:
        await writers.begin(spec)
        while children() == before:
            await asyncio.to_thread(library.list)
    status = library.get(spec.identifier)
    assert children() == before
    assert status.state is State.FAILED
    assert "server was stopped" in status.error


async def test_a_full_disk_fails_the_snapshot_and_says_so(feed, library):
    noise = hashlib.shake_256(b"noise").hexdigest(400_000)
    feed.publish(page(1, 1), page(2, 1, noise))
    spec = SnapshotSpec("enwiki", 0, 2)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))  # the writer inherits it
    try:
        async with SnapshotWriters(feed.folder, library) as writers:
            await writers.begin(spec)
            status = await ended(library, spec)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert status.state is State.FAILED
    assert "no room left" in status.error
    assert {path.name for path in status.folder.iterdir()} == {"attempt.json", "writer.lock"}


async def test_a_writer_that_cant_be_started_fails_the_snapshot(feed, library, monkeypatch):
    feed.publish(page(1, 1))
    spec = SnapshotSpec("enwiki", 0, 1)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    async with SnapshotWriters(feed.folder, library) as writers:
        await writers.begin(spec)
        status = await ended(library, spec)
    assert status.state is State.FAILED
    assert "can't be started" in status.error


async def test_a_store_folder_that_cant_be_written_to_is_told_to_the_caller(feed, library):
    blobs = feed.folder / "blobs"
    if blobs.exists():
        blobs.rmdir()
    blobs.write_bytes(b"not a folder")
    async with SnapshotWriters(feed.folder, library) as writers:
        with pytest.raises(OSError, match="blobs"):
            await writers.begin(SnapshotSpec("enwiki", 0, 1))


def test_the_server_runs_no_python_in_the_forked_child(feed, library, tmp_path):
    # gRPC's hooks are among those that would run, and they crash now and then.
    feed.publish(page(1, 1))
    trace = tmp_path / "forked"
    os.register_at_fork(after_in_child=trace.touch)
    spec = SnapshotSpec("enwiki", 0, 1)

    async def write():
        async with SnapshotWriters(feed.folder, library) as writers:
            await writers.begin(spec)
            return await ended(library, spec)

    assert uvloop.run(write()).state is State.READY
    assert not trace.exists()
