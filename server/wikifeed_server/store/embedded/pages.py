"""What one write does to the tables. `rules` says what becomes of it; of one that is stored:

- Each is a version under its offset. Only one that becomes the page's state moves its title and what it leads to.
- A title belongs to the page that took it last, a deleted page included. A deletion takes no title from another page.
- The entry of a redirect page stands under its target from the offset at which it leads there to that of the page's
  next state, or to that at which another page takes its title.
- What is hidden of a revision is in none of its versions.
"""

import sqlite3
from typing import NamedTuple

from wikifeed_server.store import ArticleWrite, EventType, PageState
from wikifeed_server.store.embedded.bodies import BodyCodec
from wikifeed_server.store.embedded.redacting import RedactionTables, without_hidden
from wikifeed_server.store.embedded.rules import Page, Revisions, Verdict, event_type, judge
from wikifeed_server.store.embedded.schema import OPEN
from wikifeed_server.store.framing import make_frame, page_hash

_PAGE = "SELECT state, offset, modified, latest_modified, latest_revision, title, redirect_target FROM page"
_VERSIONS = "FROM version WHERE project = ? AND page_id = ?"


class LogEnd(NamedTuple):
    """The log's last entry: its offset, when it was published, and the bytes of all entries through it."""

    offset: int
    published: int
    size_bytes: int


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
        self._redaction = RedactionTables(connection)

    def log_end(self) -> LogEnd:
        """Where the log ends; all 0 while it was never written."""
        statement = "SELECT offset, published, size_through FROM log ORDER BY offset DESC LIMIT 1"
        row = self._execute(statement).fetchone()
        return LogEnd(0, 0, 0) if row is None else LogEnd(*row)

    def page(self, project_id: int, page_id: int) -> Page | None:
        """The page, if the store ever had it."""
        row = self._execute(f"{_PAGE} WHERE project = ? AND page_id = ?", (project_id, page_id)).fetchone()
        return None if row is None else Page(*row)

    def judge(self, project_id: int, page: Page | None, write: ArticleWrite) -> Verdict:
        """What becomes of the write."""
        if page is None:
            return Verdict.STATE
        return judge(page, write, self._revisions((project_id, write.page_id), page.offset))

    def store(self, project_id: int, page: Page | None, write: ArticleWrite, verdict: Verdict, end: LogEnd) -> LogEnd:
        """Append the write to the log behind `end`, and make it the page's state if that is the verdict; the new end.

        It is published when `end` says.
        """
        event = event_type(page, write, verdict)
        if event == EventType.VISIBILITY_CHANGE:
            self._redaction.hide(project_id, write)
            write = without_hidden(write, write.hidden)
        elif page is not None:
            write = without_hidden(write, self._redaction.hidden(project_id, write))
        entry = _Entry(project_id, page, write, end.offset + 1, event, _state(write, event))
        end = self._append(entry, end)
        self._add_version(entry, verdict)
        if verdict is Verdict.STATE:
            self._move_title(entry)
            self._lead(entry)
            self._set_page(entry)
        return end

    def _revisions(self, key: tuple[int, int], offset: int) -> Revisions:
        """The revisions of a page whose state is at the offset."""

        def has(revision_id: int) -> bool:
            found = self._execute(f"SELECT 1 {_VERSIONS} AND revision_id = ? LIMIT 1", (*key, revision_id))
            return found.fetchone() is not None

        def has_as_edit(revision_id: int) -> bool:
            found = self._execute(f"SELECT 1 {_VERSIONS} AND revision_id = ? AND edit LIMIT 1", (*key, revision_id))
            return found.fetchone() is not None

        def of_state() -> int:
            # It nearly always is the greatest: the search begins there and finds it at once.
            statement = f"SELECT revision_id {_VERSIONS} AND offset = ? ORDER BY revision_id DESC LIMIT 1"
            (revision_id,) = self._execute(statement, (*key, offset)).fetchone()
            return int(revision_id)

        return Revisions(has, has_as_edit, of_state)

    def _append(self, entry: _Entry, end: LogEnd) -> LogEnd:
        write = entry.write
        data, head_start = make_frame(write, entry.offset, entry.event_type, end.published)
        self._execute(
            "INSERT INTO frame VALUES (?, ?, ?, ?, ?, ?)",
            (entry.offset, head_start, write.modified, write.title, entry.target, data),
        )
        size = end.size_bytes + len(data) + self._add_bodies(entry)
        hashed = page_hash(write.project, write.page_id)
        header = (end.published, entry.project_id, write.namespace, int(entry.event_type), write.page_id, hashed)
        self._execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (entry.offset, *header, size))
        return LogEnd(entry.offset, end.published, size)

    def _add_bodies(self, entry: _Entry) -> int:
        """Keep the bodies of a live page; how many bytes they take."""
        write = entry.write
        bodies = (write.structured, write.body_wikitext, write.body_html)
        if entry.state != PageState.LIVE or not any(bodies):
            return 0
        packed = tuple(map(self._pack, bodies))
        self._execute("INSERT INTO body VALUES (?, ?, ?, ?)", (entry.offset, *packed))
        return sum(len(body) for body in packed if body is not None)

    def _add_version(self, entry: _Entry, verdict: Verdict) -> None:
        write = entry.write
        newest = int(verdict is Verdict.STATE)
        edit = int(write.event_type == EventType.AUTO or write.brings_revision)
        self._execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*entry.key, write.revision_id, entry.offset, newest, int(entry.state), write.namespace, edit),
        )

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


def _state(write: ArticleWrite, event_type: EventType) -> PageState:
    if event_type == EventType.DELETE:
        return PageState.DELETED
    return PageState.REDIRECT if write.redirect_target else PageState.LIVE
