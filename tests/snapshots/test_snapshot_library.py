"""Which snapshots there are, who writes them, and what becomes of those whose writer failed."""

import os
from contextlib import ExitStack, suppress

import pytest
from snapshot_feed import page

from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, State, write_snapshot

SPEC = SnapshotSpec("enwiki", 0, 7)


@pytest.fixture
def library(tmp_path):
    return SnapshotLibrary(tmp_path / "store")


@pytest.fixture
def claim(library):
    """Claims a snapshot. Its lock is let go of at the end, or by `release` before."""
    with ExitStack() as locks:

        def take(spec=SPEC):
            claimed = library.claim(spec)
            locks.callback(release, claimed)
            return claimed

        yield take


def release(claim):
    """As the kernel does when the writer dies."""
    with suppress(OSError):
        os.close(claim.lock)


async def write(feed, library, **options):
    """A ready snapshot of the store as it is."""
    claim = library.claim(SnapshotSpec("enwiki", 0, await feed.newest(), **options))
    await write_snapshot(feed.reader, claim.status.spec, claim.status.folder, lambda progress: None)
    os.close(claim.lock)
    return claim.status.spec


def test_there_is_nothing_in_a_store_without_snapshots(library):
    assert library.list() == []
    assert library.get("enwiki_namespace_0") is None
    assert library.get("enwiki_namespace_0", 7) is None


@pytest.mark.parametrize("identifier", ["..", "a/b", "", "../../etc", "a\0b"])
def test_an_identifier_never_leads_out_of_the_library(library, identifier):
    assert library.get(identifier, 7) is None


def test_a_claimed_snapshot_is_being_written_and_tells_how_far_it_is(library, claim):
    claimed = claim()
    assert library.get("enwiki_namespace_0").state is State.WRITING
    library.report(claimed.status, 12, 3456)
    status = library.get("enwiki_namespace_0", 7)
    assert (status.spec, status.articles_count, status.uncompressed_size_bytes) == (SPEC, 12, 3456)


def test_what_is_being_written_is_not_claimed_twice(tmp_path, claim):
    claim()
    assert SnapshotLibrary(tmp_path / "store").claim(SPEC).state is State.WRITING


def test_a_snapshot_whose_writer_died_has_failed_and_says_what_to_do(library, claim):
    claimed = claim()
    (claimed.status.folder / "half.tar.gz").write_bytes(b"half")
    release(claimed)
    status = library.get("enwiki_namespace_0", 7)
    assert status.state is State.FAILED
    assert "create the snapshot again" in status.error


def test_the_next_attempt_removes_what_a_dead_writer_left(library, claim):
    claimed = claim()
    (claimed.status.folder / "half.tar.gz").write_bytes(b"half")
    release(claimed)
    claim(SnapshotSpec("enwiki", 0, 9))
    assert not claimed.status.folder.exists()
    assert [status.spec.offset for status in library.list()] == [9]


def test_a_failure_is_told_and_its_files_are_gone(library, claim):
    claimed = claim()
    (claimed.status.folder / "half.tar.gz").write_bytes(b"half")
    library.fail(claimed.status, "the disk is full; free some space")
    release(claimed)
    status = library.get("enwiki_namespace_0", 7)
    assert (status.state, status.error) == (State.FAILED, "the disk is full; free some space")
    assert not (status.folder / "half.tar.gz").exists()
    assert library.claim(SPEC).status.state is State.WRITING


def test_what_the_machine_lost_with_its_power_is_written_anew(library, claim):
    claimed = claim()
    (claimed.status.folder / "attempt.json").write_bytes(b"")
    release(claimed)
    assert library.list() == []
    assert claim().status.state is State.WRITING


async def test_a_ready_snapshot_is_returned_and_not_written_again(feed):
    library = SnapshotLibrary(feed.folder)
    feed.publish(page(1, 1), page(2, 1))
    spec = await write(feed, library)
    status = library.claim(spec)
    assert (status.state, status.articles_count, status.spec) == (State.READY, 2, spec)
    library.fail(status, "too late")
    assert library.get(spec.identifier).state is State.READY


async def test_the_newest_is_the_newest_that_is_ready(feed):
    library = SnapshotLibrary(feed.folder)
    for revision in range(1, 12):
        feed.publish(page(1, revision))
        if revision in {2, 10}:
            await write(feed, library)
    claim = library.claim(SnapshotSpec("enwiki", 0, 11))
    assert library.get("enwiki_namespace_0").spec.offset == 10
    assert library.get("enwiki_namespace_0", 11).state is State.WRITING
    assert [status.spec.offset for status in library.list()] == [11, 10, 2]
    os.close(claim.lock)


async def test_a_manifest_that_cant_be_read_makes_a_failed_snapshot(feed):
    library = SnapshotLibrary(feed.folder)
    feed.publish(page(1, 1))
    spec = await write(feed, library)
    (library.get(spec.identifier).folder / f"{spec.identifier}.manifest.json").write_bytes(b"{")
    status = library.get(spec.identifier)
    assert status.state is State.FAILED
    assert "manifest can't be read" in status.error
