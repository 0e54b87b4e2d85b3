"""What observing costs on the loop, in microseconds of processor time: `python cost_of_observing.py`.

Beside it the same calls counted by prometheus_client's own metrics in its multiprocess mode.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from wikifeed_server.runtime.telemetry.metrics import CallMetrics, DeliveryMetrics, StoreMetrics
from wikifeed_server.runtime.telemetry.tallies import TallyFiles
from wikifeed_server.runtime.telemetry.timed_reader import TimedReader
from wikifeed_server.runtime.telemetry.traces import TracedCalls
from wikifeed_server.transport.observing import CallEnd

TIMES = 200_000
METHOD = "/wikifeed.v1.ArticleService/GetArticle"
CALL = CallEnd(
    **dict.fromkeys(CallEnd._fields, "")
    | {"method": METHOD, "code": "OK", "seconds": 0.00034, "messages_sent": 1, "bytes_sent": 20_000}
)


class Empty:
    async def get(self, key: object, parts: object, revision_id: int = 0) -> None:
        """A store with nothing in it."""


def cost(run: Callable[[int], object]) -> float:
    best = min(_seconds(run) for _ in range(5))
    return best / TIMES * 1e6


def _seconds(run: Callable[[int], object]) -> float:
    began = time.process_time()
    run(TIMES)
    return time.process_time() - began


def calls(observer: object) -> Callable[[int], object]:
    def run(times: int) -> None:
        for _ in range(times):
            observer.call_began(METHOD)
            observer.call_ended(CALL)

    return run


def gets(reader: object) -> Callable[[int], object]:
    async def run(times: int) -> None:
        for _ in range(times):
            await reader.get(None, None)

    return lambda times: asyncio.run(run(times))


def deliveries(times: int) -> None:
    observer = DeliveryMetrics()
    for _ in range(times):
        observer.delivered(64)


def prometheus(folder: str) -> Callable[[int], object]:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from prometheus_client import Counter, Histogram  # noqa: PLC0415 - it looks for the folder when it is loaded

    ended = Counter("calls", "Calls.", ("method", "code")).labels(METHOD, "OK")
    seconds = Histogram("seconds", "Times.", ("method",)).labels(METHOD)
    messages, size = (Counter(name, "Sizes.", ("method",)).labels(METHOD) for name in ("messages", "bytes"))

    def run(times: int) -> None:
        for _ in range(times):
            ended.inc()
            seconds.observe(0.00034)
            messages.inc()
            size.inc(20_000)

    return run


def write() -> float:
    metrics = CallMetrics()
    for number in range(30):
        method = f"{METHOD}{number}"
        metrics.call_began(method)
        metrics.call_ended(CALL._replace(method=method))
    with tempfile.TemporaryDirectory() as folder:
        files = TallyFiles(Path(folder))
        metrics.write(files)
        began = time.process_time()
        for _ in range(100):
            metrics.write(files)
        return (time.process_time() - began) * 1e4


def show(what: str, microseconds: float) -> None:
    print(f"{what:40}{microseconds:8.2f}")


if __name__ == "__main__":
    show("a call, metrics", cost(calls(CallMetrics())))
    show("a call, not traced", cost(calls(TracedCalls(None, 0.0))))
    show("a delivery", cost(deliveries))
    show("a read of the store", cost(gets(TimedReader(Empty(), StoreMetrics()))) - cost(gets(Empty())))
    show("writing 30 methods, 4 times a second", write())
    with tempfile.TemporaryDirectory() as temporary:
        show("a call, prometheus_client's metrics", cost(prometheus(temporary)))
