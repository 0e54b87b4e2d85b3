"""Reads the log. Filters are decided on the narrow headers of the table `log`; frames of what does not pass are never
touched.

Promise: `through_offset` is never beyond what the call saw of the log, so no change is passed over: the newest offset
is read first, and only offsets up to it are looked at. They are all there, since offsets have no gaps.
"""

import sqlite3
from collections.abc import Sized
from contextlib import closing
from typing import NamedTuple

from wikifeed_server.errors import OffsetExpiredError
from wikifeed_server.store import (
    SLOTS,
    EventType,
    LogEntries,
    LogEntry,
    LogFilter,
    LogFrames,
    LogHeader,
    LogInfo,
    LogSlice,
    Parts,
)
from wikifeed_server.store.embedded.articles import ArticleTables, body_columns
from wikifeed_server.store.embedded.schema import INT64_MAX
from wikifeed_server.store.framing import change_without_article

_HEAD, _REDIRECTS = int(Parts.HEAD), int(Parts.REDIRECTS)
_DELETE = int(EventType.DELETE)
# How many headers a call looks at: at most 0.2 s, so that a filter which nothing passes still moves its cursor.
_WINDOW = 100_000


class Span(NamedTuple):
    """The part of the log that a call may look at: offsets from `after` (exclusive) to `through` (inclusive)."""

    after: int
    through: int


class LogTables:
    """Reads over one connection, in one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, articles: ArticleTables) -> None:
        self._connection = connection
        self._execute = connection.cursor().execute
        self._articles = articles

    def newest(self) -> int:
        """The newest offset; 0 when the log was never written."""
        (newest,) = self._execute("SELECT max(offset) FROM log").fetchone()
        return newest or 0

    def info(self) -> LogInfo:
        """Which offsets and times the log holds."""
        row = self._execute(
            "SELECT o.offset, n.offset, o.published, n.published"
            " FROM (SELECT offset, published FROM log ORDER BY offset LIMIT 1) o"
            " CROSS JOIN (SELECT offset, published FROM log ORDER BY offset DESC LIMIT 1) n"
        ).fetchone()
        return LogInfo() if row is None else LogInfo(*row)

    def offset_at(self, time: int) -> int:
        """The first offset published at `time` or later; the newest offset + 1 when there is none."""
        info = self.info()
        low, high = max(info.oldest_offset, 1), info.newest_offset + 1
        while low < high:
            middle = (low + high) // 2
            (published,) = self._execute("SELECT published FROM log WHERE offset = ?", (middle,)).fetchone()
            if published < time:
                low = middle + 1
            else:
                high = middle
        return low

    def span(self, after: int) -> Span:
        """What a call may look at that goes on after an offset; empty where the log has not come that far.

        Raises OffsetExpiredError.
        """
        row = self._execute("SELECT (SELECT min(offset) FROM log), (SELECT max(offset) FROM log)").fetchone()
        oldest, newest = row[0] or 0, row[1] or 0
        if after + 1 < oldest:
            raise OffsetExpiredError(after, oldest)
        return Span(after, max(after, min(newest, after + _WINDOW)))

    def frames(self, span: Span, filter_: LogFilter, limit: int, limit_bytes: int) -> LogFrames:
        """The frames of changes that pass."""
        if span.after == span.through:
            return LogFrames([], span.through)
        condition, values = _condition(filter_)
        if condition:
            source = f"log l CROSS JOIN frame f ON f.offset = l.offset WHERE l.offset > ? AND l.offset <= ?{condition}"
        else:
            source = "frame f WHERE f.offset > ? AND f.offset <= ?"
        frames: list[bytes] = []
        last = 0
        with closing(
            self._connection.execute(f"SELECT f.offset, f.data FROM {source} LIMIT ?", (*span, *values, limit))
        ) as rows:
            for offset, frame in rows:
                limit_bytes -= len(frame)
                if frames and limit_bytes < 0:
                    return LogFrames(frames, last)
                frames.append(frame)
                last = offset
        return LogFrames(frames, last if len(frames) == limit else span.through)

    def slice(self, span: Span, limit: int, limit_bytes: int) -> LogSlice:
        """All changes, with their headers."""
        headers: list[LogHeader] = []
        frames: list[bytes] = []
        statement = (
            "SELECT l.offset, l.published, p.identifier, p.language, l.namespace, l.event_type, l.page_id, l.page_hash,"
            " f.data FROM log l JOIN frame f ON f.offset = l.offset JOIN project p ON p.id = l.project"
            " WHERE l.offset > ? AND l.offset <= ? ORDER BY l.offset LIMIT ?"
        )
        with closing(self._connection.execute(statement, (*span, limit))) as rows:
            for *header, frame in rows:
                limit_bytes -= len(frame)
                if frames and limit_bytes < 0:
                    break
                headers.append(LogHeader(*header))
                frames.append(frame)
        return LogSlice(headers, frames, headers[-1].offset if headers else span.through)

    def entries(self, span: Span, filter_: LogFilter, parts: int, limit: int, limit_bytes: int) -> LogEntries:
        """The changes that pass, with the fragments of their articles."""
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
        with closing(self._connection.execute(statement, (*span, *values, limit))) as rows:
            for offset, project_id, event_type, title, target, head_start, frame, *bodies in rows:
                fragments = self._articles.unpack(bodies)
                if parts & _HEAD:
                    fragments = (frame[head_start:], *fragments)
                if parts & _REDIRECTS and not target and event_type != _DELETE:
                    fragments += self._articles.redirects(project_id, title, offset)
                change = change_without_article(frame, head_start)
                limit_bytes -= len(change) + sum(map(len, fragments))
                if entries and limit_bytes < 0:
                    return LogEntries(entries, entries[-1].offset)
                entries.append(LogEntry(offset, change, fragments))
        return LogEntries(entries, entries[-1].offset if len(entries) == limit else span.through)


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
    if filter_.slots:
        terms.append(f" AND l.page_hash % {SLOTS} IN ({_marks(filter_.slots)})")
        values += filter_.slots
    return "".join(terms), values


def _marks(values: Sized) -> str:
    return ", ".join("?" * len(values))
