"""A server of Server-Sent Events that resumes as EventStreams does, and misbehaves as a test says."""

import asyncio
import json
import random
from collections import deque
from collections.abc import Sequence
from typing import Any, Self

from aiohttp import web

PATH = "/v2/stream/mediawiki.page_change.v1"


class MisbehavingStream:
    """Serves `events`, each an event's object or its bytes as they stand; then it is silent.

    `faults` are what becomes of the next connections, one each: a status (an int), ("status", int, headers), ("type",
    a content type), ("cut", bytes until the connection is cut), ("end", events until it ends well) or ("hang",). A
    connection without a fault brings everything. `repeats`: how many events before the place asked for come again.
    """

    def __init__(self, events: Sequence[dict[str, Any] | bytes], repeats: int = 0) -> None:
        self.events = list(events)
        self.faults: deque[Any] = deque()
        self.repeats = repeats
        self.asked: list[tuple[str, str]] = []
        self.grown = asyncio.Event()

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
        self.grown.set()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        last = request.headers.get("Last-Event-ID", "")
        self.asked.append((last, request.headers.get("User-Agent", "")))
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, int):
            return web.Response(status=fault)
        if fault is not None and fault[0] == "status":
            return web.Response(status=fault[1], headers=fault[2])
        kind = fault[1] if fault is not None and fault[0] == "type" else "text/event-stream"
        response = web.StreamResponse(headers={"Content-Type": kind, "Cache-Control": "no-cache"})
        await response.prepare(request)
        if fault is not None and fault[0] == "hang":
            await asyncio.Event().wait()
        await self._send(request, response, json.loads(last)[0]["offset"] + 1 if last else 0, fault)
        return response

    async def _send(self, request: web.Request, response: web.StreamResponse, position: int, fault: Any) -> None:
        position = max(0, position - self.repeats)
        room = fault[1] if fault is not None and fault[0] == "cut" else None
        end = position + fault[1] if fault is not None and fault[0] == "end" else None
        await response.write(b":ok\n\n")
        while end is None or position < end:
            if position == len(self.events):
                self.grown.clear()
                await self.grown.wait()
                continue
            data = self._framed(position)
            if room is not None and len(data) >= room:
                await response.write(data[:room])
                if request.transport is not None:
                    request.transport.abort()
                return
            room = room - len(data) if room is not None else None
            await response.write(data)
            position += 1

    def _framed(self, position: int) -> bytes:
        event = self.events[position]
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        place = json.dumps([{"topic": "eqiad.made-up", "partition": 0, "offset": position}]).encode()
        return b"event: message\nid: " + place + b"\ndata: " + data + b"\n\n"


def cuts(events: int, count: int, seed: int) -> list[tuple[str, int]]:
    """Places at which connections are cut, anywhere in some of the next events."""
    chance = random.Random(seed)
    return [("cut", chance.randint(0, 1200 * max(2, events // 40))) for _ in range(count)]
