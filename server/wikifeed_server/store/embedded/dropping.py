"""Finds what nothing needs any more of the log before an offset, and drops it.

The past is the log before `retention.oldest_offset`. Of each page the past keeps the version that was its state at the
end of the past, whole: header, frame, bodies. That is all that `scan` as of the end of the past or later, the newest
article of each page and a compacted read need. What else was in it goes, table by table:

- log, frame, body: the rows of superseded versions, and of those that never were their page's state.
- version: only that there was such a version stays, so that an event which comes late is known; then that goes too.
- redirect: an entry goes with the version that it was an entry of, since it has ended by then. One that ended because
  another page took its page's title stays until the page changes: at most one for each page.
- page, title: what is, not what was: they stay, also of deleted pages, which late revisions must not bring back.
- hidden: stays, since it holds for versions still to come. event_key: has a bound of its own.

Reads before they write: what is to go is found, and its pages brought into memory, without the write lock. It stays
what is to go, since a writer only appends behind it; only what is hidden may shrink it.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

from wikifeed_server.store.embedded.schema import FORGOTTEN

# How much of the log one plan looks at where it finds nothing to drop: some milliseconds.
_WINDOW = 5000
_KEY = "project = ? AND page_id = ? AND revision_id = ? AND offset = ?"
_VERSIONS = (
    "SELECT project, page_id, revision_id, offset, newest FROM version"
    f" WHERE project = ? AND page_id = ? AND offset <= ? AND state <> {FORGOTTEN} ORDER BY offset"
)
_CONTENTS = (
    "SELECT f.redirect_target, f.data, b.structured, b.wikitext, b.html FROM frame f"
    " LEFT JOIN body b ON b.offset = f.offset WHERE f.offset = ?"
)


class VersionKey(NamedTuple):
    """A row of the table `version`."""

    project_id: int
    page_id: int
    revision_id: int
    offset: int


class Plan(NamedTuple):
    """What goes when the past reaches through an offset, whose `size_through` is that of the log there.

    `targets` are the titles that those of `versions` which were redirect pages led to; `size_bytes` is what all take.
    """

    through: int
    size_through: int
    versions: list[VersionKey]
    targets: list[tuple[VersionKey, str]]
    size_bytes: int


class DroppingTables:
    """Reads and writes over one connection, in one thread at a time; writes inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute

    def plan(self, after: int, through: int, most: int) -> Plan:
        """What goes when the past, which ends with `after`, grows, at most to `through`, by at most `most` versions.

        `through` is greater than `after`, and in the log.
        """
        through = min(through, after + _WINDOW)
        past = _Past(self._connection, after, through)
        superseded: list[VersionKey] = []
        end = size = 0
        statement = (
            "SELECT offset, project, page_id, size_through FROM log WHERE offset > ? AND offset <= ? ORDER BY offset"
        )
        with closing(self._connection.execute(statement, (after, through))) as rows:
            for end, project_id, page_id, size in rows:  # noqa: B007 - the last ones are the plan's end
                gone = past.move_on((project_id, page_id), end)
                if gone is not None:
                    superseded.append(gone)
                    if len(superseded) == most:
                        break
        return self._weighed(end, size, superseded)

    def carry_out(self, plan: Plan, *, compacted: bool) -> None:
        """Drop what the plan says. Readers may see what is kept of the past if it is `compacted`."""
        offsets = [(key.offset,) for key in plan.versions]
        for table in ("log", "frame", "body"):
            self._connection.executemany(f"DELETE FROM {table} WHERE offset = ?", offsets)
        self._connection.executemany(f"UPDATE version SET state = {FORGOTTEN} WHERE {_KEY}", plan.versions)
        self._connection.executemany(
            "DELETE FROM redirect WHERE project = ? AND target = ? AND page_id = ? AND since = ?",
            [(key.project_id, target, key.page_id, key.offset) for key, target in plan.targets],
        )
        self._execute(
            "UPDATE retention SET oldest_offset = ?, size_before = ?, compacted = ?",
            (plan.through + 1, plan.size_through, compacted),
        )

    def show(self, *, compacted: bool) -> None:
        """Say whether readers may see what is kept of the past."""
        self._execute("UPDATE retention SET compacted = ?", (compacted,))

    def forgotten(self, before: int, most: int) -> list[VersionKey]:
        """Versions before an offset of which no more is kept than that there were such."""
        rows = self._execute(
            "SELECT project, page_id, revision_id, offset FROM version INDEXED BY forgotten"
            f" WHERE state = {FORGOTTEN} AND offset < ? ORDER BY offset LIMIT ?",
            (before, most),
        )
        return [VersionKey(*row) for row in rows.fetchall()]

    def remove(self, versions: Sequence[VersionKey]) -> None:
        """Keep nothing of these."""
        self._connection.executemany(f"DELETE FROM version WHERE {_KEY}", versions)

    def _weighed(self, through: int, size_through: int, superseded: list[VersionKey]) -> Plan:
        targets: list[tuple[VersionKey, str]] = []
        size = 0
        for key in superseded:
            target, *contents = self._execute(_CONTENTS, (key.offset,)).fetchone()
            size += sum(len(content) for content in contents if content is not None)
            if target:
                targets.append((key, target))
        return Plan(through, size_through, superseded, targets, size)


class _Past:
    """What each page was at the end of a past that grows, entry by entry, from `after` to `through`."""

    def __init__(self, connection: sqlite3.Connection, after: int, through: int) -> None:
        self._execute = connection.execute
        self._after = after
        self._through = through
        self._states: dict[tuple[int, int], VersionKey | None] = {}
        self._versions: dict[int, tuple[VersionKey, bool]] = {}

    def move_on(self, page: tuple[int, int], offset: int) -> VersionKey | None:
        """Let the past reach through the page's change at the offset; the version that goes with that."""
        if page not in self._states:
            self._look_up(page)
        version, is_state = self._versions[offset]
        if not is_state:
            return version
        gone, self._states[page] = self._states[page], version
        return gone

    def _look_up(self, page: tuple[int, int]) -> None:
        state = None
        for *key, is_state in self._execute(_VERSIONS, (*page, self._through)):
            version = VersionKey(*key)
            self._versions[version.offset] = version, bool(is_state)
            if is_state and version.offset <= self._after:
                state = version
        self._states[page] = state
