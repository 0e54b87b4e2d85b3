"""Reads articles: the newest version of a page, one by its revision, and all of a project as of an offset.

Promise: `scan` gives each page that is live as of its offset once, as it was then, whatever is written meanwhile. It
relies on versions never changing but for what is hidden of them, not on a transaction: each call reads a bounded piece
and lets go, and then looks whether all that it needed is still kept. What is kept in memory is looked through after
each commit of the writer, so that nothing hidden is served from there.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store import PageKey, PageState, Parts, StoredArticle, StoredVersion
from wikifeed_server.store.embedded.bodies import BodyCodec, FragmentCache
from wikifeed_server.store.embedded.projects import ProjectTable
from wikifeed_server.store.embedded.schema import FORGOTTEN, INT64_MAX, OPEN
from wikifeed_server.store.embedded.unchanged import CommitMark

# IntFlag's operators cost half a microsecond each, a good part of what a read may cost; those of int cost nothing.
_HEAD, _REDIRECTS = int(Parts.HEAD), int(Parts.REDIRECTS)
_BODIES = {"structured": int(Parts.STRUCTURED), "wikitext": int(Parts.WIKITEXT), "html": int(Parts.HTML)}
_ALL = int(Parts.ALL)
_KEPT = _ALL & ~_REDIRECTS
_PARTS_BITS = _ALL.bit_length()
_STATES = {int(state): state for state in PageState}
_LIVE, _DELETED = int(PageState.LIVE), int(PageState.DELETED)

# Where pages were found, of those asked for since the last commit: some 5 MB.
_REMEMBERED_PAGES = 8192
_REMEMBERED_REDIRECTS = 16  # pages with more take more room than finding them again takes time

# How many pages one statement of a scan looks at: some milliseconds, where nothing passes its filter.
_SCAN_PAGES = 10_000

_PAGE = "p.page_id, p.offset, p.state, p.namespace, p.modified, p.title, p.redirect_target"
_PAGE_TABLES = {
    "title": ("title t CROSS JOIN page p ON p.project = t.project AND p.page_id = t.page_id", "t.title"),
    "page_id": ("page p", "p.page_id"),
}
# One row for each redirect: a second statement would cost more than repeating the columns for the few that a page has.
_LEADING_HERE = (
    f"LEFT JOIN redirect r ON r.project = p.project AND r.target = p.title AND r.until = {OPEN} AND p.state = {_LIVE}"
)


def _page_statement(by: str, *, redirects: bool) -> str:
    tables, column = _PAGE_TABLES[by]
    entry, join = ("r.entry", _LEADING_HERE) if redirects else ("NULL", "")
    return f"SELECT {_PAGE}, {entry} FROM {tables} {join} WHERE {column.split('.')[0]}.project = ? AND {column} = ?"


_BY_TITLE, _BY_ID = _page_statement("title", redirects=False), _page_statement("page_id", redirects=False)
_BY_TITLE_ALL, _BY_ID_ALL = _page_statement("title", redirects=True), _page_statement("page_id", redirects=True)
_BY_REVISION = (
    "SELECT v.page_id, v.offset, v.state, v.namespace, f.modified, f.title, f.redirect_target, v.offset = p.offset"
    " FROM version v CROSS JOIN frame f ON f.offset = v.offset"
    " CROSS JOIN page p ON p.project = v.project AND p.page_id = v.page_id"
    f" WHERE v.project = ? AND v.page_id = {{page_id}} AND v.revision_id = ? AND (v.newest OR v.state <> {_DELETED})"
    " ORDER BY v.offset DESC LIMIT 1"
)
_REVISION_BY_TITLE = _BY_REVISION.format(page_id="(SELECT page_id FROM title WHERE project = ? AND title = ?)")
_REVISION_BY_ID = _BY_REVISION.format(page_id="?")
_NEWEST_VERSIONS = (
    "SELECT v.offset, v.revision_id, v.namespace, f.modified, f.title, v.state FROM (SELECT * FROM version"
    f" WHERE project = ? AND page_id = ? AND state <> {FORGOTTEN} ORDER BY offset DESC LIMIT ?) v"
    " CROSS JOIN frame f ON f.offset = v.offset ORDER BY v.offset DESC"
)
# Those of before what the log keeps whole are not kept apart: what is older has them as of then.
_REDIRECTS_AS_OF = (
    "SELECT r.entry FROM (SELECT max(?, oldest_offset - 1) AS offset FROM retention) o CROSS JOIN redirect r"
    " WHERE r.project = ? AND r.target = ? AND r.since <= o.offset AND r.until > o.offset"
)
# max() makes the other columns those of the row with the greatest offset (sqlite.org/lang_select.html, "bare columns").
_PAGES_AS_OF = (
    "SELECT page_id, max(offset) AS offset, state, namespace FROM version"
    f" WHERE project = ? AND page_id > ? AND offset <= ? AND newest GROUP BY page_id LIMIT {_SCAN_PAGES}"
)


def body_columns(parts: int) -> str:
    """The three columns of bodies, of a table `b`, NULL where `parts` does not ask for them."""
    return ", ".join(f"b.{name}" if parts & part else "NULL" for name, part in _BODIES.items())


def _fragment_columns(parts: int) -> str:
    head = "substr(f.data, f.head_start + 1)" if parts & _HEAD else "NULL"
    return f"{head}, {body_columns(parts)}"


_FRAGMENTS = {
    parts: f"SELECT {_fragment_columns(parts)} FROM frame f LEFT JOIN body b ON b.offset = f.offset WHERE f.offset = ?"
    for parts in range(1, _KEPT + 1)
}


class ArticleTables:
    """Reads over one connection, in one thread at a time. `cache` may be shared by nobody else."""

    def __init__(
        self, connection: sqlite3.Connection, projects: ProjectTable, cache: FragmentCache, commit_mark: CommitMark
    ) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._projects = projects
        self._cache = cache
        self._commit_mark = commit_mark
        self._rows: dict[tuple[str, tuple[int, str | int]], list[Any]] = {}
        self._as_of = b""
        self._redactions = 0
        self._codec = BodyCodec()

    def newest(self, key: PageKey, parts: int) -> StoredArticle | None:
        """The page's newest version."""
        project_id = self._projects.id(key.project)
        if project_id is None or key.page_id > INT64_MAX:
            return None
        if parts & _REDIRECTS:
            statement = _BY_TITLE_ALL if key.title else _BY_ID_ALL
        else:
            statement = _BY_TITLE if key.title else _BY_ID
        missing = 0
        while True:
            rows = self._page_rows(statement, (project_id, key.title or key.page_id))
            if not rows:
                return None
            page_id, offset, state, namespace, modified, title, target, entry = rows[0]
            fragments = self._kept(offset, state, parts)
            if fragments is not None:
                break
            missing = _not_twice(offset, missing)
        if entry is not None:
            fragments += tuple([row[-1] for row in rows])
        return StoredArticle(_STATES[state], page_id, title, namespace, offset, modified, target, fragments)

    def _page_rows(self, statement: str, values: tuple[int, str | int]) -> list[Any]:
        """The statement's rows: those it gave before, as long as nothing was committed since."""
        mark = self._look_again()
        asked = (statement, values)
        rows = self._rows.get(asked)
        if rows is None:
            rows = self._execute(statement, values).fetchall()
            if mark and len(rows) <= _REMEMBERED_REDIRECTS:
                if len(self._rows) == _REMEMBERED_PAGES:
                    self._rows.clear()
                self._rows[asked] = rows
        return rows

    def _look_again(self) -> bytes:
        """Forget what commits made stale since the last look; the mark as of which the rest holds."""
        mark = self._commit_mark.read()
        if mark != self._as_of or not mark:
            self._as_of = mark
            self._rows.clear()
            (redactions,) = self._execute("SELECT generation FROM redaction").fetchone()
            if redactions != self._redactions:
                self._redactions = redactions
                self._cache.clear()
        return mark

    def revision(self, key: PageKey, revision_id: int, parts: int) -> StoredArticle | None:
        """That revision of the page, with the redirects of its time; of the newest version, those of now."""
        project_id = self._projects.id(key.project)
        if project_id is None or max(key.page_id, revision_id) > INT64_MAX:
            return None
        # What is in memory needs no look: what hides something of a revision is itself the newest that tells of it.
        missing = 0
        while True:
            if key.title:
                found = self._execute(_REVISION_BY_TITLE, (project_id, project_id, key.title, revision_id))
            else:
                found = self._execute(_REVISION_BY_ID, (project_id, key.page_id, revision_id))
            row = found.fetchone()
            if row is None:
                return None
            page_id, offset, state, namespace, modified, title, target, is_newest = row
            fragments = self._kept(offset, state, parts)
            if fragments is not None:
                break
            missing = _not_twice(offset, missing)
        if parts & _REDIRECTS and state == _LIVE:
            fragments += self.redirects(project_id, title, OPEN - 1 if is_newest else offset)
        return StoredArticle(_STATES[state], page_id, title, namespace, offset, modified, target, fragments)

    def versions(self, project: str, page_id: int, limit: int) -> list[StoredVersion]:
        """The page's newest versions, the newest first."""
        project_id = self._projects.id(project)
        if project_id is None or page_id > INT64_MAX:
            return []
        rows = self._execute(_NEWEST_VERSIONS, (project_id, page_id, limit)).fetchall()
        return [
            StoredVersion(offset, revision_id, namespace, modified, title, _STATES[state])
            for offset, revision_id, namespace, modified, title, state in rows
        ]

    def scan(
        self,
        project: str,
        namespaces: Sequence[int],
        as_of: int,
        after_page_id: int,
        parts: int,
        limit: int,
        limit_bytes: int,
    ) -> list[StoredArticle]:
        """The next live articles as of an offset; no namespaces mean all. Raises OffsetExpiredError."""
        project_id = self._projects.id(project)
        if project_id is None or after_page_id > INT64_MAX:
            return []
        as_of = min(as_of, INT64_MAX)
        wanted = [number for number in namespaces if abs(number) <= INT64_MAX]
        condition = f" AND c.namespace IN ({', '.join('?' * len(wanted))})" if namespaces else ""
        statement = (
            "SELECT c.page_id, c.offset, c.state, c.namespace, f.modified, f.title, f.redirect_target,"
            f" {_fragment_columns(parts)} FROM ({_PAGES_AS_OF}) c CROSS JOIN frame f ON f.offset = c.offset"
            f" LEFT JOIN body b ON b.offset = c.offset WHERE c.state = {_LIVE}{condition} LIMIT ?"
        )
        while True:
            position = (project_id, after_page_id, as_of)
            rows = self._connection.execute(statement, (*position, *wanted, limit))
            found = self._take(rows, position, parts, limit_bytes)
            self._require_kept(as_of)
            if found:
                return found
            pages, last = self._execute(f"SELECT count(*), max(page_id) FROM ({_PAGES_AS_OF})", position).fetchone()
            if pages < _SCAN_PAGES:
                return []
            after_page_id = last

    def _require_kept(self, as_of: int) -> None:
        """See that what a scan as of an offset has just read was all there."""
        (oldest,) = self._execute("SELECT oldest_offset FROM retention").fetchone()
        if as_of + 1 < oldest:
            raise OffsetExpiredError(as_of, oldest)

    def redirects(self, project_id: int, title: str, as_of: int) -> tuple[bytes, ...]:
        """The entries of the redirect pages that lead to the title as of an offset."""
        rows = self._execute(_REDIRECTS_AS_OF, (as_of, project_id, title)).fetchall()
        return tuple([entry for (entry,) in rows])

    def unpack(self, bodies: Sequence[bytes | None]) -> tuple[bytes, ...]:
        """The fragments of columns as `body_columns` names them."""
        return tuple([self._codec.unpack(body) for body in bodies if body is not None])

    def _take(
        self, rows: sqlite3.Cursor, position: tuple[int, int, int], parts: int, limit_bytes: int
    ) -> list[StoredArticle]:
        project_id, _, as_of = position
        found: list[StoredArticle] = []
        with closing(rows):
            for page_id, offset, state, namespace, modified, title, target, head, *bodies in rows:
                fragments = self.unpack(bodies) if head is None else (head, *self.unpack(bodies))
                if parts & _REDIRECTS:
                    fragments += self.redirects(project_id, title, as_of)
                limit_bytes -= sum(map(len, fragments))
                if found and limit_bytes < 0:
                    break
                found.append(
                    StoredArticle(_STATES[state], page_id, title, namespace, offset, modified, target, fragments)
                )
        return found

    def _kept(self, offset: int, state: int, parts: int) -> tuple[bytes, ...] | None:
        """The fragments that are kept by offset: all but the redirects.

        None where the version was dropped since the offset was looked up, as only a superseded one is.
        """
        parts &= _KEPT if state == _LIVE else _HEAD
        if not parts:
            return ()
        key = offset << _PARTS_BITS | parts
        fragments = self._cache.get(key)
        if fragments is None:
            row = self._execute(_FRAGMENTS[parts], (offset,)).fetchone()
            if row is None:
                return None
            head, *bodies = row
            fragments = self.unpack(bodies) if head is None else (head, *self.unpack(bodies))
            self._cache.put(key, fragments)
        return fragments


def _not_twice(offset: int, missing: int) -> int:
    """The offset of a version that is gone, unless it was found to be missing before: then the store is damaged."""
    if offset == missing:
        raise sqlite3.DatabaseError(f"the version at offset {offset} has no frame")
    return offset
