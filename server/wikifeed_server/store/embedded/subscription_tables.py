"""Transactions on the database of subscriptions, which any process may write to.

Promise: every change is one transaction that takes the write lock before it reads, so whoever decides by what it read
decides rightly. What stores acknowledgements or moves shares is flushed before it returns; a beat is not, since no
lease outlives a power loss.

A process with clients has a row with its lease and the time when it last showed, by the monotonic clock that all
processes of a machine have in common. Numbers of clients are never used again, so what an earlier holder of a slot
still writes changes nothing. `change` counts changes of all but acknowledgements; `subscription.changed` is its value
at the last.

Plain and blocking: for one thread.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from wikifeed_server.errors import SubscriptionFullError
from wikifeed_server.store import SLOTS
from wikifeed_server.store.embedded.faults import store_error
from wikifeed_server.store.embedded.subscription_schema import (
    SUBSCRIPTIONS,
    connect_subscriptions,
    pack_slots,
    unpack_slots,
)
from wikifeed_server.store.shares import Shares
from wikifeed_server.store.subscriptions import SubscriptionState

_COLUMNS = "id, name, filter, created, modified, acknowledged, holders, heirs"

# What shows a time to come was written before the machine started anew, and with it the clock.
_LIVES = "? BETWEEN p.shown AND p.shown + p.lease - 1"
_Row: TypeAlias = tuple[Any, ...]
Offsets = Mapping[int, int]  # by slot


class ClientKey(NamedTuple):
    """Names a client of a subscription, both by their numbers."""

    subscription: int
    client: int


class Joined(NamedTuple):
    """A client that was added, with its process and its subscription."""

    process: int
    key: ClientKey
    state: SubscriptionState


def _now() -> int:
    return time.time_ns() // 1000


class SubscriptionTables:
    """The database, which is made when there is none. All methods raise StoreError.

    `clock` is that of leases, in nanoseconds.
    """

    def __init__(self, folder: Path, lease_seconds: float, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._folder = folder
        self._lease = round(lease_seconds * 1e9)
        self._clock = clock
        with self._translated():
            self._connection = connect_subscriptions(folder)
        self._execute = self._connection.execute

    def get(self, name: str) -> SubscriptionState | None:
        """One subscription."""
        with self._translated():
            row = self._row("name = ?", name)
            return None if row is None else self._state(row)

    def list(self, after_name: str, limit: int) -> list[SubscriptionState]:
        """The next subscriptions in the order of their names."""
        statement = f"SELECT {_COLUMNS} FROM subscription WHERE name > ? ORDER BY name LIMIT ?"
        with self._translated():
            return [self._state(row) for row in self._execute(statement, (after_name, limit)).fetchall()]

    def last_change(self) -> int:
        """The number of the last change of anything but acknowledgements."""
        with self._translated():
            return int(self._execute("SELECT number FROM change").fetchone()[0])

    def read(self, subscription: int, changed_after: int = -1) -> SubscriptionState | None:
        """A subscription by its number; None where it was deleted or did not change after that change."""
        with self._translated():
            row = self._row("changed > ? AND id = ?", changed_after, subscription)
            return None if row is None else self._state(row)

    def exists(self, subscription: int) -> bool:
        """Whether the subscription was not deleted."""
        with self._translated():
            return self._execute("SELECT 1 FROM subscription WHERE id = ?", (subscription,)).fetchone() is not None

    def delete(self, name: str) -> bool:
        """Forget a subscription and its clients; False where there is none."""
        with self._transaction():
            row = self._row("name = ?", name)
            if row is None:
                return False
            self._execute("DELETE FROM client WHERE subscription = ?", row[:1])
            self._execute("DELETE FROM subscription WHERE id = ?", row[:1])
            self._next_change()
            return True

    def join(self, process: int, name: str, filter_: bytes | None, start: int | None) -> Joined | None:
        """Add a client of a process, whose number is another where it was 0 or the process was taken away.

        None where there is neither such a subscription nor `start`. Raises SubscriptionFullError.
        """
        with self._transaction():
            process = self._show(process) or self._add_process()
            self._expire()
            row = self._row("name = ?", name)
            if row is not None:
                subscription = int(row[0])
                if filter_ is not None:
                    self._set_filter(subscription, filter_)
            elif start is not None:
                subscription = self._add_subscription(name, filter_ or b"", start)
            else:
                return None
            if len(self._clients(subscription)) >= SLOTS:
                raise SubscriptionFullError(
                    f"subscription {name!r} has {SLOTS} clients, as many as may share one: end one of them first"
                )
            values = (subscription, process)
            client = self._execute("INSERT INTO client (subscription, process) VALUES (?, ?)", values).lastrowid or 0
            self._rebalance(subscription)
            statement = f"SELECT {_COLUMNS} FROM subscription WHERE id = ?"
            row = self._execute(statement, (subscription,)).fetchone()
            return Joined(process, ClientKey(subscription, client), self._state(row))

    def set_filter(self, subscription: int, filter_: bytes) -> None:
        """Replace the filter of a subscription, if it is still there."""
        with self._transaction():
            self._set_filter(subscription, filter_)

    def store(self, offsets: Mapping[ClientKey, Offsets], leaving: Iterable[ClientKey] = ()) -> None:
        """Store what clients acknowledged, then take those away that leave."""
        with self._transaction():
            for key, through in offsets.items():
                self._acknowledge(key, through)
            for key in leaving:
                if self._execute("DELETE FROM client WHERE id = ?", (key.client,)).rowcount:
                    self._rebalance(key.subscription)

    def release(self, key: ClientKey, offsets: Offsets, slots: Iterable[int]) -> None:
        """Store what a client acknowledged, then hand slots that it holds to their heirs."""
        with self._transaction():
            self._acknowledge(key, offsets)
            row = self._row("id = ?", key.subscription)
            if row is not None:
                shares = _shares(row)
                shares.release(key.client, slots)
                self._put_holders(key.subscription, shares)

    def beat(self, process: int) -> bool:
        """Show that a process lives, and take away those that do not; False where it was itself taken away."""
        with self._transaction(flushed=False):
            lives = bool(self._show(process))
            self._expire()
            return lives

    def end(self, process: int) -> None:
        """Take a process away, with its clients."""
        with self._transaction():
            self._remove(process)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _row(self, condition: str, *values: str | int) -> _Row | None:
        row: _Row | None = self._execute(f"SELECT {_COLUMNS} FROM subscription WHERE {condition}", values).fetchone()
        return row

    def _state(self, row: _Row) -> SubscriptionState:
        subscription, name, filter_, created, modified = row[:5]
        return SubscriptionState(name, filter_, created, modified, _shares(row), self._clients(subscription))

    def _clients(self, subscription: int) -> tuple[int, ...]:
        """Those whose processes live."""
        rows = self._execute(
            "SELECT c.id FROM client c JOIN process p ON p.id = c.process"
            f" WHERE c.subscription = ? AND {_LIVES} ORDER BY c.id",
            (subscription, self._clock()),
        )
        return tuple(client for (client,) in rows)

    def _add_subscription(self, name: str, filter_: bytes, start: int) -> int:
        now, shares = _now(), Shares.fresh(start)
        slots = [pack_slots(each) for each in (shares.acknowledged, shares.holders, shares.heirs)]
        return (
            self._execute(
                "INSERT INTO subscription (name, filter, created, modified, changed, acknowledged, holders, heirs)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (name, filter_, now, now, self._next_change(), *slots),
            ).lastrowid
            or 0
        )

    def _add_process(self) -> int:
        values = (self._clock(), self._lease)
        return self._execute("INSERT INTO process (shown, lease) VALUES (?, ?)", values).lastrowid or 0

    def _show(self, process: int) -> int:
        """Prolong the lease of a process; 0 where it was taken away."""
        values = (self._clock(), self._lease, process)
        shown = self._execute("UPDATE process SET shown = ?, lease = ? WHERE id = ?", values).rowcount
        return process if shown else 0

    def _expire(self) -> None:
        """Take processes away whose lease is over."""
        statement = f"SELECT p.id FROM process p WHERE NOT ({_LIVES})"
        for (process,) in self._execute(statement, (self._clock(),)).fetchall():
            self._remove(process)

    def _remove(self, process: int) -> None:
        statement = "SELECT DISTINCT subscription FROM client WHERE process = ?"
        shared = self._execute(statement, (process,)).fetchall()
        self._execute("DELETE FROM client WHERE process = ?", (process,))
        self._execute("DELETE FROM process WHERE id = ?", (process,))
        for (subscription,) in shared:
            self._rebalance(subscription)

    def _rebalance(self, subscription: int) -> None:
        row = self._row("id = ?", subscription)
        if row is not None:
            shares = _shares(row)
            shares.rebalance(self._clients(subscription))
            self._put_holders(subscription, shares)

    def _put_holders(self, subscription: int, shares: Shares) -> None:
        values = (pack_slots(shares.holders), pack_slots(shares.heirs), self._next_change(), subscription)
        self._execute("UPDATE subscription SET holders = ?, heirs = ?, changed = ? WHERE id = ?", values)

    def _acknowledge(self, key: ClientKey, offsets: Offsets) -> None:
        row = self._row("id = ?", key.subscription)
        if row is not None and (shares := _shares(row)).acknowledge(key.client, offsets):
            values = (pack_slots(shares.acknowledged), _now(), key.subscription)
            self._execute("UPDATE subscription SET acknowledged = ?, modified = ? WHERE id = ?", values)

    def _set_filter(self, subscription: int, filter_: bytes) -> None:
        values = (filter_, _now(), self._next_change(), subscription, filter_)
        self._execute(
            "UPDATE subscription SET filter = ?, modified = ?, changed = ? WHERE id = ? AND filter <> ?", values
        )

    def _next_change(self) -> int:
        self._execute("UPDATE change SET number = number + 1")
        return int(self._execute("SELECT number FROM change").fetchone()[0])

    @contextmanager
    def _transaction(self, *, flushed: bool = True) -> Iterator[None]:
        with self._translated():
            self._execute(f"PRAGMA synchronous = {'FULL' if flushed else 'NORMAL'}")
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
                self._execute("COMMIT")
            except BaseException:
                # SQLite rolls back by itself on some errors, a full disk among them.
                if self._connection.in_transaction:
                    self._execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._folder, error, SUBSCRIPTIONS) from error


def _shares(row: _Row) -> Shares:
    return Shares(*map(unpack_slots, row[5:]))
