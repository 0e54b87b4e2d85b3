"""What a follower tells of itself."""

import orjson

from wikifeed_server.runtime.following.status import Watch
from wikifeed_server.sources.events import Condition
from wikifeed_server.sources.status import SourceStatus

SECOND = 1_000_000


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_lag_is_the_age_of_the_oldest_event_that_waits():
    clock = Clock()
    condition = Condition()
    watch = Watch("a", condition, clock)
    watch.arrived(0, 0)
    watch.arrived(2, 990 * SECOND)
    watch.arrived(1, 999 * SECOND)
    condition.behind = 7
    status = watch.status(1)
    assert (status.lag_seconds, status.lag_events) == (10.0, 10)
    watch.committed(2, 2, 0)
    assert (watch.status(1).lag_seconds, watch.status(1).lag_events) == (1.0, 8)


def test_what_is_read_in_arrears_counts_from_its_arrival():
    clock = Clock()
    watch = Watch("a", Condition(behind=100), clock)
    watch.arrived(50, 5 * SECOND)
    clock.now += 3
    assert (watch.status(1).lag_seconds, watch.status(1).lag_events) == (3.0, 150)


def test_the_rate_is_that_of_the_last_minute():
    clock = Clock()
    watch = Watch("a", Condition(), clock)
    for _ in range(120):
        watch.arrived(30, 990 * SECOND)
        watch.committed(1, 30, 0)
        clock.now += 1
    assert round(watch.status(1).events_per_second) == 30
    clock.now += 61
    assert watch.status(1).events_per_second == 0


def test_the_later_of_two_errors_is_shown():
    clock = Clock()
    condition = Condition(last_error="503", last_error_time=999 * SECOND)
    watch = Watch("a", condition, clock)
    watch.failed("refused")
    assert watch.status(1).last_error == "refused"
    condition.last_error, condition.last_error_time = "429", 1001 * SECOND
    assert (watch.status(1).last_error, watch.status(1).last_error_time) == ("429", 1001 * SECOND)


def test_the_state_in_a_word():
    def state(now: int, **facts: object) -> str:
        return SourceStatus("a", 1, 0, 100 * SECOND, **facts).state(now)

    now = 101 * SECOND
    assert state(now) == "connecting"
    assert state(now, connected_since=5) == "following"
    assert state(now, connected_since=5, retries=2) == "retrying"
    assert state(now, connected_since=5, is_stopped=True) == "stopped"
    assert state(200 * SECOND, connected_since=5) == "gone"


def test_a_status_of_another_version_is_read():
    status = SourceStatus("a", 1, 2, 3, last_error="x")
    assert SourceStatus.from_json(orjson.dumps({**orjson.loads(status.to_json()), "unheard_of": 1})) == status
