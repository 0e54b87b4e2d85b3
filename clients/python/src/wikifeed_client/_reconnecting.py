"""When a stream that ended is opened again, and after which wait. Nothing here does input or output, or waits."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from wikifeed_client._errors import UnavailableError, WikifeedError

# The server asks for another call with these.
_COME_AGAIN = frozenset({"SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE"})
# A stream that something on the way reset ends with one of these codes and gRPC's own words: "CANCELLED" alone is what
# it says where the server cancels, "from Core" what grpc.aio says when a request is sent on a call that is over. A
# server's own errors of the same codes have a reason, or other words.
_RESET_CODES = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.CANCELLED})
_RESET_WORDS = (
    "CANCELLED",
    "RST_STREAM",
    "Stream removed",
    "GOAWAY",
    "Connection reset",
    "Socket closed",
    "Internal error from Core",
)


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """How streams are opened again.

    The wait doubles from `first_seconds` to `most_seconds`, and each is shortened by up to half by `jitter` (numbers
    from 0 to 1), so that many clients do not come back at once. A stream on which nothing came for `silence_seconds`
    is taken for dead: servers send something every 20 seconds.
    """

    first_seconds: float = 0.1
    most_seconds: float = 10.0
    silence_seconds: float = 45.0
    jitter: Callable[[], float] = random.random


class Backoff:
    """The waits between tries, from the last thing that came on."""

    def __init__(self, options: Reconnecting) -> None:
        self._options = options
        self._next = options.first_seconds
        self.tries = 0

    def reset(self) -> None:
        """Something came: the next wait is the first again."""
        self._next = self._options.first_seconds
        self.tries = 0

    def wait_seconds(self) -> float:
        """How long to wait before the next try."""
        full = self._next
        self._next = min(full * 2, self._options.most_seconds)
        self.tries += 1
        return full * (1 - self._options.jitter() / 2)


def is_passing(error: WikifeedError) -> bool:
    """Whether a stream that ended with this may be opened again as it was."""
    if isinstance(error, UnavailableError) or error.reason in _COME_AGAIN:
        return True
    return error.code in _RESET_CODES and not error.reason and any(words in error.message for words in _RESET_WORDS)
