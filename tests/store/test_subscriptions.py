"""Subscriptions of one folder in several stores, and in several processes."""

import asyncio
import json
import os
import signal
import sqlite3
from contextlib import closing, contextmanager

import pytest

from wikifeed_server.errors import Code, StoreError
from wikifeed_server.store import SLOTS
from wikifeed_server.store.embedded import subscription_schema
from wikifeed_server.store.embedded.subscription_schema import SUBSCRIPTIONS
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.store.subscriptions import CoordinationOptions

QUICK = CoordinationOptions(beat_seconds=0.05, lease_seconds=10.0, look_seconds=0.01, commit_seconds=0.005)
ALL = range(SLOTS)

# Joins, tells what it holds whenever that changes, and acknowledges through 7 what it has at first.
CLIENT = """
import asyncio, json, sys
from pathlib import Path
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.store.subscriptions import CoordinationOptions

async def main():
    async with EmbeddedSubscriptions(Path(sys.argv[1]), CoordinationOptions(**json.loads(sys.argv[2]))) as store:
        changed = asyncio.Event()
        membership = await store.join("mine", None, 0, changed.set)
        membership.acknowledge(dict.fromkeys(membership.state().shares.held_by(membership.client), 7))
        while True:
            print(len(membership.state().shares.held_by(membership.client)), flush=True)
            await changed.wait()
            changed.clear()
            await membership.release(membership.state().shares.leaving(membership.client))

asyncio.run(main())
"""


@pytest.fixture
async def stores(tmp_path):
    async with EmbeddedSubscriptions(tmp_path, QUICK) as first, EmbeddedSubscriptions(tmp_path, QUICK) as second:
        yield first, second


class Member:
    """A client that joined, and a way to wait for what it sees."""

    def __init__(self) -> None:
        self.membership = None
        self.changed = asyncio.Event()

    @property
    def held(self):
        return self.membership.state().shares.held_by(self.membership.client)

    async def until(self, holds):
        async with asyncio.timeout(30):
            while not holds():
                await self.changed.wait()
                self.changed.clear()


async def join(store, name="mine", filter_=None, start=0):
    member = Member()
    member.membership = await store.join(name, filter_, start, member.changed.set)
    return member


async def state_when(store, holds, name="mine"):
    """The subscription when something holds of it."""
    async with asyncio.timeout(30):
        while True:
            state = await store.get(name)
            if holds(state):
                return state
            await asyncio.sleep(0.005)


