"""Metrics of what a store holds, made of what a worker answered."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import orjson
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from wikifeed_server.sources.status import SourceStatus


class Lag(NamedTuple):
    """How many changes live subscribers are behind the newest."""

    slowest: int
    median: float


def lag(newest_offset: int, through_offsets: Sequence[int]) -> Lag:
    """The lag of subscribers that were sent all through these offsets; 0 where there are none."""
    behind = [max(newest_offset - offset, 0) for offset in through_offsets]
    return Lag(max(behind), median(behind)) if behind else Lag(0, 0.0)


def store_metrics(stored: Mapping[str, Any], through_offsets: Sequence[int]) -> Iterator[Metric]:
    """Metrics of the answer that `stored` makes, and of how far subscribers are behind the log's newest change."""
    log = stored["log"]
    behind = lag(log["newest_offset"], through_offsets)
    for name, about, value in (
        ("log_newest_offset", "The offset of the newest change; 0 while there is none.", log["newest_offset"]),
        ("log_oldest_offset", "The offset from which on every change is kept.", log["oldest_offset"]),
        (
            "log_compacted_through_offset",
            "Up to where the newest change of each page is kept; 0: nowhere.",
            log["compacted_through"],
        ),
        (
            "log_newest_change_timestamp_seconds",
            "When the newest change was published, since 1970.",
            log["newest_time"] / 1e6,
        ),
        (
            "log_oldest_change_timestamp_seconds",
            "When the oldest change kept was published, since 1970.",
            log["oldest_time"] / 1e6,
        ),
        (
            "subscriber_lag_changes_max",
            "How many changes the slowest live subscriber is behind the newest.",
            behind.slowest,
        ),
        (
            "subscriber_lag_changes_median",
            "How many changes half of the live subscribers are at least behind.",
            behind.median,
        ),
        (
            "newest_snapshot_timestamp_seconds",
            "When the newest snapshot that is ready was begun, since 1970; 0: none.",
            stored["newest_snapshot"] / 1e6,
        ),
    ):
        yield GaugeMetricFamily(f"wikifeed_{name}", about, value)
    snapshots = GaugeMetricFamily("wikifeed_snapshots", "Snapshots, by state.", labels=("state",))
    for state, count in stored["snapshots"].items():
        snapshots.add_metric((state,), count)
    yield snapshots
    yield from _source_metrics([SourceStatus.from_json(orjson.dumps(each)) for each in stored["sources"]])


def _source_metrics(sources: Iterable[SourceStatus]) -> Iterator[Metric]:
    labels = ("source",)
    lag_seconds = GaugeMetricFamily(
        "wikifeed_source_lag_seconds", "The age of the oldest event that waits to be stored.", labels=labels
    )
    waiting = GaugeMetricFamily("wikifeed_source_waiting_events", "Events that wait to be stored.", labels=labels)
    state = GaugeMetricFamily("wikifeed_source_state", "1, for the state the source is in.", labels=(*labels, "state"))
    retries = GaugeMetricFamily("wikifeed_source_retries", "Tries in a row that failed, up to now.", labels=labels)
    updated = GaugeMetricFamily(
        "wikifeed_source_updated_timestamp_seconds", "When its follower last told of it, since 1970.", labels=labels
    )
    events = CounterMetricFamily(
        "wikifeed_source_events", "Events since the follower began, by what became of them.", labels=(*labels, "became")
    )
    failures = CounterMetricFamily("wikifeed_source_failures", "Failures since the follower began.", labels=labels)
    now = time.time_ns() // 1000
    for source in sources:
        name = source.source
        lag_seconds.add_metric((name,), source.lag_seconds)
        waiting.add_metric((name,), source.lag_events)
        state.add_metric((name, source.state(now)), 1)
        retries.add_metric((name,), source.retries)
        updated.add_metric((name,), source.updated / 1e6)
        failures.add_metric((name,), source.failures)
        for became in ("received", "stored", "known", "duplicates", "malformed", "unscored"):
            events.add_metric((name, became), getattr(source, became))
    yield from (lag_seconds, waiting, state, retries, updated, events, failures)
