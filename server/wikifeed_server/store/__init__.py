"""The store's interface: articles by key, the log by offset, both from one atomic commit.

Promises that every engine keeps, and that `tests/conformance/store` checks:

1. `Writer.put` commits all of its writes, their log entries and the checkpoint together, durably, or nothing.
2. Offsets start at 1, grow by exactly 1 in the order of the writes, and are never used again.
3. A revision that the page already has, or one older than the page's newest, is skipped and appends nothing.
4. What a reader saw at an offset never changes: versions are kept by offset, and `scan` reads as of one.
5. `published` never decreases from one offset to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import NamedTuple, Protocol

from wikifeed_server.contract.fragments import Parts as Parts
from wikifeed_server.projects import ProjectInfo


class PageState(IntEnum):
    """What a page is as of some offset."""

    LIVE = 1
    REDIRECT = 2
    DELETED = 3


class EventType(IntEnum):
    """What happened to a page: the contract's EventType. AUTO lets the store tell a creation from an update."""

    AUTO = 0
    CREATE = 1
    UPDATE = 2
    DELETE = 3
    VISIBILITY_CHANGE = 4


class Hidden(IntFlag):
    """The parts of a revision that the public may not see."""

    TEXT = 1
    EDITOR = 2
    COMMENT = 4


class PageKey(NamedTuple):
    """Names a page of a project, by exactly one of `title` (normalized) and `page_id`."""

    project: str
    title: str = ""
    page_id: int = 0


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """One revision of a page, ready to be stored.

    The fragments are serialized partial `Article`s. `change` is a serialized partial `Change` with what the store
    does not know (previous_name, redirect_target). `redirect_entry`, for a redirect page, is the fragment that lists
    it on its target: an `Article` with one entry in `redirects`. Times are microseconds since 1970, UTC. `hidden`, of a
    VISIBILITY_CHANGE, is what the public may not see of the revision from then on. `event_keys` name the event that told
    of this: a write one of whose keys was stored before is known. `keeps_older`: a revision older than the page's newest
    is in the log all the same, and answers for itself, but leaves the page as it is.
    """

    project: str
    page_id: int
    title: str
    namespace: int
    revision_id: int
    modified: int
    head: bytes
    body_html: bytes = b""
    body_wikitext: bytes = b""
    structured: bytes = b""
    change: bytes = b""
    redirect_target: str = ""
    redirect_entry: bytes = b""
    event_type: EventType = EventType.AUTO
    hidden: Hidden = Hidden(0)
    event_keys: tuple[str, ...] = ()
    keeps_older: bool = False


class Checkpoint(NamedTuple):
    """How far a source was read: committed with the data. `state` is the source's own, opaque here."""

    source: str
    state: bytes


class PutResult(NamedTuple):
    """What became of a batch: offsets of the first and last appended change (0 and 0 when none was), and counts."""

    first_offset: int
    last_offset: int
    written: int
    known: int
    older: int


class StoredArticle(NamedTuple):
    """A version of a page: `fragments`, joined, are the article cut to the parts asked for.

    Of a redirect page and of a deleted one only the head is kept, and what the caller may make of it is its affair.
    """

    state: PageState
    page_id: int
    title: str
    namespace: int
    offset: int
    modified: int
    redirect_target: str
    fragments: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which changes pass; empty fields let all pass. `share` is (index, count) by the hash of project and page."""

    projects: tuple[str, ...] = ()
    namespaces: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    event_types: tuple[int, ...] = ()
    page_ids: tuple[int, ...] = ()
    share: tuple[int, int] | None = None


class LogFrames(NamedTuple):
    """Some of the log: `frames`, joined, are the `changes` of a StreamChangesResponse, without bodies.

    Every change up to and including `through_offset` is among them or did not pass the filter.
    """

    frames: list[bytes]
    through_offset: int


class LogEntry(NamedTuple):
    """A change with its article in pieces: `change`, a partial Change without article, and the article's fragments."""

    offset: int
    change: bytes
    fragments: tuple[bytes, ...]


class LogEntries(NamedTuple):
    """Some of the log with bodies; `through_offset` as in LogFrames."""

    entries: list[LogEntry]
    through_offset: int


class LogInfo(NamedTuple):
    """What the log holds. All are 0 while it was never written; times are microseconds since 1970, UTC."""

    oldest_offset: int = 0
    newest_offset: int = 0
    oldest_time: int = 0
    newest_time: int = 0


class Reader(Protocol):
    """Reads a store. Safe beside one writer and any number of readers in other processes."""

    async def projects(self) -> Sequence[ProjectInfo]:
        """All projects, in the order of their identifiers."""
        ...

    async def project(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        ...

    async def get(self, key: PageKey, parts: Parts, revision_id: int = 0) -> StoredArticle | None:
        """The page's newest version, or that of `revision_id`; None when the project never had such a page."""
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

        At most `limit`, and no more than fit `limit_bytes` but at least one. Empty at the end of the project.
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

    async def wait(self, after: int, timeout_seconds: float) -> int:
        """Wait until the log is longer than `after` or the time is over; the newest offset."""
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
        """For each (page id, revision id): would `put` skip it?"""
        ...

    def put(self, writes: Sequence[ArticleWrite], checkpoint: Checkpoint | None = None) -> PutResult:
        """Store a batch: see the promises above. Raises StoreFullError, and then nothing of the batch is stored."""
        ...

    def checkpoint(self, source: str) -> bytes | None:
        """The state last committed for a source."""
        ...

    def close(self) -> None:
        """Let go of the store, so that another writer may open it."""
        ...
