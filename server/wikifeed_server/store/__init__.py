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
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Protocol

from wikifeed_server.contract.fragments import Parts as Parts
from wikifeed_server.contract.redaction import Hidden as Hidden
from wikifeed_server.projects import ProjectInfo

SLOTS = 64
_NOTHING = Hidden(0)


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
    it on its target: an `Article` with one entry in `redirects`. Times are microseconds since 1970, UTC: `modified` is
    that of the revision, of a DELETE that of the deletion. Of two revisions the one with the greater (modified,
    revision id) is the newer.

    `event_keys` name the event that told of this, within its project: a write one of whose keys came before, in this
    batch or an earlier one, is known, and its other keys do not count; else they count from then on, whatever becomes
    of the write. The last million keys do. The event types, where the page is known to the store (else each write
    becomes its state):

    - AUTO: see the promises. `keeps_older` as there.
    - CREATE: an undeletion of a deleted page, or of more of a live one: then its state if it is newer than that, else
      known if the page has the revision.
    - UPDATE: a move, other facts. The page's state unless the page is deleted or the revision older than its state's.
      `brings_revision`: it made its revision, so that an edit that tells of the same revision is known.
    - DELETE: the page's state unless it is older than the page's newest revision. Of a deleted page, known.
    - VISIBILITY_CHANGE: `hidden` is what the public may not see of the revision from then on; it replaces what was
      hidden before. The page's state where it is of the state's revision or a newer one, and the page is not deleted.

    What is not the page's state is in the log, and answers for its revision id unless it is a DELETE.
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
    hidden: Hidden = _NOTHING
    event_keys: tuple[str, ...] = ()
    keeps_older: bool = False
    brings_revision: bool = False


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
    """Which changes pass; empty fields let all pass.

    `share` is (index, count) by the hash of project and page; `slots` are those of the SLOTS that a page's hash, modulo
    SLOTS, may be in, `partitions` those of Enterprise's partitions (`event.partition`), the hash modulo
    `framing.PARTITIONS`. With `compacted` a read may begin where the log is compacted, and has the newest change of
    each page from there.
    """

    projects: tuple[str, ...] = ()
    namespaces: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    event_types: tuple[int, ...] = ()
    page_ids: tuple[int, ...] = ()
    share: tuple[int, int] | None = None
    slots: tuple[int, ...] = ()
    partitions: tuple[int, ...] = ()
    compacted: bool = False


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


class StoredVersion(NamedTuple):
    """What a version of a page is about; `modified` in microseconds since 1970, UTC."""

    offset: int
    revision_id: int
    namespace: int
    modified: int
    title: str
    state: PageState


class LogHeader(NamedTuple):
    """What filters are decided on; `published` in microseconds since 1970, `page_hash` as `framing.page_hash`."""

    offset: int
    published: int
    project: str
    language: str
    namespace: int
    event_type: int
    page_id: int
    page_hash: int


class LogSlice(NamedTuple):
    """All of the log after an offset through another: a header and a frame (without bodies) for each change."""

    headers: list[LogHeader]
    frames: list[bytes]
    through_offset: int


class LogInfo(NamedTuple):
    """What the log holds. All are 0 while it was never written; times are microseconds since 1970, UTC.

    From `oldest_offset` on every change is kept. Where the log is compacted, of those through `compacted_through` the
    one that made each page's state at that offset is.
    """

    oldest_offset: int = 0
    newest_offset: int = 0
    oldest_time: int = 0
    newest_time: int = 0
    compacted_through: int = 0


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
