"""A server of Server-Sent Events that resumes as EventStreams does, and misbehaves as a test says.

It keeps its events in one or more topics, as EventStreams does when an address joins streams with commas. Each topic
stays in order; how topics are mixed differs from one connection to the next. An event's id is a JSON array of
{topic, partition, offset}, one for each topic, -1 where nothing of it was sent yet
(https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service).
"""

import asyncio
import json
import random
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Self

from aiohttp import web

PATH = "/v2/stream/mediawiki.page_change.v1"
BEGINNING = b'[{"topic": "topic-0", "partition": 0, "offset": -1}]'


class Asked(NamedTuple):
    """What a connection asked for."""

    last_event_id: str
    user_agent: str
    since: str


class MisbehavingStream:
    """Serves `events`, each an event's object or its bytes as they stand; then it is silent.

    The event at place i is of topic i modulo `topics`. Where no Last-Event-ID says where to go on from, all events
    come, or with `knows_times` those that are not before the `since` that was asked for.

    `faults` are what becomes of the next connections, one each: a status (an int), ("status", int, headers), ("type",
    a content type), ("cut", bytes until the connection is cut), ("end", events until it ends well), ("hang",) before
    anything is sent or ("hang", events until it is silent). A connection without a fault brings everything. `repeats`:
    how many events of each topic before the place asked for come again. `sent` is how many were sent.
    """

    def __init__(
        self,
        events: Sequence[dict[str, Any] | bytes],
        repeats: int = 0,
        topics: int = 1,
        *,
        knows_times: bool = False,
    ) -> None:
        self.events = list(events)
        self.faults: deque[Any] = deque()
        self.repeats = repeats
        self.topics = topics
        self.knows_times = knows_times
        self.asked: list[Asked] = []
        self.sent = 0
        self._grown = asyncio.Event()
        self._mixing = random.Random(topics)

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get(PATH, self._serve)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{PATH}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def add(self, *events: dict[str, Any] | bytes) -> None:
        """Events that happen at this moment."""
        self.events += events
        self._grown.set()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(
            request.headers.get("Last-Event-ID", ""),
            request.headers.get("User-Agent", ""),
            request.query.get("since", ""),
        )
        self.asked.append(asked)
        fault = self.faults.popleft() if self.faults else ("none",)
        if isinstance(fault, int):
            return web.Response(status=fault)
        if fault[0] == "status":
            return web.Response(status=fault[1], headers=fault[2])
        kind = fault[1] if fault[0] == "type" else "text/event-stream"
        response = web.StreamResponse(headers={"Content-Type": kind, "Cache-Control": "no-cache"})
        await response.prepare(request)
        if fault == ("hang",):
            await asyncio.Event().wait()
        with suppress(ConnectionResetError):
            await self._send(request, response, self._places(asked), fault)
        return response

    def _places(self, asked: Asked) -> list[int]:
        """Which event of each topic comes first."""
        if asked.last_event_id:
            places = {each["topic"]: each["offset"] + 1 for each in json.loads(asked.last_event_id)}
            return [max(0, places.get(f"topic-{topic}", 0) - self.repeats) for topic in range(self.topics)]
        since = asked.since if self.knows_times else ""
        return [
            sum(event["meta"]["dt"] < since for event in self.events[topic :: self.topics]) if since else 0
            for topic in range(self.topics)
        ]

    async def _send(self, request: web.Request, response: web.StreamResponse, places: list[int], fault: Any) -> None:
        room = fault[1] if fault[0] == "cut" else None
        count = fault[1] if fault[0] in ("end", "hang") else None
        await response.write(b":ok\n\n")
        while count is None or count > 0:
            waiting = [topic for topic in range(self.topics) if places[topic] * self.topics + topic < len(self.events)]
            if not waiting:
                self._grown.clear()
                await self._grown.wait()
                continue
            topic = self._mixing.choice(waiting)
            event = self.events[places[topic] * self.topics + topic]
            places[topic] += 1
            data = self._framed(event, places)
            if room is not None and len(data) >= room:
                await response.write(data[:room])
                if request.transport is not None:
                    # The bytes before the cut arrive all the same, as they do when a cable is pulled.
                    await asyncio.sleep(0)
                    request.transport.abort()
                return
            room = room - len(data) if room is not None else None
            count = count - 1 if count is not None else None
            await response.write(data)
            self.sent += 1
        if fault[0] == "hang":
            await asyncio.Event().wait()

    def _framed(self, event: dict[str, Any] | bytes, places: list[int]) -> bytes:
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        position = [{"topic": f"topic-{topic}", "partition": 0, "offset": at - 1} for topic, at in enumerate(places)]
        return b"event: message\nid: " + json.dumps(position).encode() + b"\ndata: " + data + b"\n\n"


def cuts(count: int, longest: int, seed: int) -> list[tuple[str, int]]:
    """Faults that cut connections at random places, none after more than `longest` bytes."""
    chance = random.Random(seed)
    return [("cut", chance.randint(1, longest)) for _ in range(count)]
