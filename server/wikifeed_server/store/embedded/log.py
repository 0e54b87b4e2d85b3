"""Reads the log. Filters are decided on the narrow headers of the table `log`; frames of what does not pass are never
touched.

Promise: `through_offset` is never beyond what the call saw of the log, so no change is passed over: the newest offset
is read first, and only offsets up to it are looked at. They were all there at the time of the read if they still are
kept after it, which is looked at last: what is dropped never comes back.

Where the log is compacted the same holds of the newest change of each page: one statement sees one state of the log,
and what a later state lacks of it has a successor behind it.
"""

import sqlite3
from collections.abc import Sized
from contextlib import closing
from typing import Any, NamedTuple

from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store import (
    SLOTS,
    EventType,
    LogEntries,
    LogEntry,
    LogFilter,
    LogFrames,
    LogHeader,
    LogSlice,
    Parts,
)
from wikifeed_server.store.embedded.articles import ArticleTables, body_columns
from wikifeed_server.store.embedded.positions import LogPositions
from wikifeed_server.store.embedded.schema import INT64_MAX
from wikifeed_server.store.framing import PARTITIONS, change_without_article

_HEAD, _REDIRECTS = int(Parts.HEAD), int(Parts.REDIRECTS)
_DELETE = int(EventType.DELETE)
# How many headers a call looks at: at most 0.2 s, so that a filter which nothing passes still moves its cursor.
_WINDOW = 100_000


class Span(NamedTuple):
    """The part of the log that a call may look at: offsets from `after` (exclusive) to `through` (inclusive).

    `compacted` says that of what is no longer kept whole the newest change of each page will do.
    """

    after: int
    through: int
    compacted: bool = False


