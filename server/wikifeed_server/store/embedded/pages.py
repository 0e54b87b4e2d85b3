"""What one write does to the tables: the rules by which a page changes.

- A revision that the page has is known, and one that is older than its newest, by (modified, revision id), is older:
  both are skipped. That a page was deleted counts as its newest.
- DELETE and VISIBILITY_CHANGE, and CREATE for a deleted page (an undeletion), tell of revisions that may well be known
  or old, and are taken as they come; only the deletion of a deleted page is known.
- AUTO is CREATE for a page that is new or was deleted, else UPDATE.
- A visibility change of a revision that is not the page's newest, or of a deleted page, is in the log and answers for
  its revision, but leaves the page as it is.
- A title belongs to the page that took it last, a deleted page included. A deletion takes no title from another page.
- The entry of a redirect page stands under its target from the offset at which it leads there to that of the page's
  next version, or to that at which another page takes its title.
"""

import sqlite3
from enum import Enum, auto
from typing import NamedTuple

from wikifeed_server.store import ArticleWrite, EventType, PageState
from wikifeed_server.store.embedded.bodies import BodyCodec
from wikifeed_server.store.embedded.schema import OPEN
from wikifeed_server.store.framing import make_frame, page_hash


class Verdict(Enum):
    """What becomes of a write."""

    STORE = auto()
    KNOWN = auto()
    OLDER = auto()


class Page(NamedTuple):
    """A page as the tables have it. `latest_*` are the greatest (modified, revision id) of all that it was."""

    state: int
    latest_modified: int
    latest_revision: int
    title: str
    redirect_target: str


class _Entry(NamedTuple):
    """A write that is stored: what it finds, and what it becomes."""

    project_id: int
    page: Page | None
    write: ArticleWrite
    offset: int
    event_type: EventType
    state: PageState

    @property
    def key(self) -> tuple[int, int]:
        return self.project_id, self.write.page_id

    @property
    def target(self) -> str:
        """Where the page leads. A deletion may still name a target, but does not lead there."""
        return self.write.redirect_target if self.state == PageState.REDIRECT else ""


