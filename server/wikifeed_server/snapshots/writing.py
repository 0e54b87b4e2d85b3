"""Writes a snapshot.

Promises:

1. The snapshot holds every live article of the namespace as of `spec.offset`, once, in the order of page ids, whatever
   is imported meanwhile. Redirect pages and deleted ones are left out. A page without the body that `spec.content`
   asks for is there, without it.
2. The manifest appears, whole, after all files are on the disk. Where writing fails, no file of this attempt stays.
3. The same state of the store gives the same files, byte for byte.
4. Memory does not grow with the project: one scan's worth of articles, one spooled member or group of rows, a few
   blocks, and of a Parquet file its end.
"""

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import OffsetInFutureError, ProjectNotFoundError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.snapshots.files import ByteSink, ChecksummedFile, LineFile, tar_gz_file, zst_file
from wikifeed_server.snapshots.joining import JoinedChunks, Piece
from wikifeed_server.snapshots.lines import PARTS, Line, article_line
from wikifeed_server.snapshots.manifest import ChunkEntry, Manifest, WholeEntry
from wikifeed_server.snapshots.spec import Format, SnapshotSpec, manifest_name
from wikifeed_server.store import LogFilter, Reader
from wikifeed_server.store.blobs import BlobFolder

_SCAN_ARTICLES = 500
_SCAN_BYTES = 8 << 20
# How much NDJSON goes into one member of a whole snapshot's tar.
_MEMBER_BYTES = 256 << 20


class Progress(NamedTuple):
    """How far writing is."""

    articles_count: int
    uncompressed_size_bytes: int
    last_page_id: int


