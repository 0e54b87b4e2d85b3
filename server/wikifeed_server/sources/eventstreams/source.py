"""Follows an event stream over one connection, and over the next one where that ends.

Promises:

1. What was not read whole is not delivered, and comes again from the next connection, which begins behind the last
   event read (Last-Event-ID): no event is lost where the server keeps its part.
2. An event that comes again on the way is dropped: by its id, and an edit by its revision.
3. While nobody takes what was read, nothing is read.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Hashable
from contextlib import aclosing
from dataclasses import dataclass

import aiohttp
import orjson
import structlog

from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.sources.events import Condition, EventBatch, EventKind, PageEvent, Patience
from wikifeed_server.sources.eventstreams.reading import MalformedEventError
from wikifeed_server.sources.eventstreams.sse import EventParser, ServerSentEvent
from wikifeed_server.sources.eventstreams.wikimedia import page_events
from wikifeed_server.sources.mediawiki.etiquette import Etiquette, wished_wait

_BATCH_EVENTS = 64
_READ_BYTES = 256 << 10
# A state without events is worth a commit only now and then.
_STATE_SECONDS = 1.0
_REMEMBERED = 50_000
_PASSING = frozenset({408, 425, 429})
_CONTENT_TYPE = "text/event-stream"


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What of a stream is followed: events of these projects and namespaces, all where there are none; where nothing
    was followed before, from `since` on (as the server takes it; empty: from this moment). An event of more than
    `longest_event_bytes` is passed over and counted.
    """

    projects: frozenset[str] = frozenset()
    namespaces: frozenset[int] = frozenset()
    since: str = ""
    longest_event_bytes: int = 32 << 20


