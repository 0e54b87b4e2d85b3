"""Snapshots: all articles of a project's namespace as files, exact at one offset of the log.

`write_snapshot` makes them from any store's reader; `SnapshotLibrary` keeps those of a store; `SnapshotWriters` runs
the writing in processes of its own beside a server.
"""

from wikifeed_server.snapshots.library import SnapshotLibrary, SnapshotStatus, State
from wikifeed_server.snapshots.manifest import CRC_BLOCK_BYTES, ChunkEntry, Manifest
from wikifeed_server.snapshots.spec import Content, Format, SnapshotSpec
from wikifeed_server.snapshots.writers import SnapshotWriters
from wikifeed_server.snapshots.writing import Progress, write_snapshot

__all__ = [
    "CRC_BLOCK_BYTES",
    "ChunkEntry",
    "Content",
    "Format",
    "Manifest",
    "Progress",
    "SnapshotLibrary",
    "SnapshotSpec",
    "SnapshotStatus",
    "SnapshotWriters",
    "State",
    "write_snapshot",
]
