"""Revisions of pages: what a source writes, and what of it is stored."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from wikifeed_server.contract.redaction import Hidden

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


class StoredVersion(NamedTuple):
    """What a version of a page is about; `modified` in microseconds since 1970, UTC."""

    offset: int
    revision_id: int
    namespace: int
    modified: int
    title: str
    state: PageState
