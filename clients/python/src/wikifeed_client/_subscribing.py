"""A subscription that outlives its calls: what to send, and which acknowledgements still count.

Promises:

1. A delivery is acknowledged on the call that brought it, or not at all: what another call brought is delivered again.
2. A subscription that was deleted and made anew ends its clients: it begins elsewhere, and what lies between would be
   lost without a word.
3. Credit is given back as deliveries are taken, so no more than `credit` changes are on their way or untaken.

Nothing here does input or output, or waits: that is the shells' (`_sync`, `_aio`).
"""

from dataclasses import dataclass, field
from datetime import UTC

import grpc

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed.v1.subscription_pb2 import ChangeFilter, OpenSubscription, Subscription
from wikifeed_client._errors import SUBSCRIPTION_NOT_FOUND, NotFoundError, UnavailableError, WikifeedError
from wikifeed_client._reconnecting import Backoff, Reconnecting, is_passing
from wikifeed_client._requests import After, Changes, Since, timestamp


@dataclass(frozen=True, slots=True)
class Delivery:
    """Changes to handle, then to acknowledge with the subscription that gave them."""

    changes: tuple[Change, ...]
    through_offset: int
    identifier: int = field(repr=False)
    call: int = field(repr=False)


def open_subscription(
    name: str, changes: Changes | None, start: After | Since | None, credit: int, max_unacknowledged: int
) -> OpenSubscription:
    """What opens a subscription. Without `changes` it keeps the filter that it has.

    Raises ValueError where `changes` says what only a stream can: its share, its end, that it may be compacted.
    """
    if changes is not None and (changes.share or changes.until_offset or changes.allow_compacted):
        raise ValueError("a subscription has no share, until_offset or allow_compacted: its clients share its pages")
    message = OpenSubscription(name=name, credit=credit, max_unacknowledged=max_unacknowledged)
    match start:
        case After(offset):
            message.after_offset = offset
        case Since(time):
            message.since.CopyFrom(timestamp(time))
    if changes is not None:
        message.filter.CopyFrom(changes.filter())
        request = changes.request(After(0))
        message.no_body = request.no_body
        message.max_batch_size = request.max_batch_size
        if request.HasField("read_mask"):
            message.read_mask.CopyFrom(request.read_mask)
        if request.HasField("max_delay"):
            message.max_delay.CopyFrom(request.max_delay)
    return message


class SubscriptionCalls:
    """One subscription for the caller, made of one call after the other."""

    def __init__(self, opening: OpenSubscription, options: Reconnecting) -> None:
        self._opening = opening
        self._backoff = Backoff(options)
        self._call = 0
        self._taken = 0
        self._is_paused = False
        self.state: Subscription | None = None
        self.share_count = 0

    def opened(self) -> list[SubscribeRequest]:
        """What to send first on the next call."""
        self._call += 1
        self._taken = 0
        requests = [SubscribeRequest(open=self._opening)]
        if self._is_paused:
            requests.append(SubscribeRequest(paused=True))
        return requests

    def received(self, response: SubscribeResponse) -> Delivery | None:
        """Take a response: a delivery, or None for what only tells. Raises NotFoundError for another subscription."""
        self._backoff.reset()
        if response.HasField("subscription"):
            self._require_same(response.subscription)
            self.state = response.subscription
            self.share_count = response.share_count
        if not response.delivery_id:
            return None
        self._taken += len(response.changes)
        return Delivery(tuple(response.changes), response.through_offset, response.delivery_id, self._call)

    def credit(self) -> SubscribeRequest | None:
        """The credit to give back before the next delivery is awaited; None while there is enough."""
        if not self._opening.credit or self._taken * 2 < self._opening.credit:
            return None
        request = SubscribeRequest(credit=self._taken)
        self._taken = 0
        return request

    def acknowledgement(self, delivery: Delivery) -> SubscribeRequest | None:
        """What acknowledges a delivery and all before it; None where its call is gone, so that it comes again."""
        return SubscribeRequest(acknowledge=delivery.identifier) if delivery.call == self._call else None

    def paused(self, paused: bool) -> SubscribeRequest:
        """What holds deliveries back, or lets them come; it holds for the calls that follow, too."""
        self._is_paused = paused
        return SubscribeRequest(paused=paused)

    def filtered(self, changes: Changes) -> SubscribeRequest:
        """What replaces the filter; it holds for the calls that follow, too."""
        replaced: ChangeFilter = changes.filter()
        if self._opening.HasField("filter"):
            self._opening.filter.CopyFrom(replaced)
        return SubscribeRequest(filter=replaced)

    def failed(self, error: WikifeedError) -> float:
        """How many seconds to wait before the next call, after one that ended with `error`. Raises what stays."""
        if not is_passing(error):
            raise error
        return self._backoff.wait_seconds()

    def silent(self) -> float:
        """The same after a call on which nothing came for too long."""
        return self._backoff.wait_seconds()

    def ended(self) -> float:
        """The same after a call that ended without an error."""
        return self.failed(UnavailableError("the subscription's call ended", grpc.StatusCode.UNAVAILABLE))

    def _require_same(self, told: Subscription) -> None:
        known = self.state
        if known is None or not (known.HasField("date_created") and told.HasField("date_created")):
            return
        if known.date_created != told.date_created:
            made = told.date_created.ToDatetime(tzinfo=UTC).isoformat()
            message = f"the subscription {told.name} was deleted, and made anew at {made}"
            error = NotFoundError(message, grpc.StatusCode.NOT_FOUND, SUBSCRIPTION_NOT_FOUND)
            error.resource_name = told.name
            raise error