class _InterruptedError(Exception):
    """A connection is over. `wait` is how long the server wishes to be left alone, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class _Lately:
    """The keys seen last."""

    def __init__(self) -> None:
        self._keys: OrderedDict[Hashable, None] = OrderedDict()

    def add(self, key: Hashable) -> bool:
        """Whether the key is there for the first time."""
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > _REMEMBERED:
            self._keys.popitem(last=False)
        return True


class EventStreamSource:
    """One stream, or several that the address joins with commas. The session stays its owner's."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        options: StreamOptions | None = None,
        patience: Patience | None = None,
        user_agent: str = "",
    ) -> None:
        self.name = f"eventstream:{url}"
        self.condition = Condition()
        self._url = url
        self._session = session
        self._options = options or StreamOptions()
        self._patience = patience or Patience()
        self._user_agent = user_agent
        self._lately = _Lately()
        self._log = structlog.get_logger().bind(source=self.name)

    async def read(self, state: bytes | None) -> AsyncGenerator[EventBatch, None]:
        """As `EventSource.read`; the state is the id of the last event read. Raises SourceRefusedError."""
        # What was delivered before may not have been stored.
        self._lately = _Lately()
        failures = 0
        while True:
            try:
                async with aclosing(self._connection(state)) as batches:
                    async for batch in batches:
                        state, failures = batch.state or None, 0
                        yield batch
                # Wikimedia ends connections after a quarter of an hour.
                delay, reason = self._patience.first_delay, ""
            except _InterruptedError as interruption:
                failures += 1
                delay = Etiquette(patience=self._patience).delay(failures, interruption.wait)
                reason = str(interruption)
            self._note_end(reason)
            await asyncio.sleep(delay)

    async def _connection(self, state: bytes | None) -> AsyncGenerator[EventBatch, None]:
        """What one connection brings. Raises _InterruptedError, SourceRefusedError."""
        headers = {"Accept": _CONTENT_TYPE} | ({"User-Agent": self._user_agent} if self._user_agent else {})
        if state:
            headers["Last-Event-ID"] = state.decode("latin-1")
        since = {"since": self._options.since} if self._options.since and not state else {}
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=self._patience.request, sock_read=self._patience.silence
        )
        try:
            async with self._session.get(self._url, params=since, headers=headers, timeout=timeout) as response:
                self._check(response)
                self.condition.connected_since = _now()
                async with aclosing(self._batches(response, state or b"")) as batches:
                    async for batch in batches:
                        yield batch
        except (TimeoutError, aiohttp.ServerTimeoutError):
            raise _InterruptedError(f"{self._url} was silent for {self._patience.silence:g} seconds") from None
        except (aiohttp.ClientError, OSError) as error:
            raise _InterruptedError(f"{self._url} was cut off: {error or type(error).__name__}") from error

    def _check(self, response: aiohttp.ClientResponse) -> None:
        if response.status >= 500 or response.status in _PASSING:
            raise _InterruptedError(
                f"{self._url} answered with status {response.status}", wished_wait(response.headers)
            )
        if response.status != 200:
            raise SourceRefusedError(
                f"{self._url} answered with status {response.status} {response.reason}: check its address; where it "
                "refuses the place to go on from (Last-Event-ID), what it keeps begins later"
            )
        if response.content_type != _CONTENT_TYPE:
            raise SourceRefusedError(f"{self._url} is no event stream: it sends {response.content_type}")

    async def _batches(self, response: aiohttp.ClientResponse, state: bytes) -> AsyncGenerator[EventBatch, None]:
        parser = EventParser(self._options.longest_event_bytes)
        noted = time.monotonic()
        while data := await response.content.read(_READ_BYTES):
            self.condition.last_sign = _now()
            skipped = parser.skipped
            arrived = parser.feed(data)
            if parser.skipped > skipped:
                self.condition.malformed += parser.skipped - skipped
                self._log.warning("event too long", longest_bytes=self._options.longest_event_bytes)
            events: list[PageEvent] = []
            for each in arrived:
                self.condition.retries = 0
                events += self._told(each)
                state = each.identifier or state
                if len(events) >= _BATCH_EVENTS:
                    yield EventBatch(tuple(events), state)
                    events, noted = [], time.monotonic()
            if events or (arrived and time.monotonic() - noted > _STATE_SECONDS):
                yield EventBatch(tuple(events), state)
                noted = time.monotonic()

    def _told(self, arrived: ServerSentEvent) -> list[PageEvent]:
        """What an event tells that is wanted and was not told before."""
        if arrived.type != "message":
            if arrived.type == "error":
                self._log.warning("the stream reports", error=arrived.data[:500].decode(errors="replace"))
            return []
        try:
            event = orjson.loads(arrived.data)
            if not isinstance(event, dict):
                raise MalformedEventError("it is no object")
            meta = event.get("meta")
            if isinstance(meta, dict) and meta.get("domain") == "canary":
                return []
            told = [each for each in page_events(event) if self._is_wanted(each)]
        except ValueError as error:
            self.condition.malformed += 1
            self._log.warning("event malformed", error=str(error), event_id=arrived.identifier.decode(errors="replace"))
            return []
        fresh = [each for each in told if self._is_fresh(each)]
        self.condition.duplicates += len(told) - len(fresh)
        self.condition.received += len(fresh)
        for each in fresh:
            self.condition.upstream_time = max(self.condition.upstream_time, each.time)
        return fresh

    def _is_wanted(self, event: PageEvent) -> bool:
        projects, namespaces = self._options.projects, self._options.namespaces
        return (not projects or event.project in projects) and (not namespaces or event.namespace in namespaces)

    def _is_fresh(self, event: PageEvent) -> bool:
        if event.kind in (EventKind.CREATE, EventKind.EDIT):
            if event.revision_id:
                return self._lately.add((event.project, event.revision_id))
            return self._lately.add((event.project, event.title, event.time))
        # The first key is that of this very event: the store judges whether another told the same.
        return self._lately.add((event.project, event.keys[0]))

    def _note_end(self, reason: str) -> None:
        self.condition.connected_since = 0
        if reason:
            self.condition.retries += 1
            self.condition.failures += 1
            self.condition.last_error = reason
            self.condition.last_error_time = _now()
            self._log.info("connecting again", error=reason)


def _now() -> int:
    return time.time_ns() // 1000
