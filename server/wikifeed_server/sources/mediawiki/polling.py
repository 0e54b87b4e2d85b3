"""Follows a wiki by asking it again and again what changed.

Promises:

1. Each row of recentchanges and logevents comes once. A row is known by its number, not by its time: each turn begins
   `overlap_seconds` before the time that was reached, and the numbers read in that overlap are part of the state.
2. A row that the wiki stores up to `overlap_seconds` later than its time says is not missed.
3. The state of a batch says no more and no less than that its events, and all of the batches before, were given.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from wikifeed_server.sources.events import EventBatch, EventKind, PageEvent
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.backfill import count_pages, fill_from, first_fill
from wikifeed_server.sources.mediawiki.embedding import changes_others, embedding_pages, joined, touched_pages
from wikifeed_server.sources.mediawiki.listing import groups_since
from wikifeed_server.sources.mediawiki.logs import awaits_change, events_of_row, left_redirect, redirect_event
from wikifeed_server.sources.mediawiki.position import Position, Waiting
from wikifeed_server.sources.mediawiki.redirects import left_redirects
from wikifeed_server.sources.mediawiki.restored import restored_edits
from wikifeed_server.sources.mediawiki.rows import Row, seconds_of, timestamp_of
from wikifeed_server.sources.mediawiki.site import Wiki

# Rows that one batch holds at most.
_ROWS = 50
# Seconds between questions for pages that a busy wiki's jobs have not come to.
_LONGEST_PAUSE = 30.0
# A quiet wiki's time moves on this many overlaps behind the clock.
_IDLE_OVERLAPS = 10
# Recentchanges are forgotten after $wgRCMaxAge: 90 days unless the wiki is told otherwise, hardly ever below a week.
_SAFE_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class PollingOptions:
    """How a wiki is followed by asking.

    `backfill`: at the first start all pages that exist come first. When a template or module changes, up to
    `embedding_pages` that use it are refreshed: each when the wiki's jobs have come to it, at the latest after
    `embedding_seconds`. What the log has and recentchanges not yet is waited for `listing_seconds`, with all behind it.
    """

    poll_seconds: float = 2.0
    overlap_seconds: float = 60.0
    listing_seconds: float = 5.0
    backfill: bool = True
    embedding_pages: int = 500
    embedding_seconds: float = 900.0


class MediaWikiSource:
    """One wiki as a source of events. Its condition is that of the API it asks."""

    def __init__(self, wiki: Wiki, api: WikiApi, options: PollingOptions) -> None:
        self.name = f"mediawiki:{wiki.api_url}"
        self.condition = api.condition
        self._project = wiki.project
        self._api = api
        self._options = options
        self._overlap = math.ceil(options.overlap_seconds)
        self._pause = options.poll_seconds
        self._look_again = 0.0

    async def read(self, state: bytes | None) -> AsyncGenerator[EventBatch, None]:
        """As `EventSource.read`. Raises SourceRefusedError, SourceCorruptError for a state that is none."""
        if state is None:
            position = await self._begin()
            yield EventBatch((), position.to_json())
        else:
            position = Position.from_json(state)
            if await self._is_forgotten(position):
                yield EventBatch((), position.to_json())
        if position.fill is not None:
            async with aclosing(self._fill(position)) as batches:
                async for batch in batches:
                    yield batch
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            async with aclosing(self._turn(position)) as batches:
                async for batch in batches:
                    yield batch
            await asyncio.sleep(max(0.0, began + self._options.poll_seconds - clock()))

    async def _begin(self) -> Position:
        """Where the wiki is at this moment: what its lists have is counted as read."""
        answer = await self._api.query(
            {
                "list": "recentchanges|logevents",
                **{"rcprop": "timestamp", "rctype": "edit|new|log", "rclimit": 1},
                **{"leprop": "timestamp", "lelimit": 1},
                "curtimestamp": 1,
            }
        )
        newest = (row["timestamp"] for rows in answer.get("query", {}).values() for row in rows if "timestamp" in row)
        now = seconds_of(answer["curtimestamp"])
        reached = min(now, max(map(seconds_of, newest), default=now))
        position = Position(reached, settled=reached)
        async with aclosing(groups_since(self._api, position.time - self._overlap)) as groups:
            async for group in groups:
                position.note(group.rows)
        position.fill = first_fill(self._project) if self._options.backfill else None
        return position

    async def _is_forgotten(self, position: Position) -> bool:
        """Whether the wiki may have forgotten edits since the position; then all pages are to be read again.

        The log is kept for good, and pages that are known already cost little.
        """
        answer = await self._api.query(
            {"list": "recentchanges", "rcdir": "newer", "rclimit": 1, "rcprop": "timestamp", "curtimestamp": 1}
        )
        if seconds_of(answer["curtimestamp"]) - position.time < _SAFE_SECONDS:
            return False
        oldest = [seconds_of(row["timestamp"]) for row in answer.get("query", {}).get("recentchanges", ())]
        if oldest and oldest[0] <= position.time:
            return False
        then = "all pages are read again" if self._options.backfill else "follow with backfill to read all pages"
        self.condition.last_error = (
            f"{self._api.api_url} may have forgotten edits made since {timestamp_of(position.time)}; {then}"
        )
        self.condition.last_error_time = time.time_ns() // 1000
        position.fill = first_fill(self._project) if self._options.backfill else position.fill
        return True

    async def _fill(self, position: Position) -> AsyncGenerator[EventBatch, None]:
        """All pages that the wiki has, from where the position is."""
        if position.fill is None:
            return
        pages = await count_pages(self._api)
        async with aclosing(fill_from(self._api, self._project, position.fill)) as batches:
            async for batch in batches:
                position.fill = batch.fill
                self.condition.behind = max(0, pages - batch.fill.read) if batch.fill is not None else 0
                yield self._batch(batch.events, position)

    async def _turn(self, position: Position) -> AsyncGenerator[EventBatch, None]:
        """Read once what changed, and refresh what other changes touched."""
        reached, through = position.time, 0
        async with aclosing(groups_since(self._api, position.time - self._overlap)) as groups:
            async for group in groups:
                through = group.through
                self.condition.malformed += group.malformed
                fresh = [row for row in group.rows if not position.is_read(row)]
                told = self._told_whole(fresh, group.began)
                for first in range(0, len(told), _ROWS):
                    rows = told[first : first + _ROWS]
                    reached = max(reached, min(rows[-1].time, through))
                    yield await self._happened(rows, reached, position)
                if len(told) < len(fresh):
                    break
        position.settled = position.time
        async with aclosing(self._refreshed(position)) as batches:
            async for batch in batches:
                yield batch
        self.condition.behind = len(position.waiting)
        idle_since = through - _IDLE_OVERLAPS * self._overlap
        if idle_since - position.time >= self._overlap:
            position.advance(idle_since, self._overlap)
            yield self._batch((), position)

    def _told_whole(self, rows: Sequence[Row], now: int) -> Sequence[Row]:
        """The rows before the first that only one of the lists has as yet."""
        since = now - self._options.listing_seconds
        for index, row in enumerate(rows):
            if awaits_change(row) and row.time > since:
                return rows[:index]
        return rows

    async def _refreshed(self, position: Position) -> AsyncGenerator[EventBatch, None]:
        """Those that wait for the wiki to touch them; asked about ever less often while nothing comes of it."""
        clock = asyncio.get_running_loop().time
        if clock() < self._look_again:
            return
        waited = position.waiting
        async with aclosing(touched_pages(self._api, self._project.identifier, waited)) as touched:
            async for events, ended in touched:
                position.waiting = tuple(item for item in position.waiting if item.page_id not in ended)
                yield self._batch(events, position)
        in_vain = bool(waited) and len(position.waiting) == len(waited)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE) if in_vain else self._options.poll_seconds
        self._look_again = clock() + self._pause if in_vain else 0.0

    async def _happened(self, rows: Sequence[Row], reached: int, position: Position) -> EventBatch:
        """What the rows tell, and the position behind them."""
        left = await left_redirects(self._api, [row for row in rows if left_redirect(row)])
        events: list[PageEvent] = []
        waiting = position.waiting
        for row in rows:
            happened = self._events(row)
            if row.log_id in left:
                happened.append(redirect_event(row, self._project, *left[row.log_id]))
            if any(event.kind is EventKind.UNDELETE for event in happened):
                since = position.settled - self._overlap
                happened += await restored_edits(self._api, self._project, row, since)
            if changes_others(row, happened):
                self._look_again = 0.0
                waiting = joined(waiting, await self._embedding(row))
            events += happened
        position.note(rows)
        position.advance(reached, self._overlap)
        position.waiting = waiting
        return self._batch(events, position)

    def _events(self, row: Row) -> list[PageEvent]:
        try:
            return events_of_row(row, self._project)
        except (KeyError, ValueError, TypeError):
            # Extensions and old versions write parameters of their own.
            self.condition.malformed += 1
            return []

    async def _embedding(self, row: Row) -> list[Waiting]:
        if not self._options.embedding_pages:
            return []
        key = f"log:{row.log_id}" if row.log_id else f"rc:{row.change_id}"
        deadline = row.time + math.ceil(self._options.embedding_seconds)
        return await embedding_pages(self._api, row.title, self._options.embedding_pages, key, row.time, deadline)

    def _batch(self, events: Sequence[PageEvent], position: Position) -> EventBatch:
        self.condition.received += len(events)
        self.condition.upstream_time = max(self.condition.upstream_time, *(event.time for event in events), 0)
        return EventBatch(tuple(events), position.to_json())
