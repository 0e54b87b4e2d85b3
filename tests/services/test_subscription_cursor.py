"""A client's cursor against a plain model of it: slots, positions, deliveries, acknowledgements."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from wikifeed_server.services.subscription.cursor import Cursor

SLOT_COUNT = 4


def test_slots_at_one_place_are_read_together():
    cursor = Cursor()
    for slot in range(3):
        cursor.take(slot, 10)
    assert cursor.stretch(cursor.slots) == (frozenset({0, 1, 2}), 10, 0)
    assert cursor.stretch(frozenset()) is None


def test_slots_behind_are_read_up_to_the_next_ones():
    cursor = Cursor()
    for slot, offset in enumerate((10, 25, 10, 30)):
        cursor.take(slot, offset)
    assert cursor.stretch(cursor.slots) == (frozenset({0, 2}), 10, 25)
    cursor.pass_over(frozenset({0, 2}), 25)
    assert cursor.stretch(cursor.slots) == (frozenset({0, 1, 2}), 25, 30)
    assert cursor.through(cursor.slots) == 25


def test_what_is_passed_over_behind_a_delivery_is_acknowledged_with_it():
    cursor = Cursor()
    cursor.take(0, 0)
    delivery_id = cursor.deliver(frozenset({0}), 5, 2)
    assert cursor.pass_over(frozenset({0}), 9) == {}
    assert cursor.acknowledge(delivery_id) == {0: 9}
    assert cursor.unacknowledged == 0
    assert cursor.pass_over(frozenset({0}), 12) == {0: 12}


def test_a_slot_that_waits_can_not_be_told_free():
    cursor = Cursor()
    cursor.take(0, 0)
    cursor.take(1, 5)
    cursor.deliver(frozenset({0}), 5, 1)
    assert cursor.waiting() == {0}
    cursor.drop({1})
    with pytest.raises(KeyError):
        cursor.drop({1})


class CursorHistory(RuleBasedStateMachine):
    """The model: by slot, the offsets that were delivered and not acknowledged, and how far it was looked through.

    Every third offset passes the filter.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cursor = Cursor()
        self.stored = [0] * SLOT_COUNT
        self.held: set[int] = set()
        self.sent: dict[int, list[tuple[int, int]]] = {}
        self.handled: dict[int, set[int]] = {slot: set() for slot in range(SLOT_COUNT)}

    @rule(slot=st.integers(0, SLOT_COUNT - 1))
    def take(self, slot):
        if slot not in self.held:
            self.cursor.take(slot, self.stored[slot])
            self.held.add(slot)

    @rule(slot=st.integers(0, SLOT_COUNT - 1))
    def drop(self, slot):
        if slot in self.held and slot not in self.cursor.waiting():
            self.cursor.drop({slot})
            self.held.discard(slot)

    @precondition(lambda self: self.held)
    @rule(length=st.integers(1, 7))
    def read_on(self, length):
        slots, after, until = self.cursor.stretch(self.cursor.slots)
        through = min(after + length, until) if until else after + length
        changes = [(slot, offset) for slot in slots for offset in range(after + 1, through + 1) if self.passes(offset)]
        if changes:
            delivery_id = self.cursor.deliver(slots, through, len(changes))
            self.sent[delivery_id] = changes
        else:
            self.store(self.cursor.pass_over(slots, through))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def acknowledge(self, data):
        delivery_id = data.draw(st.sampled_from(sorted(self.sent)))
        for each in [each for each in self.sent if each <= delivery_id]:
            for slot, offset in self.sent.pop(each):
                self.handled[slot].add(offset)
        self.store(self.cursor.acknowledge(delivery_id))

    def store(self, moved):
        for slot, through in moved.items():
            self.stored[slot] = max(self.stored[slot], through)

    @staticmethod
    def passes(offset):
        return offset % 3 == 0

    @invariant()
    def nothing_is_acknowledged_that_was_not_handled(self):
        for slot, through in enumerate(self.stored):
            assert {offset for offset in range(1, through + 1) if self.passes(offset)} <= self.handled[slot]

    @invariant()
    def all_is_acknowledged_where_nothing_waits(self):
        waiting = self.cursor.waiting()
        assert self.cursor.unacknowledged == sum(map(len, self.sent.values()))
        for slot in self.held - waiting:
            assert self.stored[slot] == self.cursor.through([slot])
        assert {slot for changes in self.sent.values() for slot, _ in changes} <= waiting


TestCursorHistories = CursorHistory.TestCase
TestCursorHistories.settings = settings(deadline=None, stateful_step_count=40)
