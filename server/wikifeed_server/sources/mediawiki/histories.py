"""What came before a revision: earlier ones, the page's creation, its first hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.facts import FirstHour, PastRevision, RevisionFacts
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.remembered import Remembered
from wikifeed_server.sources.mediawiki.revisions import PAST_PROPERTIES, PastRow, microseconds, past_of, past_row
from wikifeed_server.sources.mediawiki.rows import SECOND, timestamp_of

# Reverts are looked for among so many revisions.
_LOOKED_BACK = 15
_HOUR = 3600 * SECOND
_DAY = 24 * _HOUR
_REVISIONS = frozenset({EventKind.CREATE, EventKind.EDIT})


@dataclass(frozen=True, slots=True)
class History:
    """`past` are up to 15 revisions before the one at hand, newest first; `created` is when the page's first was made
    (microseconds since 1970), `first_hour` what happened in the hour after it where that still matters.
    """

    past: tuple[PastRevision, ...] = ()
    created: int = 0
    first_hour: FirstHour | None = None


class Histories:
    """Asks a wiki for what was before, and remembers it, so that a busy page is asked for once."""

    def __init__(self, api: WikiApi, pages: int, seconds: float) -> None:
        self._api = api
        self._rows: Remembered[int, tuple[PastRow, ...]] = Remembered(pages, seconds)
        self._created: Remembered[int, int] = Remembered(pages, seconds)
        self._first_hours: Remembered[int, FirstHour] = Remembered(pages, seconds)
        self._moved: Remembered[int, int] = Remembered(pages, _DAY / SECOND)

    async def of(self, event: PageEvent, namespace: int, page_id: int, revision: RevisionFacts) -> History:
        """What was before a revision of the page."""
        if event.kind not in _REVISIONS:
            self._forget(page_id)  # revisions may be hidden, restored, imported, merged
        if not revision.parent_id:
            self._remember(page_id, revision, ())
            first_hour = _first_hour(revision.timestamp, revision, ()) if namespace == 0 else None
            return History(created=revision.timestamp, first_hour=first_hour)
        rows = _behind(self._rows.get(page_id) or (), revision)
        if rows is None:
            rows = await self._ask(page_id, revision)
        self._remember(page_id, revision, rows)
        if event.kind is EventKind.MOVE and namespace == 0:
            self._moved.put(page_id, event.time)
        created = await self._creation(page_id, rows)
        past = tuple(row.revision for row in rows[:_LOOKED_BACK])
        first_hour = None
        if namespace == 0 and self._is_fresh(page_id, created, revision):
            first_hour = await self._hour_after(page_id, created, revision, rows)
        return History(past, created, first_hour)

    def _is_fresh(self, page_id: int, created: int, revision: RevisionFacts) -> bool:
        """Whether the page is a day old at most, as breaking news are, or was moved in that time."""
        begun = max(created, self._moved.get(page_id) or 0)
        return created > 0 and revision.timestamp - begun <= _DAY

    async def _ask(self, page_id: int, revision: RevisionFacts) -> tuple[PastRow, ...]:
        items = await self._revisions(
            page_id, {"rvstartid": revision.revision_id, "rvlimit": _LOOKED_BACK + 1, "rvprop": PAST_PROPERTIES}
        )
        return tuple(past_row(item) for item in items if item["revid"] != revision.revision_id)

    async def _creation(self, page_id: int, rows: Sequence[PastRow]) -> int:
        """When the page was created; 0 where the wiki does not tell."""
        if rows and not rows[-1].parent_id:
            self._created.put(page_id, rows[-1].revision.timestamp)
        created = self._created.get(page_id)
        if created is None:
            items = await self._revisions(page_id, {"rvdir": "newer", "rvlimit": 1, "rvprop": "ids|timestamp"})
            created = microseconds(items[0]["timestamp"]) if items else 0
            self._created.put(page_id, created)
        return created

    async def _hour_after(
        self, page_id: int, created: int, revision: RevisionFacts, rows: Sequence[PastRow]
    ) -> FirstHour:
        if rows and not rows[-1].parent_id:
            return _first_hour(created, revision, rows)
        is_over = revision.timestamp > created + _HOUR
        if is_over and (counted := self._first_hours.get(page_id)) is not None:
            return counted
        items = await self._revisions(
            page_id,
            {
                "rvdir": "newer",
                "rvlimit": "max",
                "rvend": timestamp_of((created + _HOUR) // SECOND),
                "rvprop": "ids|user",
            },
        )
        edits = [item for item in items if item["revid"] <= revision.revision_id]
        first_hour = FirstHour(len(edits), len({item["user"] for item in edits if "user" in item}))
        if is_over:
            self._first_hours.put(page_id, first_hour)
        return first_hour

    async def _revisions(self, page_id: int, parameters: dict[str, str | int]) -> list[dict[str, Any]]:
        answer = await self._api.query({"prop": "revisions", "pageids": page_id, **parameters})
        pages = answer.get("query", {}).get("pages", ())
        return list(pages[0].get("revisions", ())) if pages else []

    def _forget(self, page_id: int) -> None:
        for memory in (self._rows, self._created, self._first_hours):
            memory.forget(page_id)

    def _remember(self, page_id: int, revision: RevisionFacts, rows: Sequence[PastRow]) -> None:
        """Remember the revision and what was before it, unless that of a later one is known: events come again."""
        known = self._rows.get(page_id)
        if not known or (known[0].revision.timestamp, known[0].revision.revision_id) < (
            revision.timestamp,
            revision.revision_id,
        ):
            self._rows.put(page_id, (past_of(revision), *rows)[: _LOOKED_BACK + 1])


def _behind(known: tuple[PastRow, ...], revision: RevisionFacts) -> tuple[PastRow, ...] | None:
    """What is known from the revision's parent on; None where that is not all that may be asked for."""
    for index, row in enumerate(known):
        if row.revision.revision_id == revision.parent_id:
            rows = known[index:]
            return rows if len(rows) >= _LOOKED_BACK or not rows[-1].parent_id else None
    return None


def _first_hour(created: int, revision: RevisionFacts, rows: Sequence[PastRow]) -> FirstHour:
    """What happened in the page's first hour, where all of its revisions are known."""
    everything = [past_of(revision), *rows]
    early = [row.revision for row in everything if row.revision.timestamp <= created + _HOUR]
    return FirstHour(len(early), len({each.editor_name for each in early if each.editor_name}))
