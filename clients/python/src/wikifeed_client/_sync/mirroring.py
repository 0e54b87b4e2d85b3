"""Mirrors, for threads."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed_client._articles import read_articles
from wikifeed_client._errors import CursorExpiredError, NotFoundError
from wikifeed_client._exporting import SnapshotKind
from wikifeed_client._requests import After
from wikifeed_client.mirror import OnExpired, Sink, is_usable, mirrored_changes, puts, update_of

if TYPE_CHECKING:
    from wikifeed_client.sync import Client


def mirror(
    client: "Client",
    kind: SnapshotKind,
    sink: Sink,
    folder: str | Path | None,
    until_offset: int,
    on_expired: OnExpired,
) -> None:
    """As `Client.mirror`."""
    through = sink.position()
    while True:
        if through is None:
            through = _load(client, kind, sink, folder)
        try:
            return _follow(client, kind, sink, through, until_offset)
        except CursorExpiredError:
            if on_expired == "raise":
                raise
            through = None


def _follow(client: "Client", kind: SnapshotKind, sink: Sink, through: int, until_offset: int) -> None:
    """Write every change after an offset into the sink."""
    with client.changes(mirrored_changes(kind.project, until_offset), start=After(through)) as stream:
        for batch in stream.batches():
            sink.write([update_of(change, kind.namespace) for change in batch.changes], batch.through_offset)


def _load(client: "Client", kind: SnapshotKind, sink: Sink, folder: str | Path | None) -> int:
    """Write a snapshot into the sink; its offset."""
    snapshot = _snapshot(client, kind)
    with tempfile.TemporaryDirectory() as scratch:
        files = client.export(kind, folder or scratch, offset=snapshot.offset).files
        sink.begin()
        for part in puts(read_articles(*files), snapshot.offset):
            sink.write(part, None)
        sink.write((), snapshot.offset)
        for file in files:
            file.unlink()
    return snapshot.offset


def _snapshot(client: "Client", kind: SnapshotKind) -> Snapshot:
    """The newest snapshot where it is usable, else one that is made for this."""
    try:
        snapshot = client.snapshot(kind).snapshot
    except NotFoundError as error:
        if error.reason != "SNAPSHOT_NOT_FOUND":
            raise
        return client.create_snapshot(kind)
    return snapshot if is_usable(snapshot, client.change_log()) else client.create_snapshot(kind)
