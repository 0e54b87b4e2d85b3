"""The store's interface: articles by key, the log by offset, both from one atomic commit.

Promises that every engine keeps, and that `tests/conformance/store` checks:

1. `Writer.put` commits all of its writes, their log entries, event keys and the checkpoint together, durably, or
   nothing.
2. Offsets start at 1, grow by exactly 1 in the order of the writes, and are never used again.
3. AUTO: a revision that the page already has, or one older than the page's newest, is skipped and appends nothing. With
   `keeps_older` each revision that an edit brings is appended once, however late and whatever else told of it before;
   an older one is in the log as an update and answers for its revision id, but leaves the page as it is. None that is
   not later than a page's deletion brings the page back.
4. Explicit events are appended as they come, each once by its `event_keys`; which of them become the page's state, and
   which few are known by themselves, `ArticleWrite` says.
5. What a reader saw at an offset never changes: versions are kept by offset, and `scan` reads as of one. The first
   exception: what a VISIBILITY_CHANGE hides leaves every version of that revision, those stored before and those still
   to come, in all that reads: `get`, `scan`, the log. Offset, event type and time of those versions stay. Whoever asks
   after `put` returned, in any process, no longer gets what was hidden. The second: an engine may drop the past, which
   is what was before `LogInfo.oldest_offset`. Of each page it keeps the version that was its state at the end of the
   past; that is in the log where it is compacted, answers for its revision, and has the redirects of that end. Whoever
   asks for more of the past is told, never given less in silence; an event that comes late is known for a while.
6. `published` never decreases from one offset to the next.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from wikifeed_server.contract.fragments import Parts
from wikifeed_server.contract.redaction import Hidden
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store.log_parts import (
    SLOTS,
    LogEntries,
    LogEntry,
    LogFilter,
    LogFrames,
    LogHeader,
    LogInfo,
    LogSlice,
)
from wikifeed_server.store.revisions import (
    ArticleWrite,
    Checkpoint,
    EventType,
    PageKey,
    PageState,
    PutResult,
    StoredArticle,
    StoredVersion,
)

__all__ = [
    "SLOTS",
    "ArticleWrite",
    "Checkpoint",
    "EventType",
    "Hidden",
    "LogEntries",
    "LogEntry",
    "LogFilter",
    "LogFrames",
    "LogHeader",
    "LogInfo",
    "LogSlice",
    "PageKey",
    "PageState",
    "Parts",
    "PutResult",
    "Reader",
    "StoredArticle",
    "StoredVersion",
    "Writer",
]


class Reader(Protocol):
    """Reads a store. Safe beside one writer and any number of readers in other processes."""

    async def projects(self) -> Sequence[ProjectInfo]:
        """All projects, in the order of their identifiers."""
        ...

    async def project(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        ...

    async def get(self, key: PageKey, parts: Parts, revision_id: int = 0) -> StoredArticle | None:
        """The page's newest version, or the newest that tells of `revision_id`.

        None when the project never had such a page, or the log no longer keeps what told of that revision.
        """
        ...

    async def versions(self, project: str, page_id: int, limit: int) -> list[StoredVersion]:
        """The page's last `limit` versions by their offsets, the newest first, also those that were not its state."""
        ...

    async def statuses(self) -> Sequence[tuple[str, bytes]]:
        """Each source with the status last put for it, in the order of the sources' names."""
        ...

    async def scan(
        self,
        project: str,
        namespaces: Sequence[int],
        as_of: int,
        after_page_id: int,
        parts: Parts,
        limit: int,
        limit_bytes: int,
    ) -> list[StoredArticle]:
        """Live articles with greater page ids as of offset `as_of`, in the order of their page ids.

        At most `limit`, and no more than fit `limit_bytes` but at least one. Empty at the end of the project. Raises
        OffsetExpiredError where a change behind `as_of` is no longer kept.
        """
        ...

    def hold(self, offset: int) -> AbstractAsyncContextManager[None]:
        """Keep the log from `offset` on, and what `scan` as of it needs, while the context lasts.

        Raises OffsetExpiredError when the change at `offset` is not kept any more.
        """
        ...

    async def log_info(self) -> LogInfo:
        """Which offsets and times the log holds."""
        ...

    async def offset_at(self, time: int) -> int:
        """The first offset published at `time` (microseconds) or later; the newest offset + 1 when there is none."""
        ...

    async def read_frames(self, after: int, filter_: LogFilter, limit: int, limit_bytes: int) -> LogFrames:
        """The next changes without bodies: at most `limit` that pass, within `limit_bytes` but at least one.

        Raises OffsetExpiredError when the log no longer keeps what follows `after`.
        """
        ...

    async def read_entries(
        self, after: int, filter_: LogFilter, parts: Parts, limit: int, limit_bytes: int
    ) -> LogEntries:
        """The next changes with the article's fragments as `parts` asks, as of each change. Otherwise as above."""
        ...

    async def read_slice(self, after: int, limit: int, limit_bytes: int) -> LogSlice:
        """The next changes with their headers: at most `limit`, within `limit_bytes` but at least one.

        Raises OffsetExpiredError when the log no longer keeps what follows `after`.
        """
        ...

    async def wait(self, after: int, timeout_seconds: float) -> int:
        """Wait until the log is longer than `after` or the time is over; the newest offset.

        Raises StoreError where the reader is closed, or is closed meanwhile.
        """
        ...

    async def close(self) -> None:
        """Let go of files and connections."""
        ...


class Writer(Protocol):
    """The one writer of a store. A plain blocking object: asynchronous callers run it in a thread of its own."""

    def put_project(self, project: ProjectInfo) -> None:
        """Add a project, or replace what is known of it."""
        ...

    def project(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        ...

    def known(self, project: str, revisions: Sequence[tuple[int, int]]) -> list[bool]:
        """For each (page id, revision id): does the page have it, so that `put` skips it? It may skip further ones."""
        ...

    def put(self, writes: Sequence[ArticleWrite], checkpoint: Checkpoint | None = None) -> PutResult:
        """Store a batch: see the promises above. Raises StoreFullError, and then nothing of the batch is stored."""
        ...

    def checkpoint(self, source: str) -> bytes | None:
        """The state last committed for a source."""
        ...

    def put_status(self, source: str, status: bytes) -> None:
        """Note how a source is, in place of what was noted before; opaque here. Committed at once, by itself."""
        ...

    def close(self) -> None:
        """Let go of the store, so that another writer may open it."""
        ...
