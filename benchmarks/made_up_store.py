"""Stores of made-up articles, changes and a snapshot, for benchmarks of the server, and what asks for them."""

import hashlib
import os
import random
from collections.abc import Sequence
from pathlib import Path

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.snapshots import Manifest, SnapshotLibrary, SnapshotSpec
from wikifeed_server.snapshots.files import ChecksummedFile
from wikifeed_server.snapshots.manifest import ChunkEntry
from wikifeed_server.snapshots.spec import manifest_name
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter

PAGES = 100  # of each size
SMALL_PAGES = 1000
SMALL_BYTES = 500
CHANGE_BYTES = 3_000
RARE_NAMESPACE, RARE = 14, 100  # one change in RARE is in that namespace
CHUNK_BYTES = 1 << 20
PROJECT = "enwiki"
_HEAD_BYTES = 3_000
_PUT = 500


class MadeUpText:
    """Text that packs about as wikitext does."""

    def __init__(self) -> None:
        self._rng = random.Random(1)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self._words = ["".join(self._rng.choices(letters, k=self._rng.randint(2, 12))) for _ in range(5000)]

    def of(self, size: int) -> str:
        """So many characters of it."""
        return " ".join(self._rng.choices(self._words, k=size // 4 + 1))[:size]


def fill_articles(store: Path, sizes: Sequence[int]) -> None:
    """PAGES articles of each size, and SMALL_PAGES of which there is a small head alone."""
    text = MadeUpText()
    writes = [_article(text, number, size) for size in sizes for number in range(PAGES)]
    for number in range(SMALL_PAGES):
        title, page_id = _title(number, SMALL_BYTES), SMALL_BYTES + number
        head = Article(name=title, identifier=page_id, abstract=text.of(SMALL_BYTES - 50)).SerializeToString()
        writes.append(ArticleWrite(PROJECT, page_id, title, 0, page_id, 1, head))
    _put(store, PROJECT, writes)


def article_requests(size: int, count: int = 1000) -> list[bytes]:
    """Serialized GetArticleRequests of articles of that size, at random."""
    rng = random.Random(2)
    pages = SMALL_PAGES if size == SMALL_BYTES else PAGES
    return [
        GetArticleRequest(project=PROJECT, title=_title(rng.randrange(pages), size)).SerializeToString()
        for _ in range(count)
    ]


def fill_changes(store: Path, project: str, count: int, *, bodies: bool) -> None:
    """`count` changes of about CHANGE_BYTES in a project: all head, or with `bodies` two thirds wikitext."""
    text = MadeUpText()
    texts = [text.of(CHANGE_BYTES) for _ in range(200)]
    _put(
        store, project, [change(project, number, texts[number % len(texts)], bodies=bodies) for number in range(count)]
    )


def change(project: str, number: int, text: str, *, bodies: bool = False) -> ArticleWrite:
    """A made-up article that makes a change of about 3 KB."""
    title, page_id = f"Article {number}", number + 1
    head_bytes = CHANGE_BYTES // 3 - 150 if bodies else CHANGE_BYTES - 150
    head = Article(name=title, identifier=page_id, abstract=text[:head_bytes]).SerializeToString()
    body = Article(article_body={"wikitext": text[: CHANGE_BYTES * 2 // 3]}).SerializeToString() if bodies else b""
    namespace = 0 if number % RARE else RARE_NAMESPACE
    return ArticleWrite(project, page_id, title, namespace, page_id, 1, head, body_wikitext=body)


def make_snapshot(store: Path, megabytes: int, chunks: int = 1) -> str:
    """Make a ready snapshot of PROJECT, files of noise with the manifest that writing them makes, and name it."""
    spec = SnapshotSpec(PROJECT, 0, 1, chunk_size_bytes=megabytes // chunks * CHUNK_BYTES if chunks > 1 else 0)
    claim = SnapshotLibrary(store).claim(spec)
    entries = tuple(
        _noise(claim.status.folder / spec.file_name(number), megabytes // chunks, number) for number in range(chunks)
    )
    manifest = Manifest(spec, "en", 0, 0, 0, entries[0].md5, entries)
    (claim.status.folder / manifest_name(spec.identifier)).write_bytes(manifest.to_json())
    os.close(claim.lock)
    return spec.identifier


def _noise(path: Path, megabytes: int, number: int) -> ChunkEntry:
    """Write a chunk of so many megabytes of noise."""
    with path.open("wb") as raw:
        file = ChecksummedFile(raw)
        for block in range(megabytes):
            file.write(hashlib.shake_256(bytes((number, *block.to_bytes(3, "big")))).digest(CHUNK_BYTES))
    size = file.size_bytes
    return ChunkEntry(path.name, size, size, file.md5, file.sha256, file.crc32c(), 1, number + 1, number + 1)


def _article(text: MadeUpText, number: int, size: int) -> ArticleWrite:
    title, page_id = _title(number, size), size + number
    head = Article(name=title, identifier=page_id, abstract=text.of(_HEAD_BYTES)).SerializeToString()
    body = Article(article_body={"wikitext": text.of(size - _HEAD_BYTES)}).SerializeToString()
    return ArticleWrite(PROJECT, page_id, title, 0, page_id, 1, head, body_wikitext=body)


def _title(number: int, size: int) -> str:
    return f"Article {number} of {size} bytes"


def _put(store: Path, project: str, writes: list[ArticleWrite]) -> None:
    with EmbeddedWriter.open(store) as writer:
        writer.put_project(ProjectInfo(project, language="en", namespaces=(NamespaceInfo(0, ""),)))
        for start in range(0, len(writes), _PUT):
            writer.put(writes[start : start + _PUT])
