"""The batches of a store: one folder for each hour, `{date}/{hour}`, UTC.

Promises: a folder that is listed is whole and never changes until it is dropped. An hour is made once: it is written
under a hidden name and renamed when its manifest is there.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from wikifeed_server.batches.hours import hour_at, hour_path
from wikifeed_server.batches.manifest import BatchEntry, HourManifest
from wikifeed_server.batches.writing import MANIFEST
from wikifeed_server.store.blobs import make_folders, sync_folder


class StoredBatch(NamedTuple):
    """A batch with the hour that it is of and where its file is."""

    manifest: HourManifest
    entry: BatchEntry
    path: Path


class BatchLibrary:
    """Finds the batches of the store in `store_folder`. All methods block on the disk."""

    def __init__(self, store_folder: Path) -> None:
        self._folder = store_folder / "blobs" / "batches"
        self._manifests: dict[int, HourManifest] = {}

    def hours(self) -> Sequence[int]:
        """All hours that are there, the newest first."""
        found = (hour_at(f"{path.parent.name}/{path.name}") for path in self._folder.glob("[0-9]*/[0-9]*"))
        return sorted((hour for hour in found if hour is not None), reverse=True)

    def manifest(self, hour: int) -> HourManifest | None:
        """What is known of an hour; None where it was not made, or was dropped."""
        path = self._path(hour) / MANIFEST
        if not path.exists():
            self._manifests.pop(hour, None)
            return None
        if hour not in self._manifests:
            self._manifests[hour] = HourManifest.from_json(path.read_bytes())
        return self._manifests[hour]

    def batches(self, hour: int) -> Sequence[StoredBatch]:
        """The batches of an hour, in the order of their identifiers."""
        manifest = self.manifest(hour)
        if manifest is None:
            return ()
        entries = sorted(manifest.batches, key=lambda entry: entry.identifier)
        return [StoredBatch(manifest, entry, self._path(hour) / entry.file.file_name) for entry in entries]

    def get(self, hour: int, identifier: str) -> StoredBatch | None:
        """One batch."""
        return next((batch for batch in self.batches(hour) if batch.entry.identifier == identifier), None)

    def begin(self, hour: int) -> Path:
        """An empty folder to write an hour into. What an earlier attempt left is removed."""
        folder = self._hidden(hour)
        shutil.rmtree(folder, ignore_errors=True)
        make_folders(folder)
        return folder

    def finish(self, hour: int) -> None:
        """Make what was written of an hour the hour's batches."""
        path = self._path(hour)
        self._hidden(hour).rename(path)
        sync_folder(path.parent)

    def drop_before(self, hour: int) -> Sequence[int]:
        """Remove all hours before one; those that were removed."""
        dropped = [each for each in self.hours() if each < hour]
        for each in dropped:
            path = self._path(each)
            # No longer listed from here on; who has a file open reads it to its end.
            path.rename(self._hidden(each))
            shutil.rmtree(self._hidden(each))
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        return dropped

    def _path(self, hour: int) -> Path:
        return self._folder / hour_path(hour)

    def _hidden(self, hour: int) -> Path:
        path = self._path(hour)
        return path.with_name(f".{path.name}")
