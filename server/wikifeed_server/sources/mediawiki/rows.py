"""The rows of recentchanges and logevents in one form, and in one order.

Seen on MediaWiki 1.39: an edit or a creation has a row in recentchanges; what is done to a page has one in logevents
and mostly one in recentchanges too, which alone tells of the revision that it made. Creating a redirect by a move, and
importing revisions, have none. When a page is deleted, recentchanges forgets its edits.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened, as one of the lists tells it, or both.

    `time` is in seconds since 1970. `change_id` (rcid) and `log_id` are 0 where it stands in one list only. `page_id`
    is of the page it was done to, `holder_id` of the page that bore the title when the list was read; 0 for none.
    What is hidden from us is empty.
    """

    time: int
    change_id: int
    log_id: int
    is_new: bool
    page_id: int
    namespace: int
    title: str
    revision_id: int = 0
    parent_id: int = 0
    holder_id: int = 0
    log_type: str = ""
    log_action: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


def seconds_of(timestamp: str) -> int:
    """Seconds since 1970 of a time as the API writes it. Raises ValueError."""
    return int(datetime.fromisoformat(timestamp).timestamp())


def timestamp_of(seconds: int) -> str:
    """A time as the API reads it."""
    return datetime.fromtimestamp(max(seconds, 1), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def row_of_change(item: dict[str, Any]) -> Row:
    """A row of recentchanges. Raises KeyError, ValueError, TypeError where it is malformed."""
    parameters = item.get("logparams")
    return Row(
        time=seconds_of(item["timestamp"]),
        change_id=int(item["rcid"]),
        log_id=int(item.get("logid", 0)),
        is_new=item.get("type") == "new",
        page_id=int(item.get("pageid", 0)),
        namespace=int(item.get("ns", 0)),
        title=item.get("title", ""),
        revision_id=int(item.get("revid", 0)),
        parent_id=int(item.get("old_revid", 0)),
        log_type=item.get("logtype", ""),
        log_action=item.get("logaction", ""),
        parameters=parameters if isinstance(parameters, dict) else {},
    )


def row_of_log(item: dict[str, Any]) -> Row:
    """A row of logevents. Raises as `row_of_change`."""
    parameters = item.get("params")
    return Row(
        time=seconds_of(item["timestamp"]),
        change_id=0,
        log_id=int(item["logid"]),
        is_new=False,
        page_id=int(item.get("logpage", 0)),
        namespace=int(item.get("ns", 0)),
        title=item.get("title", ""),
        holder_id=int(item.get("pageid", 0)),
        log_type=item.get("type", ""),
        log_action=item.get("action", ""),
        parameters=parameters if isinstance(parameters, dict) else {},
    )


def ordered(rows: Iterable[Row]) -> list[Row]:
    """The rows in the order in which things happened, both rows of one thing made one.

    Within a second that is the order of recentchanges; but a move writes the deletion of what is in its way into
    recentchanges behind itself, so those of the log go by the log.
    """
    edits: list[Row] = []
    logged: dict[int, Row] = {}
    for row in rows:
        if not row.log_id:
            edits.append(row)
        elif row.log_id in logged:
            logged[row.log_id] = _merged(logged[row.log_id], row)
        else:
            logged[row.log_id] = row
    seconds: dict[int, tuple[list[Row], list[Row]]] = {}
    for row in edits:
        seconds.setdefault(row.time, ([], []))[0].append(row)
    for row in logged.values():
        seconds.setdefault(row.time, ([], []))[1].append(row)
    return [row for time in sorted(seconds) for row in _within_second(*seconds[time])]


def _merged(first: Row, second: Row) -> Row:
    """The log's row, which is hidden less often, with what only recentchanges tells."""
    change, log = (first, second) if first.change_id else (second, first)
    return replace(
        log,
        change_id=change.change_id or log.change_id,
        revision_id=change.revision_id or log.revision_id,
        page_id=log.page_id or change.page_id,
    )


def _within_second(edits: Sequence[Row], logged: Sequence[Row]) -> list[Row]:
    placed: list[tuple[float, int, Row]] = [(row.change_id, 0, row) for row in edits]
    places = sorted(row.change_id for row in logged if row.change_id)
    place = math.inf
    for row in sorted(logged, key=lambda row: row.log_id, reverse=True):
        # One that recentchanges lacks stands right before the next of the log, or at the end.
        place = places.pop() if row.change_id else place
        placed.append((place, row.log_id, row))
    return [row for _, _, row in sorted(placed, key=lambda item: item[:2])]
