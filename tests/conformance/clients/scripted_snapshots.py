"""The snapshots of a site: the one that its scenario has at first, and those that clients have made."""

import hashlib
from collections.abc import Mapping
from typing import Any

from made_up_articles import archive, nested_article, whole_article
from made_up_contents import article, chunk_bytes
from made_up_status import CallEndedError

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.snapshot_pb2 import (
    SNAPSHOT_STATE_FAILED,
    SNAPSHOT_STATE_READY,
    SNAPSHOT_STATE_WRITING,
    Chunk,
    Snapshot,
)

_OFFSET = 40
_NOT_FOUND: Mapping[str, Any] = {"code": "NOT_FOUND", "reason": "SNAPSHOT_NOT_FOUND"}


class SiteSnapshot:
    """One snapshot, as of an offset. `looks` is how often it is still seen being written."""

    def __init__(self, words: Mapping[str, Any], offset: int) -> None:
        self.offset = offset
        self.piece_bytes = int(words.get("piece_bytes", 1000))
        self.files = _files(words)
        self.looks = int(words.get("looks", 0))
        self._form = words.get("form", "tar.gz")
        self._fails = bool(words.get("fails"))

    @property
    def is_ready(self) -> bool:
        """Whether it can be exported."""
        return not self.looks and not self._fails

    def told(self, identifier: str) -> Snapshot:
        """What is told of it."""
        made = Snapshot(identifier=identifier, offset=self.offset, state=SNAPSHOT_STATE_WRITING)
        if self._fails and not self.looks:
            made.state, made.error = SNAPSHOT_STATE_FAILED, "the disk is full"
        elif self.is_ready:
            made.state = SNAPSHOT_STATE_READY
            made.size_bytes = sum(map(len, self.files))
            made.chunks.extend(chunk.identifier for chunk in self.chunks(identifier))
            made.articles_count = len(self.files)
        return made

    def chunks(self, identifier: str) -> list[Chunk]:
        """Its chunks; none until it is ready."""
        return [
            Chunk(
                identifier=f"{identifier}_chunk_{number}",
                size_bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                file_name=f"{identifier}_chunk_{number}.{self._form}",
                articles_count=1,
            )
            for number, content in enumerate(self.files if self.is_ready else ())
        ]


class SiteSnapshots:
    """All of a site's."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._made = words.get("made")
        first = words.get("snapshot")
        self._all = [] if first is None else [SiteSnapshot(first, first.get("offset", _OFFSET))]

    def find(self, offset: int) -> SiteSnapshot:
        """That of an offset; without, the newest that is ready or, where none is, the newest. Raises CallEndedError."""
        known = [each for each in self._all if offset in (0, each.offset)]
        for each in reversed(known):
            if each.is_ready:
                return each
        if not known:
            raise CallEndedError(_NOT_FOUND)
        return known[-1]

    def make(self, offset: int) -> SiteSnapshot:
        """Begin to write one as the scenario's `made` says, or return that of the offset. Raises CallEndedError."""
        known = [each for each in self._all if each.offset == offset]
        if known:
            return known[0]
        if self._made is None:
            raise CallEndedError({"code": "RESOURCE_EXHAUSTED", "reason": "STORE_FULL"})
        self._all.append(SiteSnapshot(self._made, offset))
        return self._all[-1]


def _files(words: Mapping[str, Any]) -> list[bytes]:
    """The contents of the chunks' files: archives of articles where the scenario names these, else any bytes."""
    if "chunks" in words:
        return [chunk_bytes(number, size) for number, size in enumerate(words["chunks"])]
    form = words.get("form", "tar.gz")
    return [archive((_article(page_id, words) for page_id in page_ids), form) for page_ids in words["articles"]]


def _article(page_id: int, words: Mapping[str, Any]) -> Article:
    if "nested" in words:
        return nested_article(page_id, words["nested"])
    return whole_article(page_id) if words.get("whole") else article(page_id)
