"""What accounts consist of. Times are microseconds since 1970, UTC."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UsageKind(StrEnum):
    """What is counted, by account and day."""

    ON_DEMAND = "on_demand"  # articles asked for, one by one or together
    SNAPSHOT_DOWNLOAD = "snapshot_download"  # snapshots fetched whole
    CHUNK_DOWNLOAD = "chunk_download"  # files of snapshots that are in chunks
    BATCH_DOWNLOAD = "batch_download"
    STREAM = "stream"  # streams opened


class Cadence(StrEnum):
    """Which snapshots a plan sees: all, or of each calendar month (UTC) the first that was made."""

    DAILY = "daily"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of an account. None: no limit; `projects` empty: all of them.

    `monthly` bounds usage in a calendar month, UTC; what is not in it has no bound. `realtime` allows streams and
    hourly batches, `creates_snapshots` asking for snapshots to be made.
    """

    identifier: str
    description: str = ""
    monthly: Mapping[UsageKind, int] | None = None
    realtime: bool = True
    streams_at_once: int | None = None
    projects: tuple[str, ...] = ()
    snapshot_cadence: Cadence = Cadence.DAILY
    creates_snapshots: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may call. `has_password` is false for accounts that only have keys."""

    username: str
    plan: str
    created: int
    has_password: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an account: never the key itself, which is shown once.

    `last_used` is exact to the day; 0 in it and in `expires` means never.
    """

    identifier: str
    username: str
    label: str
    created: int
    expires: int = 0
    last_used: int = 0


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """What an account used on a day ("2026-01-31", UTC)."""

    day: str
    counts: Mapping[UsageKind, int]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `username` is empty for callers without an account, where none is needed; they may do everything.

    `credential` tells which token or key was shown ("session:17", "key:3fa9..."), so that a revocation reaches it;
    `expires` is when that ceases to be good, 0 for never.
    """

    username: str
    plan: Plan
    credential: str = ""
    expires: int = 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What logging in gives. `refresh_token` is empty where it was what was shown; `expires_in` is in seconds."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


def utc_now() -> int:
    """The time."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """How long tokens are good, and how the processes of a store share accounts.

    `clock` gives the time, `lease_clock` nanoseconds of a clock that all processes of the machine have in common.
    """

    token_seconds: float = 86400.0
    refresh_seconds: float = 90 * 86400.0
    rotation_seconds: float = 30 * 86400.0
    look_seconds: float = 0.5  # how often a process looks for what others changed, and writes what it counted
    lease_seconds: float = 5.0  # streams of a process that did not show for so long do not count
    remembered_credentials: int = 10_000  # about 1 KB each
    clock: Callable[[], int] = utc_now
    lease_clock: Callable[[], int] = time.monotonic_ns


OPEN_PLAN = Plan("open", "No account needed, no limits")
OPEN_CALLER = Caller("", OPEN_PLAN)
# What a server that needs no account gives to clients that log in all the same; it is good for nothing elsewhere.
GUEST_TOKEN = "guest-of-an-open-server"  # noqa: S105 - it is good for nothing that needs one