@contextmanager
def locked(folder):
    """Let nobody write."""
    with closing(sqlite3.connect(folder / SUBSCRIPTIONS, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def stop_outside_transactions(process, folder):
    """Stop a process that has no transaction under way: one that is stopped within keeps the database locked."""
    with locked(folder):
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)


async def test_there_is_nothing_at_first(stores):
    assert await stores[0].get("mine") is None
    assert await stores[0].list("", 10) == []
    assert not await stores[0].delete("mine")
    assert await stores[0].join("mine", None, None, lambda: None) is None


async def test_acknowledgements_are_seen_by_others(stores):
    member = await join(stores[0])
    member.membership.acknowledge(dict.fromkeys(ALL, 5))
    member.membership.acknowledge({0: 4, 1: 9})
    state = await state_when(stores[1], lambda state: state.acknowledged)
    assert state.shares.acknowledged == [5, 9] + [5] * (SLOTS - 2)


async def test_the_last_words_before_leaving_and_closing_are_kept(tmp_path):
    async with EmbeddedSubscriptions(tmp_path, QUICK) as store:
        leaver, stayer = await join(store, "left"), await join(store, "stayed")
        for member in (leaver, stayer):
            member.membership.acknowledge(dict.fromkeys(ALL, 3))
        leaver.membership.leave()
    async with EmbeddedSubscriptions(tmp_path, QUICK) as store:
        states = await store.list("", 10)
        assert [(state.name, state.acknowledged, state.clients) for state in states] == [
            ("left", 3, ()),
            ("stayed", 3, ()),
        ]


async def test_shares_go_from_store_to_store(stores):
    one, two = await join(stores[0]), await join(stores[1])
    await one.until(lambda: one.membership.state().shares.leaving(one.membership.client))
    leaving = one.membership.state().shares.leaving(one.membership.client)
    one.membership.acknowledge(dict.fromkeys(ALL, 8))
    await one.membership.release(leaving)
    assert len(one.held) == SLOTS // 2
    await two.until(lambda: two.held == leaving)
    assert {two.membership.state().shares.acknowledged[slot] for slot in leaving} == {8}
    one.membership.leave()
    await two.until(lambda: len(two.held) == SLOTS)


async def test_clients_of_one_store_share_too(stores):
    members = [await join(stores[0]) for _ in range(5)]
    members[0].changed.set()
    await members[0].membership.release(ALL)
    assert sorted(len(member.held) for member in members) == [12, 13, 13, 13, 13]


async def test_a_filter_is_there_when_it_was_set(stores):
    one, two = await join(stores[0]), await join(stores[1])
    await one.membership.set_filter(b"fresh")
    assert one.membership.state().filter_ == b"fresh"
    await two.until(lambda: two.membership.state().filter_ == b"fresh")


async def test_a_client_that_is_cut_off_while_it_joins_is_taken_away(stores):
    joining = asyncio.ensure_future(join(stores[0]))
    await asyncio.sleep(0)
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    member = await join(stores[1])
    await member.until(lambda: len(member.held) == SLOTS)
    state = await state_when(stores[1], lambda state: state.clients == (member.membership.client,))
    assert state.name == "mine"


async def test_where_the_database_fails_all_clients_are_told(stores, tmp_path):
    member = await join(stores[0])
    with sqlite3.connect(tmp_path / SUBSCRIPTIONS) as connection:
        connection.execute("DROP TABLE change")
    connection.close()
    await member.changed.wait()
    with pytest.raises(StoreError, match="no such table"):
        member.membership.state()
    assert not member.membership.may_deliver
    with sqlite3.connect(tmp_path / SUBSCRIPTIONS) as connection:
        connection.executescript("CREATE TABLE change (number INTEGER NOT NULL); INSERT INTO change VALUES (1000);")
    connection.close()
    again = await join(stores[0])
    await again.until(lambda: len(again.held) == SLOTS)


async def test_a_lock_that_lasts_is_a_passing_failure(stores, tmp_path, monkeypatch):
    monkeypatch.setattr(subscription_schema, "BUSY_SECONDS", 0.1)
    assert await stores[0].get("mine") is None
    with locked(tmp_path), pytest.raises(StoreError, match=r"subscriptions\.db is locked by another program") as raised:
        await join(stores[0])
    assert raised.value.code == Code.UNAVAILABLE
    member = await join(stores[0])
    await member.until(lambda: len(member.held) == SLOTS)


async def test_a_killed_process_loses_its_share_and_nothing_it_stored(stores, tmp_path, run_python):
    options = json.dumps({"beat_seconds": 0.05, "lease_seconds": 1.0, "look_seconds": 0.01})
    process = run_python(CLIENT, tmp_path, options)
    assert process.stdout.readline() == "64\n"
    await state_when(stores[0], lambda state: state and state.acknowledged == 7)
    member = await join(stores[0])
    await member.until(lambda: len(member.held) == SLOTS // 2)
    process.send_signal(signal.SIGKILL)
    await member.until(lambda: len(member.held) == SLOTS)
    assert set(member.membership.state().shares.acknowledged) == {7}
    assert (await stores[0].get("mine")).clients == (member.membership.client,)


async def test_a_process_that_hung_finds_its_client_gone(stores, tmp_path, run_python):
    options = json.dumps({"beat_seconds": 0.05, "lease_seconds": 1.0, "look_seconds": 0.01})
    process = run_python(CLIENT, tmp_path, options)
    assert process.stdout.readline() == "64\n"
    stop_outside_transactions(process, tmp_path)
    member = await join(stores[0])
    await member.until(lambda: len(member.held) == SLOTS)
    process.send_signal(signal.SIGCONT)
    assert await asyncio.to_thread(process.wait, 30) == 1
    assert len(member.held) == SLOTS


async def test_processes_may_make_the_database_at_once(stores, tmp_path, run_python):
    processes = [run_python(CLIENT, tmp_path, "{}") for _ in range(4)]
    for process in processes:
        assert process.stdout.readline().strip().isdigit()
    state = await state_when(stores[0], lambda state: len(state.clients) == 4)
    assert state.name == "mine"
