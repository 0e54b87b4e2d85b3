"""How following a source goes, for people and programs: what a follower notes in the store, and whoever asks reads."""

from dataclasses import dataclass
from typing import Self

import orjson

# A follower notes its status every second.
_STALE_MICROSECONDS = 15_000_000


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source, as of `updated`. Times are microseconds since 1970, 0 for never.

    `lag_seconds` is the age of the oldest event that waits to be stored, `lag_events` how many do, here and upstream.
    `stored` and `known` count what became of events since `started`; `events_per_second` is of the last minute.
    """

    source: str
    process: int
    started: int
    updated: int
    connected_since: int = 0
    upstream_time: int = 0
    lag_seconds: float = 0.0
    lag_events: int = 0
    events_per_second: float = 0.0
    received: int = 0
    stored: int = 0
    known: int = 0
    duplicates: int = 0
    malformed: int = 0
    unscored: int = 0
    retries: int = 0
    failures: int = 0
    last_error: str = ""
    last_error_time: int = 0
    is_stopped: bool = False

    def state(self, now: int) -> str:
        """In a word, as of `now` (microseconds since 1970)."""
        if self.is_stopped:
            return "stopped"
        if now - self.updated > _STALE_MICROSECONDS:
            return "gone"
        if self.retries:
            return "retrying"
        return "following" if self.connected_since else "connecting"

    def to_json(self) -> bytes:
        """The form in which a store keeps it."""
        return orjson.dumps(self)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The inverse of `to_json`; what another version of Wikifeed noted beyond is passed over."""
        return cls(**{name: value for name, value in orjson.loads(data).items() if name in cls.__dataclass_fields__})