class LogTables:
    """Reads over one connection, in one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, positions: LogPositions, articles: ArticleTables) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._positions = positions
        self._articles = articles

    def span(self, after: int, compacted: bool = False) -> Span:
        """What a call may look at that goes on after an offset; empty where the log has not come that far.

        Raises OffsetExpiredError.
        """
        oldest, is_compacted, newest = self._positions.bounds()
        begin = after
        if after + 1 < oldest:
            if not (compacted and is_compacted):
                raise OffsetExpiredError(after, oldest)
            # There may be a wide gap before the next one.
            (first,) = self._execute("SELECT min(offset) FROM log WHERE offset > ?", (after,)).fetchone()
            begin = first - 1
        return Span(after, max(after, min(newest, begin + _WINDOW)), compacted)

    def frames(self, span: Span, filter_: LogFilter, limit: int, limit_bytes: int) -> LogFrames:
        """The frames of changes that pass. Raises OffsetExpiredError."""
        if span.after == span.through:
            return LogFrames([], span.through)
        condition, values = _condition(filter_)
        if condition:
            source = f"log l CROSS JOIN frame f ON f.offset = l.offset WHERE l.offset > ? AND l.offset <= ?{condition}"
        else:
            source = "frame f WHERE f.offset > ? AND f.offset <= ?"
        frames: list[bytes] = []
        through = span.through
        with closing(
            self._connection.execute(
                f"SELECT f.offset, f.data FROM {source} LIMIT ?", (span.after, span.through, *values, limit)
            )
        ) as rows:
            last = 0
            for offset, frame in rows:
                limit_bytes -= len(frame)
                if frames and limit_bytes < 0:
                    through = last
                    break
                frames.append(frame)
                last = offset
                if len(frames) == limit:
                    through = last
        self._require_kept(span)
        return LogFrames(frames, through)

    def slice(self, span: Span, limit: int, limit_bytes: int) -> LogSlice:
        """All changes, with their headers. Raises OffsetExpiredError."""
        if span.after == span.through:
            return LogSlice([], [], span.through)
        headers: list[LogHeader] = []
        frames: list[bytes] = []
        statement = (
            "SELECT l.offset, l.published, p.identifier, p.language, l.namespace, l.event_type, l.page_id, l.page_hash,"
            " f.data FROM log l JOIN frame f ON f.offset = l.offset JOIN project p ON p.id = l.project"
            " WHERE l.offset > ? AND l.offset <= ? ORDER BY l.offset LIMIT ?"
        )
        with closing(self._connection.execute(statement, (span.after, span.through, limit))) as rows:
            for *header, frame in rows:
                limit_bytes -= len(frame)
                if frames and limit_bytes < 0:
                    break
                headers.append(LogHeader(*header))
                frames.append(frame)
        self._require_kept(span)
        return LogSlice(headers, frames, headers[-1].offset if headers else span.through)

    def entries(self, span: Span, filter_: LogFilter, parts: int, limit: int, limit_bytes: int) -> LogEntries:
        """The changes that pass, with the fragments of their articles. Raises OffsetExpiredError."""
        if span.after == span.through:
            return LogEntries([], span.through)
        condition, values = _condition(filter_)
        statement = (
            "SELECT l.offset, l.project, l.event_type, f.title, f.redirect_target, f.head_start, f.data,"
            f" {body_columns(parts)} FROM log l CROSS JOIN frame f ON f.offset = l.offset"
            " LEFT JOIN body b ON b.offset = l.offset"
            f" WHERE l.offset > ? AND l.offset <= ?{condition} LIMIT ?"
        )
        entries: list[LogEntry] = []
        through = span.through
        with closing(self._connection.execute(statement, (span.after, span.through, *values, limit))) as rows:
            for row in rows:
                entry = self._entry(row, parts)
                limit_bytes -= len(entry.change) + sum(map(len, entry.fragments))
                if entries and limit_bytes < 0:
                    through = entries[-1].offset
                    break
                entries.append(entry)
                if len(entries) == limit:
                    through = entry.offset
        self._require_kept(span)
        return LogEntries(entries, through)

    def _entry(self, row: tuple[Any, ...], parts: int) -> LogEntry:
        offset, project_id, event_type, title, target, head_start, frame, *bodies = row
        fragments = self._articles.unpack(bodies)
        if parts & _HEAD:
            fragments = (frame[head_start:], *fragments)
        if parts & _REDIRECTS and not target and event_type != _DELETE:
            fragments += self._articles.redirects(project_id, title, offset)
        return LogEntry(offset, change_without_article(frame, head_start), fragments)

    def _require_kept(self, span: Span) -> None:
        """See that nothing of what was read has been dropped since the span was made."""
        oldest, is_compacted = self._execute("SELECT oldest_offset, compacted FROM retention").fetchone()
        if span.after + 1 < oldest and not (span.compacted and is_compacted):
            raise OffsetExpiredError(span.after, oldest)


def _condition(filter_: LogFilter) -> tuple[str, list[str | int]]:
    """SQL over headers `l`, each term led by AND, and its values; empty when the filter lets all pass.

    Each statement looks its projects up anew, so that one that comes later passes too.
    """
    terms: list[str] = []
    values: list[str | int] = []
    texts = (("identifier", filter_.projects), ("language", filter_.languages))
    numbers = (
        ("namespace", filter_.namespaces),
        ("event_type", filter_.event_types),
        ("page_id", filter_.page_ids),
    )
    for column, wanted in texts:
        if wanted:
            terms.append(f" AND l.project IN (SELECT id FROM project WHERE {column} IN ({_marks(wanted)}))")
            values += wanted
    for column, asked in numbers:
        if asked:
            storable = [int(number) for number in asked if abs(number) <= INT64_MAX]
            terms.append(f" AND l.{column} IN ({_marks(storable)})")
            values += storable
    if filter_.share is not None:
        index, count = filter_.share
        terms.append(" AND l.page_hash % ? = ?")
        values += (count, index)
    for modulus, residues in ((SLOTS, filter_.slots), (PARTITIONS, filter_.partitions)):
        if residues:
            terms.append(f" AND l.page_hash % {modulus} IN ({_marks(residues)})")
            values += residues
    return "".join(terms), values


def _marks(values: Sized) -> str:
    return ", ".join("?" * len(values))
