"""Where one client is in each slot that it holds, and what it was delivered but did not acknowledge.

Promises: a slot's position only grows while the client holds it, so the changes of a page come in their order; what the
client acknowledges moves a slot past no change that it was not delivered.
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple


class Stretch(NamedTuple):
    """The part of the log to read next: for these slots what follows `after`, through `until` or, where 0, to its end.

    It is that of the slots that are farthest behind, up to where the next ones are.
    """

    slots: frozenset[int]
    after: int
    until: int


class _Delivery(NamedTuple):
    """So many changes on their way; handled, they move the slots through the offset."""

    id: int
    changes: int
    slots: frozenset[int]
    through: int


class Cursor:
    """A client's place. `last_id` is the id of its last delivery, `unacknowledged` how many changes wait."""

    def __init__(self) -> None:
        self.last_id = 0
        self.unacknowledged = 0
        self._acknowledged_id = 0
        self._positions: dict[int, int] = {}
        self._latest: dict[int, int] = {}  # the last delivery of each slot
        self._deliveries: deque[_Delivery] = deque()

    @property
    def slots(self) -> frozenset[int]:
        """The slots that the client holds."""
        return frozenset(self._positions)

    def through(self, slots: Iterable[int]) -> int:
        """The offset through which these slots are delivered; 0 without any."""
        return min((self._positions[slot] for slot in slots), default=0)

    def take(self, slot: int, acknowledged: int) -> None:
        """Hold one more slot, which goes on after what was acknowledged."""
        self._positions[slot] = acknowledged
        self._latest[slot] = 0

    def drop(self, slots: Iterable[int]) -> None:
        """Hold these slots no longer. None of them may be waiting."""
        for slot in slots:
            del self._positions[slot], self._latest[slot]

    def waiting(self) -> frozenset[int]:
        """The slots of which something is on its way."""
        return frozenset(slot for slot, latest in self._latest.items() if latest > self._acknowledged_id)

    def stretch(self, slots: frozenset[int]) -> Stretch | None:
        """What to read next for some of the slots; None without any."""
        if not slots:
            return None
        positions = {self._positions[slot] for slot in slots}
        after = min(positions)
        if len(positions) == 1:
            return Stretch(slots, after, 0)
        behind = frozenset(slot for slot in slots if self._positions[slot] == after)
        return Stretch(behind, after, min(positions - {after}))

    def deliver(self, slots: frozenset[int], through: int, changes: int) -> int:
        """Note that the slots' next changes, so many of them, are on their way; the delivery's id."""
        self.last_id += 1
        self.unacknowledged += changes
        self._deliveries.append(_Delivery(self.last_id, changes, slots, through))
        self._positions.update(dict.fromkeys(slots, through))
        self._latest.update(dict.fromkeys(slots, self.last_id))
        return self.last_id

    def pass_over(self, slots: frozenset[int], through: int) -> dict[int, int]:
        """Note that nothing up to an offset is to be delivered; the slots that are acknowledged by that, through it.

        Slots of which something is on its way are not before that is acknowledged.
        """
        self._positions.update(dict.fromkeys(slots, through))
        return dict.fromkeys(slots - self.waiting(), through)

    def acknowledge(self, delivery_id: int) -> dict[int, int]:
        """Note that all deliveries through that id were handled; the slots that are acknowledged, through which offset.

        A slot of which nothing else is on its way is acknowledged through what was passed over since, too.
        """
        moved: dict[int, int] = {}
        while self._deliveries and self._deliveries[0].id <= delivery_id:
            delivery = self._deliveries.popleft()
            self.unacknowledged -= delivery.changes
            moved.update(dict.fromkeys(delivery.slots, delivery.through))
        self._acknowledged_id = max(self._acknowledged_id, delivery_id)
        waiting = self.waiting()
        return {slot: through if slot in waiting else self._positions[slot] for slot, through in moved.items()}
