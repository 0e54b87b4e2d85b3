"""Snapshots and batches in a store, for tests of what serves them."""

import hashlib
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from made_up_feed import START, Feed

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, StoredBatch, hour_of, write_hour
from wikifeed_server.snapshots import Manifest, Progress, SnapshotLibrary, SnapshotSpec, SnapshotStatus, write_snapshot
from wikifeed_server.snapshots.spec import manifest_name
from wikifeed_server.store.embedded import EmbeddedReader

HOUR = hour_of(START) + HOUR_MICROSECONDS
DATE_AND_HOUR = "2023-11-14/23"  # the path of HOUR


def noise(characters: int, seed: str = "") -> str:
    """Text that no packing makes shorter than half."""
    return hashlib.shake_256(f"noise{seed}".encode()).hexdigest(characters // 2)


class StoredFiles:
    """Makes snapshots and batches of the store in `folder`, which `feed` publishes to, as they are written for real."""

    def __init__(self, folder: Path, feed: Feed, reader: EmbeddedReader) -> None:
        self.snapshots = SnapshotLibrary(folder)
        self.batches = BatchLibrary(folder)
        self.feed = feed
        self.reader = reader

    async def snapshot(self, project: str = "enwiki", **options: Any) -> SnapshotStatus:
        """The snapshot of a project as it is and with one short article more."""
        offset = self.feed.publish(f"Page {time.monotonic_ns()}", project=project)
        spec = SnapshotSpec(project, 0, offset, **options)
        claim = self.snapshots.claim(spec)
        try:
            await write_snapshot(self.reader, spec, claim.status.folder, _ignore)
        finally:
            os.close(claim.lock)
        status = self.snapshots.get(spec.identifier, offset)
        assert status is not None
        return status

    async def hour(self, *projects: str) -> list[StoredBatch]:
        """The batches of HOUR, in which an article of each project changed."""
        self.feed.time = HOUR + 1
        for project in projects:
            self.feed.publish(f"Changed in {project}", project=project)
        self.feed.time = HOUR + HOUR_MICROSECONDS
        self.feed.publish("Later")
        await write_hour(self.reader, HOUR, self.batches.begin(HOUR))
        self.batches.finish(HOUR)
        return list(self.batches.batches(HOUR))

    async def in_chunks(self, count: int, **options: Any) -> tuple[SnapshotStatus, bytes]:
        """A snapshot of about that many chunks, and what its files hold without their ends: the whole."""
        for number in range(count):
            self.feed.publish(f"Long {number}", text=noise(3000, str(number)))
        status = await self.snapshot(**{"chunk_size_bytes": 3500} | options)
        assert status.manifest is not None
        assert status.manifest.whole is not None
        files = [(status.folder / piece.file_name, piece) for piece in status.manifest.whole.pieces]
        return status, b"".join(path.read_bytes()[piece.start : piece.start + piece.length] for path, piece in files)

    async def big_snapshot(self, size_bytes: int) -> tuple[SnapshotStatus, bytes]:
        """A snapshot with a file of that size, and what it holds: random bytes, for nobody unpacks it."""
        status = await self.snapshot()
        assert status.manifest is not None
        content = os.urandom(size_bytes)
        (status.folder / status.manifest.chunks[0].file_name).write_bytes(content)
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        chunk = replace(status.manifest.chunks[0], size_bytes=size_bytes, md5=md5)
        self.rewrite(status, replace(status.manifest, version=md5, chunks=(chunk,)))
        return status, content

    def made_at(self, status: SnapshotStatus, microseconds: int) -> None:
        """Have a snapshot made at another time."""
        assert status.manifest is not None
        self.rewrite(status, replace(status.manifest, created=microseconds, finished=microseconds))

    def rewrite(self, status: SnapshotStatus, manifest: Manifest) -> None:
        """Have a snapshot another manifest."""
        path = status.folder / manifest_name(status.spec.identifier)
        path.with_suffix(".part").write_bytes(manifest.to_json())
        path.with_suffix(".part").rename(path)


def _ignore(progress: Progress) -> None:
    del progress
