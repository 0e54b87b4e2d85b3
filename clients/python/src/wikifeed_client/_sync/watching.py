"""Calls whose silence is noticed."""

import threading
import time
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

_Response = TypeVar("_Response")
_Response_co = TypeVar("_Response_co", covariant=True)


class Call(Iterator[_Response_co], Protocol[_Response_co]):
    """What a call that streams to us is, as far as it matters here."""

    def cancel(self) -> bool:
        """End it."""
        ...


class SilentError(Exception):
    """Nothing came for too long, and the call was cancelled."""


class WatchedCall(Iterator[_Response]):
    """A call that is cancelled when its caller waits for a response longer than `silence_seconds`.

    Iterating then ends with SilentError. The time between two responses that the caller is busy does not count. A
    context manager; leaving it cancels the call.
    """

    def __init__(self, call: "Call[_Response]", silence_seconds: float) -> None:
        self._call = call
        self._silence_seconds = silence_seconds
        self._waits_since: float | None = None
        self._is_silent = False
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        # The thread keeps no call alive that its caller forgot: gRPC cancels it, and the thread ends.
        watch = (weakref.ref(self), self._ended, self._silence_seconds)
        threading.Thread(target=_watch, args=watch, name="wikifeed-silence", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    def __next__(self) -> _Response:
        self._waits_since = time.monotonic()
        try:
            return next(self._call)
        except Exception:
            if self._is_silent:
                raise SilentError from None
            raise
        finally:
            self._waits_since = None

    def cancel(self) -> None:
        """End the call; from any thread."""
        self._ended.set()
        self._call.cancel()

    def look(self) -> float:
        """Cancel the call when it is silent for too long; in how many seconds to look again, 0 for never.

        A wait that began since the last look is over later than a whole period from it: one look a period is enough
        to be exact, and a response costs nothing but a look at the clock.
        """
        since = self._waits_since
        if since is None:
            return self._silence_seconds
        left = self._silence_seconds - (time.monotonic() - since)
        if left > 0:
            return left
        self._is_silent = True
        self._call.cancel()
        return 0


def _watch(watched: "weakref.ref[WatchedCall[Any]]", ended: threading.Event, seconds: float) -> None:
    while seconds and not ended.wait(seconds):
        call = watched()
        seconds = call.look() if call is not None else 0
        del call
