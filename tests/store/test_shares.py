"""How slots are shared: evenly, with few moves, and never taken from a holder that lives."""

from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.store import SLOTS
from wikifeed_server.store.shares import Shares

# What happens to a subscription: so many clients come, one goes, one releases what it should.
HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 5)),
        st.tuples(st.just("go"), st.integers(0, 100)),
        st.tuples(st.just("release"), st.integers(0, 100)),
    ),
    max_size=30,
)


def test_fresh_slots_are_nobodys():
    shares = Shares.fresh(7)
    assert shares.acknowledged == [7] * SLOTS
    assert shares.held_by(1) == frozenset()


def test_the_first_client_has_all_at_once():
    shares = Shares.fresh(0)
    shares.rebalance([1])
    assert len(shares.held_by(1)) == SLOTS
    assert not shares.leaving(1)


def test_a_second_client_gets_its_half_when_the_first_lets_go():
    shares = Shares.fresh(0)
    shares.rebalance([1])
    shares.rebalance([1, 2])
    assert not shares.held_by(2)
    leaving = shares.leaving(1)
    assert len(leaving) == SLOTS // 2
    shares.release(1, leaving)
    assert shares.held_by(2) == leaving
    shares.rebalance([2])
    assert len(shares.held_by(2)) == SLOTS


def test_what_was_to_move_stays_when_the_heir_goes():
    shares = Shares.fresh(0)
    shares.rebalance([1])
    shares.rebalance([1, 2])
    shares.rebalance([1])
    assert not shares.leaving(1)
    shares.release(1, range(SLOTS))
    assert len(shares.held_by(1)) == SLOTS


def test_only_a_holder_acknowledges_and_only_onwards():
    shares = Shares.fresh(5)
    shares.rebalance([1])
    assert shares.acknowledge(1, {0: 9, 1: 4})
    assert shares.acknowledged[:2] == [9, 5]
    assert not shares.acknowledge(1, {0: 8})
    assert not shares.acknowledge(2, {0: 100})
    assert shares.acknowledged[0] == 9


@given(HISTORIES)
def test_shares_are_even_and_move_little(history):
    shares, clients, last = Shares.fresh(0), [], 0
    for action, number in history:
        before = list(shares.holders)
        heirs_before = list(shares.heirs)
        if action == "release" and clients:
            client = clients[number % len(clients)]
            shares.release(client, shares.leaving(client))
        elif action == "come":
            for _ in range(min(number, SLOTS - len(clients))):
                last += 1
                clients.append(last)
            shares.rebalance(clients)
        elif action == "go" and clients:
            clients.pop(number % len(clients))
            shares.rebalance(clients)
        counts = [shares.heirs.count(client) for client in clients]
        assert sum(counts) == (SLOTS if clients else 0)
        assert not counts or max(counts) - min(counts) <= 1
        for slot in range(SLOTS):
            # Only a holder's own release, or its end, gives a slot to another; and none is without one.
            if action != "release" and before[slot] in clients:
                assert shares.holders[slot] == before[slot]
            assert bool(shares.holders[slot]) == bool(clients)
        if action == "come" and heirs_before[0]:
            # Slots move to those who came, and to nobody else.
            moved = [slot for slot in range(SLOTS) if shares.heirs[slot] != heirs_before[slot]]
            assert all(shares.heirs[slot] > max(heirs_before) for slot in moved)
