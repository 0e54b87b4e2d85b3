"""Mirrors, for asyncio. The sink is written to in threads, one write after the other."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed_client._articles import read_articles
from wikifeed_client._errors import CursorExpiredError, NotFoundError
from wikifeed_client._exporting import SnapshotKind
from wikifeed_client._requests import After
from wikifeed_client.mirror import OnExpired, Sink, is_usable, mirrored_changes, puts, update_of

if TYPE_CHECKING:
    from wikifeed_client.aio import AsyncClient


async def mirror(
    client: "AsyncClient",
    kind: SnapshotKind,
    sink: Sink,
    folder: str | Path | None,
    until_offset: int,
    on_expired: OnExpired,
) -> None:
    """As `AsyncClient.mirror`."""
    through = await asyncio.to_thread(sink.position)
    while True:
        if through is None:
            through = await _load(client, kind, sink, folder)
        try:
            return await _follow(client, kind, sink, through, until_offset)
        except CursorExpiredError:
            if on_expired == "raise":
                raise
            through = None


async def _follow(client: "AsyncClient", kind: SnapshotKind, sink: Sink, through: int, until_offset: int) -> None:
    """Write every change after an offset into the sink."""
    async with client.changes(mirrored_changes(kind.project, until_offset), start=After(through)) as stream:
        async for batch in stream.batches():
            updates = [update_of(change, kind.namespace) for change in batch.changes]
            await asyncio.to_thread(sink.write, updates, batch.through_offset)


async def _load(client: "AsyncClient", kind: SnapshotKind, sink: Sink, folder: str | Path | None) -> int:
    """Write a snapshot into the sink; its offset."""
    snapshot = await _snapshot(client, kind)
    with tempfile.TemporaryDirectory() as scratch:
        export = await client.export(kind, folder or scratch, offset=snapshot.offset)
        await asyncio.to_thread(_write, sink, export.files, snapshot.offset)
    return snapshot.offset


def _write(sink: Sink, files: Sequence[Path], offset: int) -> None:
    sink.begin()
    for part in puts(read_articles(*files), offset):
        sink.write(part, None)
    sink.write((), offset)
    for file in files:
        file.unlink()


async def _snapshot(client: "AsyncClient", kind: SnapshotKind) -> Snapshot:
    """The newest snapshot where it is usable, else one that is made for this."""
    try:
        snapshot = (await client.snapshot(kind)).snapshot
    except NotFoundError as error:
        if error.reason != "SNAPSHOT_NOT_FOUND":
            raise
        return await client.create_snapshot(kind)
    return snapshot if is_usable(snapshot, await client.change_log()) else await client.create_snapshot(kind)
