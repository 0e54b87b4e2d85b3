"""Writes the batches of an hour.

Promises:

1. Together the batches of a format hold every change that the log published in the hour, each once, in the order of
   offsets, as it was at that change: the article with its bodies and its `event`, or the identity of a deleted page.
2. The same log gives the same files, byte for byte.
3. The manifest appears after all files are on the disk.
4. Memory does not grow with the hour: a few hundred changes, some open files, and what compressing takes.
"""

import shutil
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wikifeed_server.batches.hours import HOUR_MICROSECONDS
from wikifeed_server.batches.manifest import FORMATS, BatchEntry, HourManifest, file_name, group_name
from wikifeed_server.snapshots.files import ByteSink, ChecksummedFile, LineFile, tar_gz_file, zst_file
from wikifeed_server.snapshots.lines import PARTS, ChangeLine, change_line
from wikifeed_server.snapshots.manifest import ChunkEntry
from wikifeed_server.snapshots.spec import Content, Format
from wikifeed_server.store import LogFilter, Reader
from wikifeed_server.store.blobs import BlobFolder

MANIFEST = "manifest.json"
_READ_CHANGES, _READ_BYTES = 500, 8 << 20
_OPEN_FILES = 100
_MEMBER_BYTES = 256 << 20
_SPOOLS = ".spools"


async def write_hour(reader: Reader, hour: int, folder: Path, threads: int = 1) -> HourManifest:
    """Write the batches of an hour that is over, and their manifest, into a folder of their own.

    `threads` compress. Blocks its loop while it does. Where the log no longer has all of the hour, no batch is made,
    and the manifest says so. Raises StoreFullError, StoreCorruptError, OffsetExpiredError where the log is cut while it
    is read.
    """
    after = await reader.offset_at(hour) - 1
    through = await reader.offset_at(hour + HOUR_MICROSECONDS) - 1
    info = await reader.log_info()
    incomplete = ""
    batches: tuple[BatchEntry, ...] = ()
    if after < info.oldest_offset and info.oldest_offset > 1 and hour <= info.oldest_time:
        incomplete = f"the log begins with offset {info.oldest_offset}: it no longer had all of this hour"
    else:
        batches = await _write_batches(reader, after, through, folder, hour, threads)
    manifest = HourManifest(hour, time.time_ns() // 1000, after, through, batches, incomplete)
    with BlobFolder(folder).create(MANIFEST) as file:
        file.write(manifest.to_json())
    return manifest


async def _write_batches(
    reader: Reader, after: int, through: int, folder: Path, hour: int, threads: int
) -> tuple[BatchEntry, ...]:
    languages = {project.identifier: project.language for project in await reader.projects()}
    with _spools(folder / _SPOOLS) as spools:
        while after < through:
            limit = min(_READ_CHANGES, through - after)
            entries, after = await reader.read_entries(after, LogFilter(), PARTS[Content.JSON], limit, _READ_BYTES)
            for entry in entries:
                spools.add(change_line(entry))
        spools.close()
        with ThreadPoolExecutor(threads) as pool:
            pack = _Packing(folder, pool, threads, hour // 1_000_000)
            return tuple(
                pack.batch(spool, format_, languages)
                for spool in sorted(spools.groups.values(), key=lambda spool: (spool.project, spool.namespace))
                for format_ in FORMATS
            )


@dataclass(slots=True)
class _Spool:
    """The lines of one project and namespace, gathered in a file."""

    project: str
    namespace: int
    path: Path
    first_page_id: int
    last_page_id: int = 0
    lines: int = 0
    size_bytes: int = 0


class _Spools:
    """Spools by project and namespace; of their files only so many are open at once."""

    def __init__(self, folder: Path) -> None:
        self.groups: dict[tuple[str, int], _Spool] = {}
        self._folder = folder
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def add(self, line: ChangeLine) -> None:
        """Put a line where it belongs."""
        key = line.project, line.namespace
        spool = self.groups.get(key)
        if spool is None:
            path = self._folder / group_name(*key)
            spool = self.groups[key] = _Spool(*key, path, line.page_id)
        self._file(spool.path).write(line.data)
        spool.last_page_id = line.page_id
        spool.lines += 1
        spool.size_bytes += len(line.data)

    def close(self) -> None:
        """Let go of all files."""
        while self._open:
            self._open.popitem()[1].close()

    def _file(self, path: Path) -> BinaryIO:
        file = self._open.get(path)
        if file is None:
            if len(self._open) == _OPEN_FILES:
                self._open.popitem(last=False)[1].close()
            file = self._open[path] = path.open("ab")
        self._open.move_to_end(path)
        return file


@contextmanager
def _spools(folder: Path) -> Iterator[_Spools]:
    """Spools in a folder that is there while the context lasts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spools = _Spools(folder)
    try:
        yield spools
    finally:
        spools.close()
        shutil.rmtree(folder)


class _Packing:
    """Makes files of spools. `time_seconds` is what members of archives bear."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor, threads: int, time_seconds: int) -> None:
        self._folder = folder
        self._blobs = BlobFolder(folder)
        self._pool = pool
        self._threads = threads
        self._time_seconds = time_seconds

    def batch(self, spool: _Spool, format_: Format, languages: Mapping[str, str]) -> BatchEntry:
        """The file of a spool in a format."""
        name = file_name(spool.project, spool.namespace, format_)
        with self._blobs.create(name) as raw:
            sink = ChecksummedFile(raw)
            with self._lines(sink, spool, format_) as file, spool.path.open("rb") as lines:
                for line in lines:
                    file.add(line)
        entry = ChunkEntry(
            file_name=name,
            size_bytes=sink.size_bytes,
            uncompressed_size_bytes=spool.size_bytes,
            md5=sink.md5,
            sha256=sink.sha256,
            crc32c=sink.crc32c(),
            articles_count=spool.lines,
            first_page_id=spool.first_page_id,
            last_page_id=spool.last_page_id,
        )
        return BatchEntry(spool.project, spool.namespace, languages.get(spool.project, ""), format_, entry)

    @contextmanager
    def _lines(self, sink: ByteSink, spool: _Spool, format_: Format) -> Iterator[LineFile]:
        if format_ is Format.ZST:
            with zst_file(sink, self._threads) as file:
                yield file
            return
        name = group_name(spool.project, spool.namespace)
        with tar_gz_file(
            sink,
            self._pool,
            self._threads,
            self._folder,
            lambda member: f"{name}_{member}.ndjson",
            _MEMBER_BYTES,
            self._time_seconds,
        ) as file:
            yield file
