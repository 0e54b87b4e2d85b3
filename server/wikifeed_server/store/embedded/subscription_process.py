"""This process among those that share subscriptions: its number, its lease and what it knows.

Blocking, for one thread, but for `state` and `may_deliver`, which any thread may ask.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from wikifeed_server.errors import SubscriptionInterruptedError, SubscriptionNotFoundError
from wikifeed_server.store.embedded.subscription_tables import ClientKey, Joined, Offsets, SubscriptionTables
from wikifeed_server.store.subscriptions import CoordinationOptions, SubscriptionState


class SharingProcess:
    """All methods but the two named above raise StoreError. `clock` is that of leases, in nanoseconds."""

    def __init__(
        self, folder: Path, options: CoordinationOptions, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.tables = SubscriptionTables(folder, options.lease_seconds, clock)
        self._lease = round(options.lease_seconds * 1e9)
        self._beat = round(options.beat_seconds * 1e9)
        self._clock = clock
        self._process = 0
        self._shown = 0
        self._known: dict[int, SubscriptionState | None] = {}
        self._clients: set[ClientKey] = set()
        self._seen = 0

    def state(self, key: ClientKey, name: str) -> SubscriptionState:
        """A client's subscription as last seen. Raises SubscriptionNotFoundError, SubscriptionInterruptedError."""
        state = self._known.get(key.subscription)
        if state is None:
            raise SubscriptionNotFoundError(name)
        if key.client not in state.clients:
            raise SubscriptionInterruptedError(
                f"this server did not get to show that the client of subscription {name!r} lives, and others may have "
                "what was its share: subscribe again"
            )
        return state

    def may_deliver(self, process: int) -> bool:
        """Whether clients that joined in the process of that number surely have what they had."""
        return process == self._process and self._clock() - self._shown < self._lease

    def join(self, name: str, filter_: bytes | None, start: int | None) -> Joined | None:
        """Add a client: see `SubscriptionStore.join`."""
        now = self._clock()
        joined = self.tables.join(self._process, name, filter_, start)
        if joined is not None:
            self._shown, self._process = now, joined.process
            self._clients.add(joined.key)
            self._known[joined.key.subscription] = joined.state
        return joined

    def go_round(self, offsets: Mapping[ClientKey, Offsets], leaving: Collection[ClientKey]) -> bool:
        """Store what was acknowledged and who left, show where it is due, look; whether there is news."""
        if offsets or leaving:
            self.tables.store(offsets, leaving)
            self._clients.difference_update(leaving)
        now = self._clock()
        if self._process and now - self._shown >= self._beat:
            if self.tables.beat(self._process):
                self._shown = now
            else:
                self._process = 0
        return self.look()

    def release(self, key: ClientKey, offsets: Offsets, slots: Iterable[int]) -> None:
        """Store what a client acknowledged, then hand slots of it to their heirs."""
        self.tables.release(key, offsets, slots)
        self.look()

    def look(self) -> bool:
        """See what changed in the subscriptions that have clients here; whether anything did."""
        number = self.tables.last_change()
        if number == self._seen:
            return False
        watched = {key.subscription for key in self._clients}
        self._known = {
            subscription: self.tables.read(subscription, self._seen) or self._unchanged(subscription)
            for subscription in watched
        }
        self._seen = number
        return True

    def forget(self) -> None:
        """Be nobody until the next client joins: the lease runs out, and with it the clients that were."""
        self._process = 0
        self._clients.clear()
        self._known = {}

    def close(self) -> None:
        """Take this process away with its clients, and let go of the database."""
        try:
            if self._process:
                self.tables.end(self._process)
        finally:
            self.tables.close()

    def _unchanged(self, subscription: int) -> SubscriptionState | None:
        return self._known.get(subscription) if self.tables.exists(subscription) else None
