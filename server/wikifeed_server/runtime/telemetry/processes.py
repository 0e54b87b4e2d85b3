"""Memory and processor time of this process and all that it started, by what they are."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

import psutil
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

_COMMANDS = {"serve-worker": "worker", "follow": "follower", "chores": "chores"}


class ProcessUse(NamedTuple):
    """What a process takes. `kind` is that of the nearest process above it that has one of its own."""

    kind: str
    pid: int
    cpu_seconds: float
    resident_bytes: int
    threads: int
    open_files: int
    started: float


def process_metrics() -> Iterator[Metric]:
    """The metrics of all processes. Blocks for some milliseconds."""
    labels = ("kind", "pid")
    cpu = CounterMetricFamily("wikifeed_process_cpu_seconds", "Processor time taken.", labels=labels)
    memory = GaugeMetricFamily("wikifeed_process_resident_memory_bytes", "Memory in use.", labels=labels)
    threads = GaugeMetricFamily("wikifeed_process_threads", "Threads.", labels=labels)
    files = GaugeMetricFamily("wikifeed_process_open_fds", "Open files and connections.", labels=labels)
    started = GaugeMetricFamily("wikifeed_process_start_time_seconds", "When it began, since 1970.", labels=labels)
    for use in _uses():
        values = (use.kind, str(use.pid))
        cpu.add_metric(values, use.cpu_seconds)
        memory.add_metric(values, use.resident_bytes)
        threads.add_metric(values, use.threads)
        files.add_metric(values, use.open_files)
        started.add_metric(values, use.started)
    yield from (cpu, memory, threads, files, started)


def _uses() -> Iterator[ProcessUse]:
    own = psutil.Process()
    below = own.children(recursive=True)
    kinds = {own.pid: "supervisor"}
    # Those below come in the order of their generations.
    for process in (own, *below):
        # Some end while they are looked at.
        with suppress(psutil.Error), process.oneshot():
            kind = kinds.setdefault(process.pid, _kind(process.cmdline(), kinds.get(process.ppid(), "other")))
            times = process.cpu_times()
            yield ProcessUse(
                kind,
                process.pid,
                times.user + times.system,
                process.memory_info().rss,
                process.num_threads(),
                process.num_fds(),
                process.create_time(),
            )


def _kind(command: Iterable[str], above: str) -> str:
    return next((_COMMANDS[word] for word in command if word in _COMMANDS), above)