async def write_snapshot(
    reader: Reader,
    spec: SnapshotSpec,
    folder: Path,
    report: Callable[[Progress], None],
    threads: int = 1,
) -> Manifest:
    """Write the files and the manifest into `folder`; an earlier snapshot of the same identifier there is replaced.

    `report` is called every few hundred articles. `threads` compress. Blocks its loop while it compresses.

    Raises ProjectNotFoundError, OffsetInFutureError, OffsetExpiredError when the log no longer keeps `spec.offset`,
    StoreFullError when the disk that `folder` is on is full, and StoreCorruptError when an article in the store can't
    be read.
    """
    created = _now()
    project = await reader.project(spec.project)
    if project is None:
        raise ProjectNotFoundError(spec.project)
    async with reader.hold(spec.offset):
        published = await _published(reader, spec.offset)
        lines = _Lines(reader, spec, report)
        with ThreadPoolExecutor(threads) as pool:
            blobs = BlobFolder(folder)
            stale = _withdraw(blobs, spec)
            writing = _Writing(blobs, folder, spec, lines, pool, threads, published // 1_000_000)
            try:
                chunks = await writing.write_chunks()
                whole = writing.join(chunks)
                manifest = _manifest(spec, project, created, lines, chunks, whole)
                with blobs.create(manifest_name(spec.identifier)) as file:
                    file.write(manifest.to_json())
            except BaseException:
                writing.undo()
                raise
            for name in stale - manifest.file_names:
                blobs.delete(name)
    return manifest


class _Lines:
    """The snapshot's lines, and counts of those taken so far."""

    def __init__(self, reader: Reader, spec: SnapshotSpec, report: Callable[[Progress], None]) -> None:
        self._reader = reader
        self._spec = spec
        self._report = report
        self.without_body_count = 0

    async def __aiter__(self) -> AsyncIterator[Line]:
        spec = self._spec
        done = Progress(0, 0, 0)
        while True:
            articles = await self._reader.scan(
                spec.project,
                (spec.namespace,),
                spec.offset,
                done.last_page_id,
                PARTS[spec.content],
                _SCAN_ARTICLES,
                _SCAN_BYTES,
            )
            if not articles:
                return
            size = done.uncompressed_size_bytes
            for article in articles:
                line = article_line(article, spec.content, spec.format)
                self.without_body_count += not line.has_body
                size += len(line.data)
                yield line
            done = Progress(done.articles_count + len(articles), size, articles[-1].page_id)
            self._report(done)


class _Writing:
    """One attempt at the files."""

    def __init__(
        self,
        blobs: BlobFolder,
        folder: Path,
        spec: SnapshotSpec,
        lines: _Lines,
        pool: ThreadPoolExecutor,
        threads: int,
        time_seconds: int,
    ) -> None:
        self._blobs = blobs
        self._folder = folder
        self._spec = spec
        self._lines = aiter(lines)
        self._pool = pool
        self._threads = threads
        self._time_seconds = time_seconds
        self._next: Line | None = None
        self._made: list[str] = []
        in_chunks = spec.format is Format.TAR_GZ and spec.chunk_bound_bytes
        self._joined = JoinedChunks() if in_chunks else None

    async def write_chunks(self) -> list[ChunkEntry]:
        """Write all files; there is one even where there is no article."""
        chunks: list[ChunkEntry] = []
        self._next = await anext(self._lines, None)
        while self._next is not None or not chunks:
            chunks.append(await self._write_chunk(len(chunks)))
        return chunks

    def join(self, chunks: list[ChunkEntry]) -> WholeEntry | None:
        """What makes one file of all; None where they can't be one, or are."""
        joined, spec = self._joined, self._spec
        if joined is None or len(chunks) == 1:
            return None
        tail = joined.finish()
        with self._blobs.create(spec.tail_file_name) as file:
            file.write(tail)
        self._made.append(spec.tail_file_name)
        pieces = joined.pieces([chunk.file_name for chunk in chunks])
        return WholeEntry(spec.whole_file_name, joined.md5, (*pieces, Piece(spec.tail_file_name, 0, len(tail))))

    def undo(self) -> None:
        """Remove the files made so far."""
        for name in self._made:
            self._blobs.delete(name)

    async def _write_chunk(self, number: int) -> ChunkEntry:
        spec, bound = self._spec, self._spec.chunk_bound_bytes
        name = spec.file_name(number)
        first = last = self._next
        count = size = 0
        with self._blobs.create(name) as raw:
            sink = ChecksummedFile(raw)
            with self._line_file(sink, number) as file:
                while self._next is not None and (not bound or not size or size + len(self._next.data) <= bound):
                    last = self._next
                    file.add(last.data)
                    count += 1
                    size += len(last.data)
                    self._next = await anext(self._lines, None)
        self._made.append(name)
        return ChunkEntry(
            file_name=name,
            size_bytes=sink.size_bytes,
            uncompressed_size_bytes=size,
            md5=sink.md5,
            sha256=sink.sha256,
            crc32c=sink.crc32c(),
            articles_count=count,
            first_page_id=first.page_id if first else 0,
            last_page_id=last.page_id if last else 0,
        )

    @contextmanager
    def _line_file(self, sink: ByteSink, number: int) -> Iterator[LineFile]:
        spec = self._spec
        if spec.format is Format.PARQUET:
            from wikifeed_server.snapshots.parquet import parquet_file  # noqa: PLC0415 - pyarrow is slow to load

            with parquet_file(sink, spec) as file:
                yield file
            return
        if spec.format is Format.ZST:
            with zst_file(sink, self._threads) as file:
                yield file
            return
        bound = 0 if spec.chunk_size_bytes else _MEMBER_BYTES
        with tar_gz_file(
            sink,
            self._pool,
            self._threads,
            self._folder,
            lambda member: spec.member_name(number, member),
            bound,
            self._time_seconds,
            self._joined,
        ) as file:
            yield file


def _manifest(
    spec: SnapshotSpec,
    project: ProjectInfo,
    created: int,
    lines: _Lines,
    chunks: list[ChunkEntry],
    whole: WholeEntry | None,
) -> Manifest:
    hashes = [chunk.md5 for chunk in chunks]
    several = whole.md5 if whole else hashlib.md5("".join(hashes).encode(), usedforsecurity=False).hexdigest()
    return Manifest(
        spec=spec,
        language=project.language,
        created=created,
        finished=_now(),
        without_body_count=lines.without_body_count,
        version=hashes[0] if len(hashes) == 1 else several,
        chunks=tuple(chunks),
        whole=whole,
    )


def _withdraw(blobs: BlobFolder, spec: SnapshotSpec) -> set[str]:
    """Take back an earlier snapshot's manifest, before its files are replaced; the names of its files."""
    name = manifest_name(spec.identifier)
    try:
        earlier = Manifest.from_json(blobs.path(name).read_bytes())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()
    finally:
        blobs.delete(name)
    return set(earlier.file_names)


async def _published(reader: Reader, offset: int) -> int:
    """When the change at `offset` was published, in microseconds; 0 for offset 0."""
    if offset == 0:
        return 0
    newest = (await reader.log_info()).newest_offset
    if offset > newest:
        raise OffsetInFutureError(offset, newest)
    frames, _ = await reader.read_frames(offset - 1, LogFilter(), 1, 1)
    return StreamChangesResponse.FromString(frames[0]).changes[0].date_published.ToMicroseconds()


def _now() -> int:
    return time.time_ns() // 1000
