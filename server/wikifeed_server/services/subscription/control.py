"""What a client says on its call: acknowledgements, credit, pauses, another filter."""

from collections.abc import AsyncIterator, Callable

from wikifeed.v1.change_service_pb2 import SubscribeRequest
from wikifeed_server.errors import FieldViolation, InvalidRequestError
from wikifeed_server.services.subscription.cursor import Cursor
from wikifeed_server.services.subscription.messages import filter_bytes
from wikifeed_server.services.subscription.options import Wishes
from wikifeed_server.store.subscriptions import Membership

_MAX_CREDIT = 1_000_000_000


class Control:
    """Does what the requests say. `changed` is called behind each."""

    def __init__(self, wishes: Wishes, cursor: Cursor, membership: Membership, changed: Callable[[], None]) -> None:
        self._wishes = wishes
        self._credit = wishes.credit
        self._paused = False
        self._cursor = cursor
        self._membership = membership
        self._changed = changed

    @property
    def allowance(self) -> int:
        """How many changes the next delivery may hold."""
        if self._paused:
            return 0
        room = min(self._wishes.batch_size, self._wishes.max_unacknowledged - self._cursor.unacknowledged)
        return room if self._credit is None else min(room, self._credit)

    def spend(self, count: int) -> None:
        """Note that so many changes were delivered."""
        if self._credit is not None:
            self._credit -= count

    async def follow(self, requests: AsyncIterator[SubscribeRequest]) -> None:
        """Until the client says no more. Raises InvalidRequestError for what makes no sense."""
        async for request in requests:
            await self._obey(request)
            self._changed()

    async def _obey(self, request: SubscribeRequest) -> None:
        match request.WhichOneof("action"):
            case "acknowledge":
                self._acknowledge(request.acknowledge)
            case "credit":
                self._add_credit(request.credit)
            case "paused":
                self._paused = request.paused
            case "filter":
                await self._membership.set_filter(filter_bytes(request.filter))
            case "open":
                raise _refusal("open", "comes once, in the first request; a call has one subscription")
            case _:
                raise _refusal("action", "is missing: set one of its fields")

    def _acknowledge(self, delivery_id: int) -> None:
        last = self._cursor.last_id
        if not 0 < delivery_id <= last:
            sent = f"the last on this call is {last}" if last else "there was none on this call yet"
            raise _refusal("acknowledge", f"there was no delivery {delivery_id}: {sent}")
        moved = self._cursor.acknowledge(delivery_id)
        if moved:
            self._membership.acknowledge(moved)

    def _add_credit(self, more: int) -> None:
        if self._credit is None:
            return  # without a bound there is nothing to add to
        if self._credit + more > _MAX_CREDIT:
            raise _refusal("credit", f"adds up to more than {_MAX_CREDIT}: give more when some is used")
        self._credit += more


def _refusal(field: str, problem: str) -> InvalidRequestError:
    return InvalidRequestError([FieldViolation(field, problem)])
