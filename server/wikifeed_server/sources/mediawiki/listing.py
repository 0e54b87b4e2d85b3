"""Reads recentchanges and logevents side by side, oldest first, as one sequence."""

import math
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, NamedTuple

from wikifeed_server.errors import SourceError
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.rows import Row, ordered, row_of_change, row_of_log, seconds_of, timestamp_of


class Group(NamedTuple):
    """Rows that follow those of the group before, in order.

    All rows up to `through` (seconds since 1970, by the wiki's clock) were listed with this group and those before;
    it is never later than when listing began, for rows stored since may lie before the place it has come to.
    `began` is that time. `malformed` counts rows that could not be understood.
    """

    rows: list[Row]
    through: int
    began: int
    malformed: int


class _Listing:
    """One of the two lists, and how far it is read."""

    def __init__(self, name: str, prefix: str, parse: Callable[[dict[str, Any]], Row], more: Mapping[str, str]) -> None:
        self.name = name
        self.rows: list[Row] = []
        self.malformed = 0
        # Up to, but not at, this time all rows are read; infinity at the list's end.
        self.frontier = -math.inf
        self._prefix = prefix
        self._parse = parse
        self._more = more
        self._continued = ""

    def parameters(self, since: int) -> dict[str, str | int]:
        """What to ask for the next rows."""
        values = {**self._more, "dir": "newer", "limit": "max", "start": timestamp_of(since)}
        if self._continued:
            values["continue"] = self._continued
        return {self._prefix + key: value for key, value in values.items()}

    def take(self, answer: dict[str, Any]) -> None:
        """Take the rows of an answer."""
        for item in answer.get("query", {}).get(self.name, ()):
            try:
                row = self._parse(item)
            except (KeyError, ValueError, TypeError):
                self.malformed += 1
                continue
            self.rows.append(row)
            self.frontier = row.time
        continued = answer.get("continue", {}).get(f"{self._prefix}continue", "")
        if continued and continued == self._continued:
            raise SourceError(f"the wiki's {self.name} continue where they were: {continued}")
        self._continued = continued
        if not self._continued:
            self.frontier = math.inf


async def groups_since(api: WikiApi, since: int) -> AsyncGenerator[Group, None]:
    """All rows of that time (seconds since 1970) and later; at least one group, which may be empty.

    What is held in memory is about one answer of each list: the list that is behind is asked alone.
    """
    listings = (
        _Listing("recentchanges", "rc", row_of_change, {"prop": "ids|title|timestamp|loginfo", "type": "edit|new|log"}),
        _Listing("logevents", "le", row_of_log, {"prop": "ids|title|type|details|timestamp"}),
    )
    began = 0
    while (behind := min(listing.frontier for listing in listings)) < math.inf:
        asked = [listing for listing in listings if listing.frontier == behind]
        parameters: dict[str, str | int] = {"list": "|".join(listing.name for listing in asked), "curtimestamp": 1}
        for listing in asked:
            parameters |= listing.parameters(since)
        answer = await api.query(parameters)
        for listing in asked:
            listing.take(answer)
        began = began or seconds_of(answer["curtimestamp"])
        yield _completed(listings, began)


def _completed(listings: tuple[_Listing, ...], began: int) -> Group:
    """Take out the rows that no other can precede any more."""
    frontier = min(listing.frontier for listing in listings)
    rows: list[Row] = []
    malformed = 0
    for listing in listings:
        rows += (row for row in listing.rows if row.time < frontier)
        listing.rows = [row for row in listing.rows if row.time >= frontier]
        malformed += listing.malformed
        listing.malformed = 0
    return Group(ordered(rows), int(min(max(frontier - 1, 0), began)), began, malformed)
