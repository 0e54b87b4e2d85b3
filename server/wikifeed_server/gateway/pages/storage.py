"""How much of the disk a store takes."""

import os
from dataclasses import dataclass
from pathlib import Path

_SNAPSHOTS, _BATCHES = Path("blobs/snapshots"), Path("blobs/batches")


@dataclass(frozen=True, slots=True)
class StoreSize:
    """Bytes of the files in a store's folder: what snapshots and batches take, and all else."""

    database_bytes: int
    snapshots_bytes: int
    batches_bytes: int


def store_size(folder: Path) -> StoreSize:
    """The sizes of the files below a store's folder as they are listed. Blocks on the disk."""
    snapshots, batches = _size(folder / _SNAPSHOTS), _size(folder / _BATCHES)
    return StoreSize(_size(folder) - snapshots - batches, snapshots, batches)


def _size(folder: Path) -> int:
    """Files and folders that go while it looks count for nothing."""
    total = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(at, name)).st_size
            except FileNotFoundError:
                continue
    return total
