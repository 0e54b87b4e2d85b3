"""What becomes of a write, by what its page is: the rules that `ArticleWrite` states.

- The state's key, (modified, revision id), decides for moves and other facts, of which the state may be told anew. The
  greatest key that the page ever had decides for edits and deletions: after an undeletion it is still that of the
  deletion, so an edit that was told too late does not pass for one after it.
- Only AUTO, and what says so, brings a revision: a hiding or a refresh that was told of it before does not make the
  edit known.
- An undeletion may be partial: a later one may bring a live page a revision that it had before, newer than its state.
- Deletions and edits may share a second. An edit in the second of its page's deletion was before it: a page that is
  created anew has an id of its own. A deletion in the second of the newest edit was after it.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from wikifeed_server.store import ArticleWrite, EventType, PageState


class Verdict(Enum):
    """What becomes of a write. ASIDE: it is in the log and answers for its revision, but is not the page's state."""

    STATE = auto()
    ASIDE = auto()
    KNOWN = auto()
    OLDER = auto()


class Page(NamedTuple):
    """A page as the tables have it. `latest_*` are the greatest (modified, revision id) of all that it was."""

    state: int
    offset: int
    modified: int
    latest_modified: int
    latest_revision: int
    title: str
    redirect_target: str


class Revisions(NamedTuple):
    """Questions about the revisions of one page. `has` is whether any version is of the revision."""

    has: Callable[[int], bool]
    has_as_edit: Callable[[int], bool]
    of_state: Callable[[], int]


_OF_A_DELETED_PAGE = {
    EventType.CREATE: Verdict.STATE,
    EventType.UPDATE: Verdict.ASIDE,
    EventType.DELETE: Verdict.KNOWN,
    EventType.VISIBILITY_CHANGE: Verdict.ASIDE,
}


def judge(page: Page, write: ArticleWrite, revisions: Revisions) -> Verdict:
    """What becomes of a write about a page that the store has, where its event was not told before."""
    if write.event_type == EventType.AUTO:
        return _judge_edit(page, write, revisions)
    if page.state == PageState.DELETED:
        return _OF_A_DELETED_PAGE[write.event_type]
    if write.event_type == EventType.DELETE:
        return Verdict.STATE if write.modified >= page.latest_modified else Verdict.ASIDE
    return _judge_event(page, write, revisions)


def event_type(page: Page | None, write: ArticleWrite, verdict: Verdict) -> EventType:
    """What the log says that happened."""
    if write.event_type not in (EventType.AUTO, EventType.UPDATE):
        return write.event_type
    if page is None or (page.state == PageState.DELETED and verdict is Verdict.STATE):
        return EventType.CREATE
    return EventType.UPDATE


def _judge_edit(page: Page, write: ArticleWrite, revisions: Revisions) -> Verdict:
    has = revisions.has_as_edit if write.keeps_older else revisions.has
    if has(write.revision_id):
        return Verdict.KNOWN
    if page.state == PageState.DELETED:
        is_late = write.modified <= page.latest_modified
    else:
        is_late = (write.modified, write.revision_id) <= (page.latest_modified, page.latest_revision)
    if not is_late:
        return Verdict.STATE
    return Verdict.ASIDE if write.keeps_older else Verdict.OLDER


def _judge_event(page: Page, write: ArticleWrite, revisions: Revisions) -> Verdict:
    """What becomes of a move, other facts, a hiding or an undeletion told of a live page."""
    state_revision = revisions.of_state()
    is_of_state = write.revision_id == state_revision
    is_newer = (write.modified, write.revision_id) > (page.modified, state_revision)
    if write.event_type == EventType.CREATE and not is_newer:
        return Verdict.KNOWN if is_of_state or revisions.has(write.revision_id) else Verdict.ASIDE
    if write.event_type == EventType.VISIBILITY_CHANGE:
        # Where the wiki tells no more of a hidden revision than its id, the write's time is that of the hiding.
        is_newer = is_newer and write.revision_id > state_revision
    return Verdict.STATE if is_newer or is_of_state else Verdict.ASIDE
