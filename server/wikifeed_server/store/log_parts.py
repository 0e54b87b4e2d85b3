"""The log: which part of it is asked for, and what comes of it."""

from dataclasses import dataclass
from typing import NamedTuple

SLOTS = 64


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
