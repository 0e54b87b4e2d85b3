"""Who may call at the moment: bounds on calls in flight, in all and of one caller.

Not gRPC's own bound on calls (maximum_concurrent_rpcs), which refuses health checks as well.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from wikifeed_server.errors import LimitExceededError
from wikifeed_server.transport.options import Limits

_QUIET_SECONDS = 1.0  # the last answers have left by then, and calls accepted just before the stop were answered too


class Gate:
    """Counts the calls that services work on; those of health and reflection are none of them."""

    def __init__(self, limits: Limits) -> None:
        self.calls = 0
        self._limits = limits
        self._streams: Counter[str] = Counter()
        self._connections: dict[str, Counter[str]] = {}

    def enter(self) -> None:
        """Count a call, which `calls -= 1` ends. Raises LimitExceededError, and then it is not counted."""
        if self.calls >= self._limits.calls:
            raise LimitExceededError("calls at once in this process", "server", self._limits.calls)
        self.calls += 1

    @contextmanager
    def stream(self, peer: str, account: str = "") -> Iterator[None]:
        """A context that counts a stream of a peer ("ipv4:192.0.2.1:50123"). Raises LimitExceededError.

        Where an account is named, it is the caller, wherever it calls from, and else the peer's address.
        """
        caller = account or caller_of(peer)
        connections = self._connections.setdefault(caller, Counter())
        if self._streams[caller] >= self._limits.caller_streams:
            raise LimitExceededError("streams at once of one caller", caller, self._limits.caller_streams)
        if peer not in connections and len(connections) >= self._limits.caller_connections:
            raise LimitExceededError("connections with streams of one caller", caller, self._limits.caller_connections)
        self._streams[caller] += 1
        connections[peer] += 1
        try:
            yield
        finally:
            self._streams[caller] -= 1
            connections[peer] -= 1
            if not connections[peer]:
                del connections[peer]
            if not self._streams[caller]:
                del self._streams[caller], self._connections[caller]

    async def none_left(self) -> None:
        """Wait until there was no call for a while."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < _QUIET_SECONDS:
            await asyncio.sleep(_QUIET_SECONDS / 10)
            if self.calls:
                quiet_since = time.monotonic()


def caller_of(peer: str) -> str:
    """A peer's address without its port, which differs from connection to connection."""
    return peer.rpartition(":")[0] if peer.startswith(("ipv4:", "ipv6:")) else peer
