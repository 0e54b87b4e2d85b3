"""How the clients of a subscription share its slots. The same for every engine: plain state and its transitions.

Each of the SLOTS has an offset through which it is acknowledged, a holder, the client that may deliver its changes, and
an heir, the client that should. Where they differ the holder finishes what it delivered and releases the slot. Clients
are named by numbers from 1 that are never used again; 0 is nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from wikifeed_server.store import SLOTS


@dataclass(slots=True)
class Shares:
    """The slots of one subscription, each list by slot."""

    acknowledged: list[int]
    holders: list[int]
    heirs: list[int]

    @classmethod
    def fresh(cls, start: int) -> Self:
        """Slots that nobody has, all acknowledged through `start`."""
        return cls([start] * SLOTS, [0] * SLOTS, [0] * SLOTS)

    def held_by(self, client: int) -> frozenset[int]:
        """The slots that the client holds."""
        return frozenset(slot for slot, holder in enumerate(self.holders) if holder == client)

    def leaving(self, client: int) -> frozenset[int]:
        """Of the slots that the client holds, those that should go to another."""
        return frozenset(slot for slot in self.held_by(client) if self.heirs[slot] != client)

    def acknowledge(self, client: int, offsets: Mapping[int, int]) -> bool:
        """Move the client's slots on, each through its offset; whether any did. What it does not hold stays."""
        moved = False
        for slot, offset in offsets.items():
            if self.holders[slot] == client and self.acknowledged[slot] < offset:
                self.acknowledged[slot] = offset
                moved = True
        return moved

    def release(self, client: int, slots: Iterable[int]) -> None:
        """Hand slots that the client holds to their heirs."""
        for slot in slots:
            if self.holders[slot] == client:
                self.holders[slot] = self.heirs[slot]

    def rebalance(self, clients: Sequence[int]) -> None:
        """Share the slots evenly among `clients`, moving as few as may be. Slots whose holder is gone move at once."""
        quotas = self._quotas(clients)
        heirs = [0] * SLOTS
        for now in (self.heirs, self.holders):
            for slot, client in enumerate(now):
                if not heirs[slot] and quotas.get(client, 0):
                    heirs[slot] = client
                    quotas[client] -= 1
        waiting = [client for client in clients for _ in range(quotas[client])]
        for slot in range(SLOTS):
            if not heirs[slot] and waiting:
                heirs[slot] = waiting.pop()
        self.heirs = heirs
        self.holders = [holder if holder in quotas else heir for holder, heir in zip(self.holders, heirs, strict=True)]

    def _quotas(self, clients: Sequence[int]) -> dict[int, int]:
        """How many slots each client should have; one more for those that have most."""
        if not clients:
            return {}
        least, more = divmod(SLOTS, len(clients))
        by_wealth = sorted(clients, key=lambda client: (-self.heirs.count(client), client))
        return {client: least + (rank < more) for rank, client in enumerate(by_wealth)}
