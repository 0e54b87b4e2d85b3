"""The open streams of one process: ended when their credentials are, and counted across processes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from wikifeed_server.accounts import leases
from wikifeed_server.accounts.database import AccountDatabase, Execute
from wikifeed_server.accounts.model import AccountOptions, Caller
from wikifeed_server.errors import LimitExceededError, UnauthenticatedError


class OpenStream:
    """A stream that the current task answers. `error` is why it was ended.

    One that is not realtime is a file that is being sent: plans do not bound how many there are.
    """

    __slots__ = ("_cancelling", "_task", "caller", "error", "is_realtime", "number")

    def __init__(self, caller: Caller, *, is_realtime: bool) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a stream is answered by a task")
        self.caller = caller
        self.is_realtime = is_realtime
        self.number = 0
        self.error: UnauthenticatedError | None = None
        self._task = task
        self._cancelling = task.cancelling()

    def end(self, error: UnauthenticatedError) -> None:
        """Cancel the task, so that what runs in the stream's context ends with this error."""
        if self.error is None:
            self.error = error
            self._task.cancel()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn the cancellation into the error, unless somebody else cancelled the task as well."""
        try:
            yield
        except asyncio.CancelledError:
            if self.error is not None and self._task.uncancel() <= self._cancelling:
                raise self.error from None
            raise
        if self.error is not None:
            self._task.uncancel()
            raise self.error


class OpenStreams:
    """Numbers and leases are those of `leases`."""

    def __init__(self, database: AccountDatabase, options: AccountOptions) -> None:
        self._database = database
        self._clock = options.lease_clock
        self._lease = round(options.lease_seconds * 1e9)
        self._open: set[OpenStream] = set()
        self._process = 0

    def __iter__(self) -> Iterator[OpenStream]:
        return iter(tuple(self._open))

    async def add(self, stream: OpenStream) -> None:
        """Count a stream. Raises LimitExceededError, and counts nothing, where as many are open as may be."""
        self._open.add(stream)
        limit = stream.caller.plan.streams_at_once
        if limit is None or not stream.is_realtime:
            return
        username = stream.caller.username
        counted = self._counted()
        adding = self._database.begin_note(lambda execute: self._add(execute, username, limit, counted))
        try:
            number = await asyncio.shield(adding)
        except asyncio.CancelledError:
            self._open.discard(stream)
            adding.add_done_callback(self._give_up)
            raise
        except BaseException:
            self._open.discard(stream)
            raise
        if number is None:
            self._open.discard(stream)
            raise LimitExceededError("streams of the account at once", username, limit)
        stream.number = number

    def remove(self, stream: OpenStream) -> None:
        """A stream has ended; others may take its place as soon as that is stored."""
        self._open.discard(stream)
        if stream.number and self._process:
            self._remove(stream.number)

    async def show(self) -> None:
        """Show that this process lives, if it has streams that are counted."""
        process = self._process
        if process:
            counted = self._counted()
            await self._database.note(
                lambda execute: leases.show_process(execute, process, counted, self._clock(), self._lease)
            )

    async def close(self) -> None:
        """Take this process away."""
        process, self._process = self._process, 0
        if process:
            await self._database.note(lambda execute: leases.remove_process(execute, process))

    def _counted(self) -> dict[int, str]:
        return {stream.number: stream.caller.username for stream in self._open if stream.number}

    def _add(self, execute: Execute, username: str, limit: int, counted: dict[int, str]) -> int | None:
        now = self._clock()
        if self._process:
            leases.show_process(execute, self._process, counted, now, self._lease)
        else:
            self._process = leases.add_process(execute, now, self._lease)
        return leases.add_stream(execute, self._process, username, limit, now)

    def _give_up(self, adding: "asyncio.Future[int | None]") -> None:
        number = None if adding.cancelled() or adding.exception() else adding.result()
        if number:
            self._remove(number)

    def _remove(self, number: int) -> None:
        removing = self._database.begin_note(lambda execute: leases.remove_stream(execute, number))
        removing.add_done_callback(_see)


def _see(removing: "asyncio.Future[None]") -> None:
    """Take note of an error that nobody waits for: the row goes with the process."""
    if not removing.cancelled():
        removing.exception()