class PageTables:
    """Applies writes to the tables, inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._pack = BodyCodec().pack

    def page(self, project_id: int, page_id: int) -> Page | None:
        """The page, if the store ever had it."""
        row = self._execute(
            "SELECT state, latest_modified, latest_revision, title, redirect_target FROM page"
            " WHERE project = ? AND page_id = ?",
            (project_id, page_id),
        ).fetchone()
        return None if row is None else Page(*row)

    def judge(self, project_id: int, page: Page | None, write: ArticleWrite) -> Verdict:
        """Whether the write is to be stored."""
        if page is None or write.event_type == EventType.VISIBILITY_CHANGE:
            return Verdict.STORE
        if page.state == PageState.DELETED:
            if write.event_type == EventType.DELETE:
                return Verdict.KNOWN
            if write.event_type == EventType.CREATE:
                return Verdict.STORE
        if write.event_type == EventType.DELETE:
            return Verdict.STORE
        if self._has_revision(project_id, write):
            return Verdict.KNOWN
        return Verdict.OLDER if _is_older(page, write) else Verdict.STORE

    def store(self, project_id: int, page: Page | None, write: ArticleWrite, offset: int, published: int) -> None:
        """Append the write to the log as `offset`, and make it the page's state if it is."""
        event_type = _event_type(page, write)
        entry = _Entry(project_id, page, write, offset, event_type, _state(write, event_type))
        newest = event_type != EventType.VISIBILITY_CHANGE or not _is_superseded(page, write)
        self._append(entry, published)
        self._add_version(entry, newest=newest)
        if newest:
            self._move_title(entry)
            self._lead(entry)
            self._set_page(entry)

    def _has_revision(self, project_id: int, write: ArticleWrite) -> bool:
        found = self._execute(
            "SELECT 1 FROM version WHERE project = ? AND page_id = ? AND revision_id = ? LIMIT 1",
            (project_id, write.page_id, write.revision_id),
        ).fetchone()
        return found is not None

    def _append(self, entry: _Entry, published: int) -> None:
        write = entry.write
        data, head_start = make_frame(write, entry.offset, entry.event_type, published)
        hashed = page_hash(write.project, write.page_id)
        header = (published, entry.project_id, write.namespace, int(entry.event_type), write.page_id, hashed)
        self._execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", (entry.offset, *header))
        self._execute(
            "INSERT INTO frame VALUES (?, ?, ?, ?, ?, ?)",
            (entry.offset, head_start, write.modified, write.title, entry.target, data),
        )

    def _add_version(self, entry: _Entry, *, newest: bool) -> None:
        write, state = entry.write, entry.state
        self._execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*entry.key, write.revision_id, entry.offset, int(newest), int(state), write.namespace),
        )
        bodies = (write.structured, write.body_wikitext, write.body_html)
        if state == PageState.LIVE and any(bodies):
            self._execute("INSERT INTO body VALUES (?, ?, ?, ?)", (entry.offset, *map(self._pack, bodies)))

    def _move_title(self, entry: _Entry) -> None:
        page, write = entry.page, entry.write
        if page is not None and page.title != write.title:
            self._execute(
                "DELETE FROM title WHERE project = ? AND title = ? AND page_id = ?",
                (entry.project_id, page.title, write.page_id),
            )
        name = (entry.project_id, write.title)
        holder = self._execute("SELECT page_id FROM title WHERE project = ? AND title = ?", name).fetchone()
        if holder is None:
            self._execute("INSERT INTO title VALUES (?, ?, ?)", (*name, write.page_id))
        elif holder[0] != write.page_id and entry.state != PageState.DELETED:
            self._execute("UPDATE title SET page_id = ? WHERE project = ? AND title = ?", (write.page_id, *name))
            self._end_redirect(entry.project_id, holder[0], entry.offset)

    def _lead(self, entry: _Entry) -> None:
        if entry.page is not None and entry.page.redirect_target:
            self._end_redirect(*entry.key, entry.offset)
        if entry.target and entry.write.redirect_entry:
            self._execute(
                "INSERT INTO redirect VALUES (?, ?, ?, ?, ?, ?)",
                (entry.project_id, entry.target, entry.write.page_id, entry.offset, OPEN, entry.write.redirect_entry),
            )

    def _end_redirect(self, project_id: int, page_id: int, offset: int) -> None:
        """Take the page's entry, if it is a redirect page, off the target that it led to."""
        self._execute(
            "UPDATE redirect SET until = :offset WHERE project = :project AND page_id = :page_id AND until = :open"
            " AND target = (SELECT redirect_target FROM page WHERE project = :project AND page_id = :page_id)",
            {"offset": offset, "project": project_id, "page_id": page_id, "open": OPEN},
        )

    def _set_page(self, entry: _Entry) -> None:
        page, write = entry.page, entry.write
        latest = (write.modified, write.revision_id)
        if page is not None:
            latest = max(latest, (page.latest_modified, page.latest_revision))
        state = (entry.offset, int(entry.state), write.namespace, write.modified)
        self._execute(
            "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*entry.key, *state, *latest, write.title, entry.target),
        )


def _is_older(page: Page, write: ArticleWrite) -> bool:
    return (write.modified, write.revision_id) < (page.latest_modified, page.latest_revision)


def _is_superseded(page: Page | None, write: ArticleWrite) -> bool:
    return page is not None and (page.state == PageState.DELETED or _is_older(page, write))


def _event_type(page: Page | None, write: ArticleWrite) -> EventType:
    if write.event_type != EventType.AUTO:
        return write.event_type
    return EventType.CREATE if page is None or page.state == PageState.DELETED else EventType.UPDATE


def _state(write: ArticleWrite, event_type: EventType) -> PageState:
    if event_type == EventType.DELETE:
        return PageState.DELETED
    return PageState.REDIRECT if write.redirect_target else PageState.LIVE
