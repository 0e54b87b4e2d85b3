"""A client of /v2/articles that comes again and again while changes are published."""

import random
from collections.abc import Callable

from aiohttp import ClientSession
from made_up_feed import SECOND, Feed
from realtime_reading import partition_of, realtime

PAGES = range(1, 301)


class Client:
    """Reads a stream in pieces, each on a connection of its own, as long as changes are published."""

    def __init__(self, feed: Feed, http: ClientSession, seed: int) -> None:
        self.events: list[dict] = []
        self.published: list[tuple[int, int]] = []
        self._feed = feed
        self._http = http
        self._rng = random.Random(seed)

    async def read(self, count: int, again: Callable[[list[dict]], dict], headers: dict | None = None) -> None:
        """Read until the last of `count` changes came. `again` makes the parameters of the next connection."""
        while not self.events or self.events[-1]["offset"] < count:
            async with realtime(self._http, headers, fields=["name"], **again(self.events)) as stream:
                for _ in range(self._rng.randint(1, 80)):
                    self._publish(count)
                    self.events.append((await stream.article())["event"])
                    if self.events[-1]["offset"] == count:
                        break

    def _publish(self, count: int) -> None:
        """Publish some more, now and then several at the same time."""
        more = min(self._rng.randint(0, 3), count - len(self.published))
        if not self.events or self.events[-1]["offset"] == len(self.published):
            more = max(more, 1)
        self._feed.time += self._rng.randint(0, 1) * SECOND
        for _ in range(more):
            page_id = self._rng.choice(PAGES)
            self.published.append((partition_of(page_id), self._feed.publish("Page", page_id)))
