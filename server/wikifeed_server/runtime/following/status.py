"""Watching how following goes, for what a follower notes of it in the store."""

import time
from collections import deque
from collections.abc import Callable

from wikifeed_server.sources.events import Condition
from wikifeed_server.sources.status import SourceStatus

_RATE_SECONDS = 60.0


class Watch:
    """Gathers what one source's status tells. `clock` tells seconds."""

    def __init__(self, source: str, condition: Condition, clock: Callable[[], float] = time.time) -> None:
        self._source = source
        self._condition = condition
        self._clock = clock
        self._started = clock()
        self._waiting: deque[tuple[int, int]] = deque()
        self._recent: deque[tuple[float, int]] = deque()
        self._counts = {"stored": 0, "known": 0, "unscored": 0}
        self.own_error = ""
        self.own_error_time = 0

    def arrived(self, events: int, oldest: int) -> None:
        """Events of a batch came; the oldest of them happened at that time (microseconds since 1970).

        What is read in arrears, such as all pages of a wiki, counts from its arrival.
        """
        self._waiting.append((int(self._clock() * 1e6) if self._condition.behind else oldest, events))

    def committed(self, batches: int, stored: int, known: int) -> None:
        """The first batches that wait are stored."""
        events = sum(self._waiting.popleft()[1] for _ in range(batches))
        self._recent.append((self._clock(), events))
        self._counts["stored"] += stored
        self._counts["known"] += known

    def given_up(self) -> None:
        """What waits comes again, for the source is begun anew."""
        self._waiting.clear()

    def unscored(self, count: int) -> None:
        """Revisions were stored without the scores that were asked for."""
        self._counts["unscored"] += count

    def failed(self, error: str) -> None:
        """The source ended with an error and will be begun anew."""
        self.own_error = error
        self.own_error_time = int(self._clock() * 1e6)

    def status(self, process: int, *, is_stopped: bool = False) -> SourceStatus:
        """All of it at this moment."""
        condition, now = self._condition, self._clock()
        while self._recent and self._recent[0][0] < now - _RATE_SECONDS:
            self._recent.popleft()
        span = min(_RATE_SECONDS, max(now - self._started, 1.0))
        own_is_last = self.own_error_time > condition.last_error_time
        return SourceStatus(
            source=self._source,
            process=process,
            started=int(self._started * 1e6),
            updated=int(now * 1e6),
            connected_since=condition.connected_since,
            upstream_time=condition.upstream_time,
            lag_seconds=self._lag_seconds(now),
            lag_events=sum(events for _, events in self._waiting) + condition.behind,
            events_per_second=round(sum(events for _, events in self._recent) / span, 2),
            received=condition.received,
            duplicates=condition.duplicates,
            malformed=condition.malformed,
            retries=condition.retries,
            failures=condition.failures,
            last_error=self.own_error if own_is_last else condition.last_error,
            last_error_time=max(self.own_error_time, condition.last_error_time),
            is_stopped=is_stopped,
            **self._counts,
        )

    def _lag_seconds(self, now: float) -> float:
        oldest = next((time_ for time_, events in self._waiting if events), 0)
        return max(0.0, round(now - oldest / 1e6, 3)) if oldest else 0.0
