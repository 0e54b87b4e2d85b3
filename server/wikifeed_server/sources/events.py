"""What happens to the pages of a wiki, in one form whatever tells of it, and what every source of events can do."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol


class EventKind(StrEnum):
    """What happened. REFRESH: other facts of the page (protection, properties, imported revisions) may have changed."""

    CREATE = "create"
    EDIT = "edit"
    MOVE = "move"
    DELETE = "delete"
    UNDELETE = "undelete"
    VISIBILITY = "visibility"
    REFRESH = "refresh"


class Visible(NamedTuple):
    """Which parts of a revision the public may see."""

    text: bool
    editor: bool
    comment: bool


@dataclass(frozen=True, slots=True)
class PageEvent:
    """One thing that happened to one page.

    `project` is the wiki's database name ("enwiki"), `host` where it is ("en.wikipedia.org"); a source that follows one
    wiki leaves `host` empty. `title` bears its namespace's prefix. `revision_id` is the revision that the event brought
    or speaks of; 0 where it does not tell, which then is the page's newest. `page_id` is 0 where only the title is
    known (the redirect page that a move left). `time` is in microseconds since 1970, UTC. `identifier` is the event's
    own UUID, empty where it has none. `keys` name the event for good: two events that share one are the same. Edits and
    creations need none, for their revision names them.
    """

    kind: EventKind
    project: str
    page_id: int
    namespace: int
    title: str
    time: int
    host: str = ""
    revision_id: int = 0
    parent_id: int = 0
    previous_title: str = ""
    visible: Visible | None = None
    identifier: str = ""
    keys: tuple[str, ...] = ()


class EventBatch(NamedTuple):
    """Some events in their order, and the source's state when all of them are stored. May be empty of events."""

    events: tuple[PageEvent, ...]
    state: bytes


@dataclass(slots=True)
class Condition:
    """How a source is, for people. Times are microseconds since 1970, 0 for never.

    `upstream_time` is the time of the newest event received; `behind` how many events are known to wait upstream;
    `retries` counts attempts since the last success, `failures` all that failed.
    """

    connected_since: int = 0
    last_sign: int = 0
    upstream_time: int = 0
    received: int = 0
    duplicates: int = 0
    malformed: int = 0
    behind: int = 0
    retries: int = 0
    failures: int = 0
    last_error: str = ""
    last_error_time: int = 0


@dataclass(frozen=True, slots=True)
class Patience:
    """How a source bears with what it reads from. All in seconds.

    After a failure it waits `first_delay`, each time twice as long up to `longest_delay`, a random part of it; a
    Retry-After is obeyed. Silence for longer than `silence` is a failure.
    """

    first_delay: float = 0.5
    longest_delay: float = 60.0
    silence: float = 60.0
    request: float = 30.0


class EventSource(Protocol):
    """Something that tells what happens. `name` names it for checkpoints and for people."""

    name: str
    condition: Condition

    def read(self, state: bytes | None) -> AsyncIterator[EventBatch]:
        """Every event after `state` (None: from this moment on), for ever, in order; failures are borne and retried.

        Raises SourceRefusedError where trying again is of no use. An event may come again after `read` is begun anew
        with an earlier state, and never is one left out.
        """
        ...
