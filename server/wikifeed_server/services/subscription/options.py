"""What a client asked for in its first request, and what the server does by default."""

from dataclasses import dataclass
from typing import NamedTuple

from wikifeed.v1.subscription_pb2 import OpenSubscription
from wikifeed_server.contract.masks import ReadPlan, read_plan

_DEFAULT_BATCH_SIZE = 64
_DEFAULT_MAX_UNACKNOWLEDGED = 10_000


@dataclass(frozen=True, slots=True)
class SubscriptionOptions:
    """Times in seconds."""

    heartbeat_seconds: float = 15.0  # the contract promises 20 at most
    handover_seconds: float = 30.0  # how long what moves to another client may stay unacknowledged
    idle_seconds: float = 1.0  # how often it is stored that a filter let nothing pass
    load_delay_seconds: float = 0.005  # how long a change waits for others where changes are many


class Wishes(NamedTuple):
    """How to deliver. `credit` is how many changes; None for no bound. `plan` is None for what the log has.

    `delay_seconds` is how long a change may wait for others; None leaves it to the server.
    """

    plan: ReadPlan | None
    credit: int | None
    max_unacknowledged: int
    batch_size: int
    delay_seconds: float | None


def wishes_of(request: OpenSubscription) -> Wishes:
    """What the first request asks for. Raises InvalidRequestError for a mask that is wrong."""
    delay = request.max_delay
    return Wishes(
        plan=None if request.no_body else read_plan(request.read_mask, "open.read_mask"),
        credit=request.credit or None,
        max_unacknowledged=request.max_unacknowledged or _DEFAULT_MAX_UNACKNOWLEDGED,
        batch_size=request.max_batch_size or _DEFAULT_BATCH_SIZE,
        delay_seconds=delay.seconds + delay.nanos / 1e9 if request.HasField("max_delay") else None,
    )
