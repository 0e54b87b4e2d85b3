"""A clock that a test turns, and options with it."""

from datetime import UTC, datetime

from argon2 import PasswordHasher

from wikifeed_server.accounts import AccountOptions
from wikifeed_server.accounts.passwords import PasswordHashing

PASSWORD = "correct horse battery"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class TurnedClock:
    """Tells microseconds since 1970, and nanoseconds of a monotonic clock."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = int(now.timestamp()) * 1_000_000

    def turn(self, seconds: float = 0, *, days: int = 0) -> None:
        self.now += round(seconds * 1e6) + days * 86400 * 1_000_000

    def __call__(self) -> int:
        return self.now

    def monotonic(self) -> int:
        return self.now * 1000

    def options(self, **changed: object) -> AccountOptions:
        """Options whose task never looks by itself: the test does."""
        return AccountOptions(
            **{"look_seconds": 3600.0, "clock": self, "lease_clock": self.monotonic, **changed},
        )


def cheap_hashing(**cost: int) -> PasswordHashing:
    """Argon2id at a thousandth of the cost."""
    return PasswordHashing(PasswordHasher(**{"time_cost": 1, "memory_cost": 8, "parallelism": 1, **cost}))
