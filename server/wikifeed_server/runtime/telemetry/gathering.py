"""All metrics of a server, gathered from its processes when they are asked for.

Counters and histograms are read from the files in which workers count, so that those of workers that died stay. Gauges
are asked of the workers there are, so that those of workers that died are gone.
"""

import asyncio
import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wikifeed_server import __version__
from wikifeed_server.runtime.telemetry.asking import WorkerSilentError, ask
from wikifeed_server.runtime.telemetry.metrics_of_store import store_metrics
from wikifeed_server.runtime.telemetry.processes import process_metrics
from wikifeed_server.runtime.telemetry.tallies import fold_ended
from wikifeed_server.runtime.telemetry.view import LISTENING, SupervisorView, control_socket, metrics_folder

_ANSWER_SECONDS = 1.0


class Page(NamedTuple):
    """Metrics as text, and its content type."""

    text: bytes
    content_type: str


class Gathering:
    """Gathers what a supervisor's processes tell."""

    def __init__(self, view: SupervisorView) -> None:
        self._view = view
        self._reading_files = asyncio.Lock()

    async def page(self, accept: str) -> Page:
        """All metrics, in the form that an Accept header asks for. What no worker answers in a second is left out."""
        workers = self._view.workers()
        listening = [worker.pid for worker in workers if worker.state == LISTENING]
        answers = await asyncio.gather(*(self._answer(pid, "gauges") for pid in listening))
        gauges = [answer for answer in answers if answer is not None]
        metrics = list(_worker_metrics(Counter(worker.state for worker in workers), gauges))
        answering = (pid for pid, answer in zip(listening, answers, strict=True) if answer is not None)
        stored = await self._answer(next(answering), "stored") if gauges else None
        if stored is not None:
            metrics += store_metrics(stored, [offset for answer in gauges for offset in answer["through_offsets"]])
        async with self._reading_files:
            return await asyncio.to_thread(_page, self._view.runtime_folder, metrics, accept)

    async def _answer(self, pid: int, question: str) -> Any:
        try:
            return await ask(control_socket(self._view.runtime_folder, pid), question, _ANSWER_SECONDS)
        except WorkerSilentError:
            return None  # it is counted by its absence


class _Gathered(Collector):
    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Sequence[Metric]:
        return self._metrics


def _page(runtime_folder: Path, metrics: Sequence[Metric], accept: str) -> Page:
    registry = CollectorRegistry()
    registry.register(_Gathered([*metrics, *process_metrics()]))
    folder = metrics_folder(runtime_folder)
    if folder.is_dir():
        fold_ended(folder, set(psutil.pids()))
        MultiProcessCollector(registry, str(folder))
    encode, content_type = choose_encoder(accept)
    return Page(encode(registry), content_type)


def _worker_metrics(states: Counter[str], answers: Sequence[dict[str, Any]]) -> Iterator[Metric]:
    build = GaugeMetricFamily("wikifeed_build_info", "1, for the versions in its labels.", labels=("version", "python"))
    build.add_metric((__version__, platform.python_version()), 1)
    workers = GaugeMetricFamily("wikifeed_workers", "Workers, by state.", labels=("state",))
    for state, count in ({LISTENING: 0} | states).items():
        workers.add_metric((state,), count)
    in_flight = GaugeMetricFamily("wikifeed_rpc_in_flight", "Calls at this moment, by method.", labels=("method",))
    calls: Counter[str] = Counter()
    for answer in answers:
        calls.update(answer["in_flight"])
    for method, count in calls.items():
        in_flight.add_metric((method,), count)
    subscribers = sum(len(answer["through_offsets"]) for answer in answers)
    yield from (build, workers, in_flight)
    yield GaugeMetricFamily("wikifeed_workers_answering", "Workers that told of themselves just now.", len(answers))
    yield GaugeMetricFamily("wikifeed_subscribers", "Live subscribers.", subscribers)
