"""A stream of changes that outlives its calls: what to ask for, what to hand out, what to do when a call ends.

Promises:

1. Every change is handed out once, in the order of offsets, however often calls are cut off: the next call starts
   after what the last one brought, and what a server sends again is dropped.
2. `handled` is the offset through which the caller is done: it moves when the caller asks for more, never before.
3. Errors that do not pass are raised at once, the expiry of the cursor among them.

Nothing here does input or output, or waits: that is the shells' (`_sync`, `_aio`).
"""

from collections import deque
from typing import NamedTuple

import grpc

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_client._errors import UnavailableError, WikifeedError
from wikifeed_client._reconnecting import Backoff, Reconnecting, is_passing


class ChangeBatch(NamedTuple):
    """Changes that came together, maybe none; all through `through_offset` came or does not pass the filter."""

    changes: tuple[Change, ...]
    through_offset: int


class Resumption:
    """One stream for the caller, made of one call after the other."""

    def __init__(self, request: StreamChangesRequest, options: Reconnecting) -> None:
        self._request = StreamChangesRequest()
        self._request.CopyFrom(request)
        self._backoff = Backoff(options)
        self._waiting: deque[Change] = deque()
        self._through = request.after_offset if request.HasField("after_offset") else None
        self._handed_out: int | None = self._through
        self._is_fresh = False
        self.handled: int | None = None

    def request(self) -> StreamChangesRequest:
        """What the next call asks for."""
        if self._through is not None:
            self._request.after_offset = self._through
        return self._request

    @property
    def at_end(self) -> bool:
        """Whether all that was asked for has come."""
        until = self._request.until_offset
        return bool(until) and self._through is not None and self._through >= until

    def received(self, response: StreamChangesResponse) -> None:
        """Take a response. Those before it must all have been handed out."""
        self._backoff.reset()
        known = self._through
        self._waiting.extend(change for change in response.changes if known is None or change.offset > known)
        self._through = response.through_offset if known is None else max(known, response.through_offset)
        self._is_fresh = True

    def next_change(self) -> Change | None:
        """The next change; None when another response is needed. Asking says that the one before is handled."""
        self.handled = self._handed_out
        if not self._waiting:
            self._is_fresh = False
            self.handled = self._handed_out = self._through
            return None
        change = self._waiting.popleft()
        self._handed_out = change.offset if self._waiting else self._through
        self._is_fresh = bool(self._waiting)
        return change

    def next_batch(self) -> ChangeBatch | None:
        """All that the last response brought; None when another is needed. Asking says as `next_change`."""
        self.handled = self._handed_out
        if not self._is_fresh or self._through is None:
            return None
        batch = ChangeBatch(tuple(self._waiting), self._through)
        self._waiting.clear()
        self._is_fresh = False
        self._handed_out = self._through
        return batch

    def failed(self, error: WikifeedError) -> float:
        """How many seconds to wait before the next call, after one that ended with `error`. Raises what stays."""
        if not is_passing(error):
            raise error
        return self._backoff.wait_seconds()

    def silent(self) -> float:
        """The same after a call on which nothing came for too long."""
        return self._backoff.wait_seconds()

    def ended(self) -> float:
        """The same after a call that ended without an error, and before all that was asked for had come."""
        return self.failed(UnavailableError("the stream ended", grpc.StatusCode.UNAVAILABLE))
