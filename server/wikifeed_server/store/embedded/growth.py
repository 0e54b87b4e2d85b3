"""Tells waiting tasks that the log has grown, also when another process wrote it.

One timer for all waiters, which runs only while somebody waits: each tick looks whether anything was committed, which
is eight bytes of memory (see `unchanged`), and only then reads the newest offset. SQLite offers no signal between
processes, and watching its log file would tell of commits no sooner.
"""

import asyncio
from collections.abc import Callable

from wikifeed_server.errors import StoreError

# Half of it is how long a change waits on average; a tick this often costs 0.4 % of a core.
_TICK_SECONDS = 0.001


class Growth:
    """Waits for the log to grow. For use on one event loop.

    `newest` reads the newest offset and raises StoreError. `mark` gives another value once anything was committed, and
    an empty one where it can't tell.
    """

    def __init__(self, newest: Callable[[], int], mark: Callable[[], bytes]) -> None:
        self._read = newest
        self._mark = mark
        self._seen = b""
        self._newest = 0
        self._waiters = 0
        self._grown: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def wait(self, after: int, timeout_seconds: float) -> int:
        """The newest offset, as soon as it is greater than `after` or the time is over. Raises StoreError."""
        self._require_open()
        self._advance(self._read())
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        while self._newest <= after and (rest := deadline - loop.time()) > 0:
            await self._wait_for_any(loop, rest)
            self._require_open()
        return self._newest

    def close(self) -> None:
        """Let all who wait go, with StoreError: who waits in a loop must not go round it for ever."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._grown is not None and not self._grown.done():
            self._grown.set_result(None)

    def _require_open(self) -> None:
        if self._closed:
            raise StoreError("the store was closed")

    async def _wait_for_any(self, loop: asyncio.AbstractEventLoop, timeout_seconds: float) -> None:
        if self._grown is None or self._grown.done():
            self._grown = loop.create_future()
        grown = self._grown
        if self._timer is None:
            self._timer = loop.call_later(_TICK_SECONDS, self._tick, loop)
        self._waiters += 1
        try:
            # Unlike wait_for, wait leaves the future that all share alone when the time is over.
            done, _ = await asyncio.wait((grown,), timeout=timeout_seconds)
        finally:
            self._waiters -= 1
        if done:
            grown.result()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._grown is None or self._grown.done() or not self._waiters:
            return
        mark = self._mark()
        if not mark or mark != self._seen:
            # Looked at before the log is read: what is committed in between is seen by the next tick.
            self._seen = mark
            try:
                newest = self._read()
            except StoreError as error:
                self._grown.set_exception(error)
                return
            self._advance(newest)
        if not self._grown.done():
            self._timer = loop.call_later(_TICK_SECONDS, self._tick, loop)

    def _advance(self, newest: int) -> None:
        if newest > self._newest:
            self._newest = newest
            if self._grown is not None and not self._grown.done():
                self._grown.set_result(None)
