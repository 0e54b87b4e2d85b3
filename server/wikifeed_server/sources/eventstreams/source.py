"""Follows an event stream over one connection, and over the next one where that ends.

Promises:

1. What was not read whole is not delivered, and comes again from the next connection, which begins behind the last
   event read (Last-Event-ID), a little before where the server tells its places by time, or where there was none yet
   at the moment when reading began: no event is lost where the server keeps its part.
2. An event that comes again on the way is dropped: by its id, and an edit by its revision.
3. While nobody takes what was read, nothing is read.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import aiohttp
import structlog

from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.sources.events import Condition, EventBatch, PageEvent, Patience
from wikifeed_server.sources.eventstreams.position import advanced, resumption
from wikifeed_server.sources.eventstreams.sifting import Sieve, StreamOptions
from wikifeed_server.sources.eventstreams.sse import EventParser
from wikifeed_server.sources.mediawiki.etiquette import Etiquette, wished_wait

_BATCH_EVENTS = 64
_READ_BYTES = 256 << 10
# A state without events is worth a commit only now and then.
_STATE_SECONDS = 1.0
_PASSING = frozenset({408, 425, 429})
_CONTENT_TYPE = "text/event-stream"


class _InterruptedError(Exception):
    """A connection is over. `wait` is how long the server wishes to be left alone, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


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
        self._log = structlog.get_logger().bind(source=self.name)

    async def read(self, state: bytes | None) -> AsyncGenerator[EventBatch, None]:
        """As `EventSource.read`; the state is the id of the last event read. Raises SourceRefusedError."""
        # What was delivered to an earlier reader may not have been stored, so nothing of that is remembered.
        sieve = Sieve(self._options, self.condition, self.name)
        since, began = self._options.since, _moment()
        failures, noted = 0, time.monotonic()
        while True:
            has_brought = False
            try:
                async with aclosing(self._connection(state, since, sieve)) as batches:
                    async for batch in batches:
                        # What only comes again is no success: whoever sends nothing else is left alone for longer.
                        if batch.events or batch.state != (state or b""):
                            failures, has_brought = 0, True
                        state = batch.state or None
                        if batch.events or time.monotonic() - noted > _STATE_SECONDS:
                            yield batch
                            noted = time.monotonic()
                # A server may end connections at any time: Wikimedia's does after a quarter of an hour.
                delay, reason = 0.0 if has_brought else self._patience.first_delay, ""
            except _InterruptedError as interruption:
                failures += 1
                delay = Etiquette(patience=self._patience).delay(failures, interruption.wait)
                reason = str(interruption)
            since = since or began
            self._note_end(reason)
            await asyncio.sleep(delay)

    async def _connection(self, state: bytes | None, since: str, sieve: Sieve) -> AsyncGenerator[EventBatch, None]:
        """What one connection brings. Raises _InterruptedError, SourceRefusedError."""
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=self._patience.request, sock_read=self._patience.silence
        )
        parameters = {"since": since} if since and not state else {}
        try:
            async with self._session.get(
                self._url, params=parameters, headers=self._headers(state), timeout=timeout
            ) as response:
                self._check(response)
                self.condition.connected_since = _now()
                async with aclosing(self._batches(response, state or b"", sieve)) as batches:
                    async for batch in batches:
                        yield batch
        except aiohttp.InvalidURL as error:
            raise SourceRefusedError(f"{self._url} is no address of an event stream: {error}") from None
        except aiohttp.ConnectionTimeoutError:
            raise _InterruptedError(f"{self._url} can't be reached in {self._patience.request:g} seconds") from None
        except TimeoutError:
            raise _InterruptedError(f"{self._url} was silent for {self._patience.silence:g} seconds") from None
        except (aiohttp.ClientError, OSError) as error:
            raise _InterruptedError(f"{self._url} was cut off: {error or type(error).__name__}") from error

    def _headers(self, state: bytes | None) -> dict[str, str]:
        # A server that compresses may hold events back until a block is full.
        headers = {"Accept": _CONTENT_TYPE, "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
        if self._user_agent:
            headers["User-Agent"] = self._user_agent
        if state:
            headers["Last-Event-ID"] = resumption(state, self._options.overlap_seconds).decode(errors="replace")
        return headers

    def _check(self, response: aiohttp.ClientResponse) -> None:
        if response.status >= 500 or response.status in _PASSING:
            raise _InterruptedError(
                f"{self._url} answered with status {response.status}", wished_wait(response.headers)
            )
        if response.status in {401, 403}:
            raise SourceRefusedError(
                f"{self._url} refuses us (status {response.status}): its owner must let this machine and the "
                "User-Agent Wikifeed read it"
            )
        if response.status != 200:
            raise SourceRefusedError(
                f"{self._url} answered with status {response.status} {response.reason}: check its address; where it "
                "refuses the place to go on from (Last-Event-ID), what it keeps begins later"
            )
        if response.content_type != _CONTENT_TYPE:
            raise SourceRefusedError(
                f"{self._url} is no event stream: it sends {response.content_type} instead of {_CONTENT_TYPE}; check "
                "its address, and whether a login or a proxy stands before it"
            )

    async def _batches(
        self, response: aiohttp.ClientResponse, state: bytes, sieve: Sieve
    ) -> AsyncGenerator[EventBatch, None]:
        """What arrives together, in batches of at most `_BATCH_EVENTS` unless one event tells of more pages.

        A batch is empty where nothing of that is wanted: its state is where the next connection goes on.
        """
        parser = EventParser(self._options.longest_event_bytes)
        while data := await response.content.read(_READ_BYTES):
            self.condition.last_sign = _now()
            skipped = parser.skipped
            arrived = parser.feed(data)
            if parser.skipped > skipped:
                sieve.note_too_long(parser.skipped - skipped)
            if arrived:
                self.condition.retries = 0
            events: list[PageEvent] = []
            for each in arrived:
                told = sieve.sift(each)
                if events and len(events) + len(told) > _BATCH_EVENTS:
                    yield EventBatch(tuple(events), state)
                    events = []
                events += told
                state = advanced(state, each.identifier) if each.identifier else state
            if arrived:
                yield EventBatch(tuple(events), state)

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


def _moment() -> str:
    """This second, as EventStreams takes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
