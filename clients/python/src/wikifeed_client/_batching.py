"""The articles of many keys, over as many calls as it takes: what to ask for, and what came.

Promises:

1. Each key has one outcome, in the order of the keys, however often calls are cut off: the next call asks for the keys
   that were not answered.
2. After 4 calls in a row that brought nothing the error is raised.

Nothing here does input or output, or waits: that is the shells' (`_sync`, `_aio`).
"""

from collections.abc import Sequence

import grpc

from wikifeed.v1.article_service_pb2 import BatchGetArticlesRequest, BatchGetArticlesResponse
from wikifeed_client._errors import UnavailableError, WikifeedError
from wikifeed_client._reconnecting import Backoff, Reconnecting, is_passing
from wikifeed_client._requests import Key, Outcome, batch_request, outcome

# As calls that are answered once are tried.
_TRIES = 4
_WAITS = Reconnecting(first_seconds=0.1, most_seconds=2.0)


class KeyBatch:
    """As many keys as a call may have."""

    def __init__(self, keys: Sequence[Key], mask: Sequence[str]) -> None:
        self._unanswered = keys
        self._asked = keys
        self._mask = mask
        self._backoff = Backoff(_WAITS)

    @property
    def at_end(self) -> bool:
        """Whether every key has its outcome."""
        return not self._unanswered

    def request(self) -> BatchGetArticlesRequest:
        """What asks for the keys that were not answered."""
        self._asked = self._unanswered
        return batch_request(self._asked, self._mask)

    def received(self, response: BatchGetArticlesResponse) -> list[Outcome]:
        """The outcomes that a response brings."""
        self._backoff.reset()
        answered = len(self._asked) - len(self._unanswered)
        fresh = [message for message in response.outcomes if message.index >= answered]
        if fresh:
            self._unanswered = self._asked[fresh[-1].index + 1 :]
        return [outcome(self._asked, message) for message in fresh]

    def failed(self, error: WikifeedError) -> float:
        """How many seconds to wait before the next call, after one that ended with `error`. Raises what stays."""
        if not is_passing(error):
            raise error
        seconds = self._backoff.wait_seconds()
        if self._backoff.tries >= _TRIES:
            raise error
        return seconds

    def silent(self) -> float:
        """The same after a call on which nothing came for too long."""
        return self.failed(UnavailableError("the server fell silent", grpc.StatusCode.UNAVAILABLE))

    def ended(self) -> float:
        """The same after a call that ended without an error; no wait when all has come."""
        if self.at_end:
            return 0
        return self.failed(UnavailableError("the answer ended early", grpc.StatusCode.UNAVAILABLE))
