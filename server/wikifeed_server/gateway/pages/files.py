"""Snapshots and hourly batches as the status page lists them."""

from collections.abc import Sequence
from typing import Any

from wikifeed_server.batches import BatchLibrary
from wikifeed_server.batches.hours import hour_path
from wikifeed_server.snapshots import Content, Format, SnapshotSpec, SnapshotStatus, State

_MOST_SNAPSHOTS = 100
_RECENT_HOURS = 6
_SHELVES = {Content.JSON: "/v2/snapshots", Content.STRUCTURED: "/v2/snapshots/structured-contents"}


def snapshot_rows(statuses: Sequence[SnapshotStatus]) -> list[dict[str, Any]]:
    """The snapshots begun last, the newest first.

    `download` is the path of the whole as one file, `chunks` of the list of its files where there are several; empty
    where the gateway has none: it serves the newest of each identifier that is ready. `expected_count` is how many
    articles the one before has, 0 where there is none.
    """
    newest = sorted(statuses, key=lambda status: status.created, reverse=True)[:_MOST_SNAPSHOTS]
    ready: dict[str, SnapshotStatus] = {}
    for status in sorted(statuses, key=lambda status: status.spec.offset):
        if status.state is State.READY:
            ready[status.spec.identifier] = status
    return [_snapshot_row(status, ready.get(status.spec.identifier)) for status in newest]


def _snapshot_row(status: SnapshotStatus, newest: SnapshotStatus | None) -> dict[str, Any]:
    spec, manifest = status.spec, status.manifest
    chunks_count = len(manifest.chunks) if manifest else 0
    path = _path(spec) if newest and spec.offset == newest.spec.offset else ""
    return {
        "identifier": spec.identifier,
        "project": spec.project,
        "namespace": spec.namespace,
        "content": spec.content.value,
        "format": spec.format.value,
        "offset": spec.offset,
        "state": status.state.value,
        "created": status.created,
        "finished": manifest.finished if manifest else 0,
        "articles_count": status.articles_count,
        "expected_count": newest.articles_count if newest and status.state is State.WRITING else 0,
        "size_bytes": manifest.size_bytes if manifest else 0,
        "chunks_count": chunks_count,
        "error": status.error,
        "download": path and f"{path}/download" if manifest and (manifest.whole or chunks_count == 1) else "",
        "chunks": path and f"{path}/chunks" if chunks_count > 1 else "",
    }


def _path(spec: SnapshotSpec) -> str:
    """Where the gateway has the newest snapshot of that identifier; empty where it has none of its kind."""
    if spec.format is not Format.TAR_GZ or spec.content not in _SHELVES:
        return ""
    return f"{_SHELVES[spec.content]}/{spec.identifier.removesuffix('_structured')}"


def recent_batches(library: BatchLibrary) -> list[dict[str, Any]]:
    """The batches of the last hours that have any, the newest first. Blocks on the disk."""
    rows = []
    for hour in library.hours()[:_RECENT_HOURS]:
        for batch in library.batches(hour):
            entry, path = batch.entry, hour_path(hour)
            rows.append(
                {
                    "identifier": entry.identifier,
                    "project": entry.project,
                    "namespace": entry.namespace,
                    "format": entry.format.value,
                    "hour": hour,
                    "articles_count": entry.file.articles_count,
                    "size_bytes": entry.file.size_bytes,
                    "download": f"/v2/batches/{path}/{entry.identifier}/download"
                    if entry.format is Format.TAR_GZ
                    else "",
                }
            )
    return rows
