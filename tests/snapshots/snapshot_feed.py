"""A store to write to and what its snapshots hold, for the tests of this room."""

import io
import tarfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import zstandard
from article_rows import object_of_row

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.snapshots import Format, Manifest, Progress, SnapshotSpec, write_snapshot
from wikifeed_server.store import ArticleWrite, EventType, PutResult
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

SECOND = 1_000_000
PROJECT = ProjectInfo(
    identifier="enwiki",
    name="Wikipedia",
    url="https://en.wikipedia.org",
    language="en",
    namespaces=(NamespaceInfo(0, ""), NamespaceInfo(14, "Category")),
)


def page(
    page_id: int,
    revision_id: int,
    wikitext: str = "text",
    html: str = "",
    title: str = "",
    namespace: int = 0,
    redirect_target: str = "",
    event_type: EventType = EventType.AUTO,
    structured: Article | None = None,
) -> ArticleWrite:
    """A revision of a page."""
    title = title or f"Page {page_id}"
    head = Article(
        name=title,
        identifier=page_id,
        abstract=f"{title} is a page.",
        url=f"https://en.wikipedia.org/wiki/Page_{page_id}",
        version={"identifier": revision_id, "comment": "edit"},
        namespace={"identifier": namespace},
        in_language={"identifier": "en"},
        is_part_of={"identifier": "enwiki"},
        license=[{"identifier": "CC-BY-SA-4.0"}],
    )
    head.date_modified.FromSeconds(revision_id)
    entry = Article(redirects=[{"name": title}])
    return ArticleWrite(
        project="enwiki",
        page_id=page_id,
        title=title,
        namespace=namespace,
        revision_id=revision_id,
        modified=revision_id * SECOND,
        head=head.SerializeToString(),
        body_html=Article(article_body={"html": html}).SerializeToString() if html else b"",
        body_wikitext=Article(article_body={"wikitext": wikitext}).SerializeToString() if wikitext else b"",
        structured=(structured or Article(links=[{"text": "not in Enterprise's article"}])).SerializeToString(),
        redirect_target=redirect_target,
        redirect_entry=entry.SerializeToString() if redirect_target else b"",
        event_type=event_type,
    )


class Feed:
    """A store in `folder`, open for writing and reading."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer = EmbeddedWriter.open(folder)
        self.writer.put_project(PROJECT)
        self.reader = EmbeddedReader.open(folder)

    def publish(self, *writes: ArticleWrite) -> PutResult:
        """Import some revisions."""
        return self.writer.put(writes)

    async def newest(self) -> int:
        """The newest offset."""
        return (await self.reader.log_info()).newest_offset


async def export(feed: Feed, folder: Path, **options: Any) -> Manifest:
    """Write a snapshot of the store as it is."""
    spec = SnapshotSpec("enwiki", options.pop("namespace", 0), await feed.newest(), **options)
    return await write_snapshot(feed.reader, spec, folder, ignore)


def ignore(progress: Progress) -> None:
    """Reports nothing."""


def members(path: Path) -> dict[str, bytes]:
    """The NDJSON files in a snapshot's file, by their names."""
    data = path.read_bytes()
    if path.name.endswith(".zst"):
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            return {path.name.removesuffix(".zst"): reader.read()}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def articles(folder: Path, manifest: Manifest) -> list[dict]:
    """All articles of a snapshot, in order."""
    found = []
    for chunk in manifest.chunks:
        if manifest.spec.format is Format.PARQUET:
            rows = pq.ParquetFile(folder / chunk.file_name).read().to_pylist()
            found += [object_of_row(row) for row in rows]
            continue
        for data in members(folder / chunk.file_name).values():
            assert not data or data.endswith(b"\n")
            found += [orjson.loads(line) for line in data.splitlines()]
    return found
