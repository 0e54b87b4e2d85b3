"""The interface of durable subscriptions: named places in the log, kept by the store and shared by clients.

Promises that every engine keeps:

1. What was acknowledged and stored survives kill -9 and power loss. `acknowledge` stores soon, `release` and leaving
   before anybody else gets the slots.
2. A slot has one holder. It gets another when the holder released it or left, or when its process did not show for the
   time of its lease. A holder whose lease is over no longer says `may_deliver`.
3. A client's acknowledgement counts for the slots that it holds, and for no others.
4. The slots are shared evenly, in any number of processes; see `shares`.
5. A filter that is set, a share that moves, a deletion reach all clients of the subscription within a second.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from wikifeed_server.store.shares import Shares


@dataclass(frozen=True, slots=True)
class CoordinationOptions:
    """Times, in seconds, of the processes that share subscriptions."""

    beat_seconds: float = 1.0  # how often a process with clients shows that it lives
    lease_seconds: float = 5.0  # a process that did not show for so long is gone: a few beats may come late
    look_seconds: float = 0.1  # how often a process looks for what others changed; 60 us each time
    commit_seconds: float = 0.05  # acknowledgements that come within are stored together: at most 20 flushes a second


class SubscriptionState(NamedTuple):
    """A subscription. `filter_` is opaque here; times are microseconds since 1970, UTC.

    `clients` are those that share it, by their numbers. Of a client's own view, `acknowledged` may be behind in slots
    that somebody holds.
    """

    name: str
    filter_: bytes
    created: int
    modified: int
    shares: Shares
    clients: tuple[int, ...]

    @property
    def acknowledged(self) -> int:
        """The offset through which all slots are acknowledged."""
        return min(self.shares.acknowledged)


class Membership(Protocol):
    """A client's part in a subscription, from `join` to `leave`."""

    @property
    def client(self) -> int:
        """The client's number."""
        ...

    @property
    def may_deliver(self) -> bool:
        """Whether the lease is good, so that the slots are surely still this client's."""
        ...

    def state(self) -> SubscriptionState:
        """The subscription as last seen; the same object until something but acknowledgements changed.

        Raises SubscriptionNotFoundError when it was deleted, SubscriptionInterruptedError when the client was taken for
        gone, StoreError when the store failed since.
        """
        ...

    def acknowledge(self, offsets: Mapping[int, int]) -> None:
        """Store soon that slots are acknowledged, each through its offset."""
        ...

    async def release(self, slots: Iterable[int]) -> None:
        """Store what was acknowledged, and hand the slots to their heirs. `state` tells of it when this returns."""
        ...

    async def set_filter(self, filter_: bytes) -> None:
        """Replace the subscription's filter for all clients. `state` tells of it when this returns."""
        ...

    def leave(self) -> None:
        """Store at once what was acknowledged, and give up all slots."""
        ...


class SubscriptionStore(Protocol):
    """Keeps subscriptions. Safe beside any number of others in other processes."""

    async def get(self, name: str) -> SubscriptionState | None:
        """One subscription."""
        ...

    async def list(self, after_name: str, limit: int) -> list[SubscriptionState]:
        """The next subscriptions in the order of their names."""
        ...

    async def delete(self, name: str) -> bool:
        """Forget a subscription; False where there is none."""
        ...

    async def join(
        self, name: str, filter_: bytes | None, start: int | None, changed: Callable[[], None]
    ) -> Membership | None:
        """Add a client to a subscription. `changed` is called whenever `state` and `may_deliver` should be looked at.

        Where there is no such subscription it is made, all slots acknowledged through `start`; None without `start`.
        Without `filter_` the subscription keeps its own, which is empty at first. Raises SubscriptionFullError.
        """
        ...

    async def close(self) -> None:
        """Take all clients away and let go of files."""
        ...
