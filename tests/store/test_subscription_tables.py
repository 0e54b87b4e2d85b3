"""The database of subscriptions as several processes see it, with a clock that the test turns."""

import sqlite3

import pytest

from wikifeed_server.errors import (
    StoreError,
    StoreTooNewError,
    SubscriptionFullError,
    SubscriptionInterruptedError,
    SubscriptionNotFoundError,
)
from wikifeed_server.store import SLOTS
from wikifeed_server.store.embedded.subscription_process import SharingProcess
from wikifeed_server.store.embedded.subscription_schema import SUBSCRIPTIONS
from wikifeed_server.store.embedded.subscription_tables import SubscriptionTables
from wikifeed_server.store.subscriptions import CoordinationOptions

SECOND = 1_000_000_000
ALL = frozenset(range(SLOTS))


class Clock:
    """Tells what it was set to, in nanoseconds."""

    def __init__(self) -> None:
        self.now = 1000 * SECOND

    def __call__(self) -> int:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def processes(tmp_path, clock):
    """Two processes that share subscriptions, with leases of 5 seconds."""
    pair = [SharingProcess(tmp_path, CoordinationOptions(), clock) for _ in range(2)]
    yield pair
    for each in pair:
        each.close()


def holdings(process, joined):
    """The slots that a client holds, as its process knows."""
    process.look()
    return process.state(joined.key, joined.state.name).shares.held_by(joined.key.client)


def test_nothing_is_joined_without_a_subscription_and_a_start(processes):
    assert processes[0].join("mine", None, None) is None
    assert processes[0].tables.get("mine") is None


def test_a_subscription_keeps_what_was_acknowledged(tmp_path, processes, clock):
    joined = processes[0].join("mine", b"filter", 7)
    assert holdings(processes[0], joined) == ALL
    processes[0].go_round({joined.key: {0: 9, 1: 12}}, [])
    processes[0].go_round({}, [joined.key])
    tables = SubscriptionTables(tmp_path, 5, clock)
    state = tables.get("mine")
    assert (state.filter_, state.acknowledged, state.shares.acknowledged[:3], state.clients) == (
        b"filter",
        7,
        [9, 12, 7],
        (),
    )
    assert state.modified >= state.created > 0
    tables.close()


def test_the_start_and_no_filter_leave_what_there_is(processes):
    processes[0].join("mine", b"filter", 7)
    state = processes[1].join("mine", None, 100).state
    assert (state.filter_, state.acknowledged) == (b"filter", 7)
    assert processes[1].join("mine", b"other", None).state.filter_ == b"other"


def test_shares_move_between_processes_when_released(processes):
    first, second = processes
    one = first.join("mine", None, 0)
    two = second.join("mine", None, None)
    assert holdings(first, one) == ALL
    leaving = first.state(one.key, "mine").shares.leaving(one.key.client)
    first.release(one.key, dict.fromkeys(leaving, 5), leaving)
    assert holdings(second, two) == leaving
    shares = second.state(two.key, "mine").shares
    assert {shares.acknowledged[slot] for slot in leaving} == {5}
    # What it let go of is no longer its to acknowledge.
    first.go_round({one.key: dict.fromkeys(ALL, 50)}, [])
    assert [first.tables.get("mine").shares.acknowledged[slot] == 50 for slot in range(SLOTS)] == [
        slot not in leaving for slot in range(SLOTS)
    ]


def test_a_process_that_does_not_show_loses_its_clients(processes, clock):
    first, second = processes
    one = first.join("mine", None, 0)
    two = second.join("mine", None, None)
    clock.pass_seconds(4)
    second.go_round({}, [])
    assert holdings(second, two) == frozenset()
    assert first.may_deliver(one.process)
    clock.pass_seconds(1.5)
    # Its lease is over before anybody else may take what it had.
    assert not first.may_deliver(one.process)
    second.go_round({}, [])
    assert holdings(second, two) == ALL
    first.go_round({one.key: dict.fromkeys(ALL, 99)}, [])
    with pytest.raises(SubscriptionInterruptedError, match="subscribe again"):
        first.state(one.key, "mine")
    assert second.tables.get("mine").acknowledged == 0


def test_a_process_that_shows_late_goes_on_where_nobody_took_it_for_gone(processes, clock):
    first, _ = processes
    one = first.join("mine", None, 0)
    clock.pass_seconds(60)
    assert not first.may_deliver(one.process)
    first.go_round({}, [])
    assert first.may_deliver(one.process)
    assert holdings(first, one) == ALL


def test_clients_of_before_a_restart_of_the_machine_are_gone(tmp_path, clock):
    clock.now = 10**9 * SECOND
    SharingProcess(tmp_path, CoordinationOptions(), clock).join("mine", None, 0)
    clock.now = 60 * SECOND
    after = SharingProcess(tmp_path, CoordinationOptions(), clock)
    assert after.tables.get("mine").clients == ()
    assert holdings(after, after.join("mine", None, None)) == ALL
    after.close()


def test_numbers_of_clients_are_never_used_again(processes):
    first, _ = processes
    one = first.join("mine", None, 0)
    first.go_round({}, [one.key])
    two = first.join("mine", None, None)
    assert two.key.client > one.key.client


def test_as_many_clients_as_slots_share_a_name_and_one_more_is_refused(processes):
    joined = [processes[number % 2].join("mine", None, 0) for number in range(SLOTS)]
    with pytest.raises(SubscriptionFullError, match="'mine' has 64 clients"):
        processes[0].join("mine", None, 0)
    processes[0].go_round({}, [joined[0].key])
    processes[0].join("mine", None, 0)


def test_a_deletion_reaches_the_clients_and_a_namesake_is_another(processes):
    first, second = processes
    one = first.join("mine", None, 0)
    assert second.tables.delete("mine")
    assert not second.tables.delete("mine")
    second.join("mine", None, 50)
    first.go_round({one.key: {0: 99}}, [])
    with pytest.raises(SubscriptionNotFoundError, match="no subscription 'mine'"):
        first.state(one.key, "mine")
    assert first.tables.get("mine").acknowledged == 50


def test_a_filter_reaches_the_other_process(processes):
    first, second = processes
    one = first.join("mine", b"old", 0)
    two = second.join("mine", None, None)
    second.tables.set_filter(two.key.subscription, b"fresh")
    assert first.look()
    assert first.state(one.key, "mine").filter_ == b"fresh"
    assert not first.look()


def test_names_are_listed_in_order_and_in_pages(processes):
    for name in ("c", "a", "B", "d"):
        processes[0].join(name, None, 0)
    tables = processes[1].tables
    assert [state.name for state in tables.list("", 3)] == ["B", "a", "c"]
    assert [state.name for state in tables.list("c", 3)] == ["d"]


def test_a_newer_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / SUBSCRIPTIONS) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreTooNewError, match="update Wikifeed"):
        SubscriptionTables(tmp_path, 5)


def test_a_damaged_database_is_told_by_its_name(tmp_path):
    (tmp_path / SUBSCRIPTIONS).write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match=r"subscriptions\.db is damaged"):
        SubscriptionTables(tmp_path, 5)
