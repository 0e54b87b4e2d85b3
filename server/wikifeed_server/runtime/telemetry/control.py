"""Telemetry of a worker: what it counts and traces, and what it answers to its supervisor."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.telemetry.answering import (
    Question,
    answer_channelz,
    answer_tasks,
    answering,
    profiler,
)
from wikifeed_server.runtime.telemetry.metrics import CallMetrics, DeliveryMetrics, LoopMetrics, StoreMetrics
from wikifeed_server.runtime.telemetry.stored import stored
from wikifeed_server.runtime.telemetry.tallies import TallyFiles
from wikifeed_server.runtime.telemetry.timed_reader import TimedReader
from wikifeed_server.runtime.telemetry.traces import traced_calls
from wikifeed_server.runtime.telemetry.view import RUNTIME_FOLDER, metrics_folder
from wikifeed_server.services.observing import DeliveryObserver, NoDeliveryObserver
from wikifeed_server.store import Reader
from wikifeed_server.transport.observing import CallObserver

_WRITE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What a worker builds on: `reader` in place of the one it has, and who hears of calls and deliveries."""

    reader: Reader
    calls: Sequence[CallObserver]
    deliveries: DeliveryObserver


class _Written(Protocol):
    def write(self, files: TallyFiles) -> None: ...


@asynccontextmanager
async def telemetry(settings: Settings, reader: Reader) -> AsyncGenerator[Telemetry, None]:
    """A context in which a worker is observed as `settings.telemetry` says.

    Metrics and the answers to the supervisor need its runtime folder and an admin address to show them: without either
    they cost nothing. Raises ConfigError where traces are asked for and their packages are missing.
    """
    folder = os.environ.get(RUNTIME_FOLDER, "")
    async with AsyncExitStack() as stack:
        calls: list[CallObserver] = []
        deliveries: DeliveryObserver = NoDeliveryObserver()
        if settings.telemetry.traces:
            calls.append(await stack.enter_async_context(traced_calls(settings.telemetry)))
        if folder and settings.telemetry.admin:
            measured = await stack.enter_async_context(_measured(settings, reader, Path(folder)))
            calls += measured.calls
            reader, deliveries = measured.reader, measured.deliveries
        yield Telemetry(reader, tuple(calls), deliveries)


@asynccontextmanager
async def _measured(settings: Settings, reader: Reader, folder: Path) -> AsyncGenerator[Telemetry, None]:
    calls, deliveries, store, loop = CallMetrics(), DeliveryMetrics(), StoreMetrics(), LoopMetrics()
    tell_stored = stored(settings.store.folder, reader)

    async def answer_gauges(question: Question) -> object:
        del question
        return {"in_flight": calls.in_flight(), "through_offsets": deliveries.through_offsets()}

    counted = (calls, deliveries, store, loop)
    async with _writing(folder, loop, counted):
        with profiler() as answer_profile:
            answers = {
                "gauges": answer_gauges,
                "stored": tell_stored,
                "profile": answer_profile,
                "tasks": answer_tasks,
            }
            if settings.serve.transport == "grpcio":
                answers["channelz"] = answer_channelz
            async with answering(folder, answers):
                yield Telemetry(TimedReader(reader, store), (calls,), deliveries)


@asynccontextmanager
async def _writing(folder: Path, loop: LoopMetrics, counted: Sequence[_Written]) -> AsyncGenerator[None, None]:
    """A context in which what is counted gets written, and once more at its end."""
    metrics_folder(folder).mkdir(mode=0o700, exist_ok=True)
    files = TallyFiles(metrics_folder(folder))

    def write() -> None:
        for each in counted:
            each.write(files)

    async def write_often() -> None:
        while True:
            due = time.monotonic() + _WRITE_SECONDS
            await asyncio.sleep(_WRITE_SECONDS)
            loop.delay.observe(max(time.monotonic() - due, 0.0))
            write()

    writing = asyncio.create_task(write_often())
    try:
        yield
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        write()
        files.close()
