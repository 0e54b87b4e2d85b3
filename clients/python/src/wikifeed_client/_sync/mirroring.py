"""Mirrors, for threads."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed_client._articles import read_articles
from wikifeed_client._errors import NotFoundError
from wikifeed_client._exporting import SnapshotKind
from wikifeed_client._requests import After
from wikifeed_client.mirror import Sink, is_followed, mirrored_changes, puts, update_of

if TYPE_CHECKING:
    from wikifeed_client.sync import Client


def mirror(
    client: "Client", project: str, sink: Sink, namespace: int, folder: str | Path | None, until_offset: int
) -> None:
    """As `Client.mirror`."""
    through = sink.position()
    if through is None:
        through = _load(client, SnapshotKind(project, namespace), sink, folder)
    with client.changes(mirrored_changes(project, until_offset), start=After(through)) as stream:
        for batch in stream.batches():
            sink.write([update_of(change, namespace) for change in batch.changes], batch.through_offset)


def _load(client: "Client", kind: SnapshotKind, sink: Sink, folder: str | Path | None) -> int:
    """Write a snapshot into the sink; its offset."""
    snapshot = _snapshot(client, kind)
    with tempfile.TemporaryDirectory() as scratch:
        export = client.export(kind, folder or scratch, offset=snapshot.offset)
        sink.begin()
        for part in puts(read_articles(*export.files), snapshot.offset):
            sink.write(part, None)
    sink.write((), snapshot.offset)
    return snapshot.offset


def _snapshot(client: "Client", kind: SnapshotKind) -> Snapshot:
    """The newest snapshot where the log still has what follows it, else one that is made for this."""
    try:
        snapshot = client.snapshot(kind).snapshot
    except NotFoundError as error:
        if error.reason != "SNAPSHOT_NOT_FOUND":
            raise
        return client.create_snapshot(kind)
    return snapshot if is_followed(snapshot, client.change_log()) else client.create_snapshot(kind)
