"""Calls whose silence is noticed."""

import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self, TypeVar

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
        self._watch = threading.Thread(target=self._look, name="wikifeed-silence", daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
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

    def _look(self) -> None:
        # A wait that began since the last look is over later than a whole period from it, so one look a period is
        # enough to be exact, and a response costs nothing but a look at the clock.
        seconds = self._silence_seconds
        while not self._ended.wait(seconds):
            since = self._waits_since
            seconds = self._silence_seconds
            if since is not None:
                seconds -= time.monotonic() - since
                if seconds <= 0:
                    self._is_silent = True
                    self._call.cancel()
                    return
