"""Replay of the log and export of a snapshot, beside a bare handler and a C++ server that send as large messages."""

import operator
from collections.abc import Callable
from functools import partial

from load import Load, Result, in_turns, median, median_ratio
from made_up_store import PROJECT, RARE, RARE_NAMESPACE
from server_process import at_least, at_most, row
from serving_yardsticks import (
    BARE,
    BATCH_BYTES,
    BATCH_CHANGES,
    CHUNK_MESSAGE_BYTES,
    CPP,
    CPP_ALL,
    NATIVE,
    OURS,
    OURS_ALL,
    Sizes,
    Yardsticks,
)

from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest

STREAM_CHANGES = "/wikifeed.v1.ChangeService/StreamChanges"
EXPORT_SNAPSHOT = "/wikifeed.v1.SnapshotService/ExportSnapshot"
REPLAY_BOUND, FILTER_BOUND, EXPORT_BOUND = 100_000, 500_000, 1.3
CPP_BOUND = 0.6
STREAMS = 4
_RATE = operator.attrgetter("megabytes_a_second")
_A_CPU_SECOND = operator.attrgetter("megabytes_a_cpu_second")


class Log:
    """Where the changes of the log are: those that are all head, then those with bodies."""

    def __init__(self, sizes: Sizes, before: int) -> None:
        self.begin = before
        self.middle = before + sizes.replayed_changes
        self.end = self.middle + sizes.whole_changes


def measure_streams(yardsticks: Yardsticks, sizes: Sizes, log: Log) -> list[dict[str, object]]:
    """The rows of StreamChanges."""
    bare = StreamChangesRequest(after_offset=log.begin, until_offset=log.middle, no_body=True)
    count = log.middle - log.begin
    messages = count // BATCH_CHANGES
    loads = _loads(yardsticks, STREAM_CHANGES, bare.SerializeToString(), (BATCH_BYTES, messages))
    results = in_turns(_runs(loads), sizes.rounds)
    speed = count * median(results[OURS], lambda result: result.calls / result.server_cpu_seconds)
    name = "StreamChanges, replay in batches"
    rows = [
        at_least("StreamChanges, 3 KB changes without body", speed, "a CPU-s", REPLAY_BOUND),
        *_rows(name, results),
        *_beside_cpp(name, results),
    ]
    whole = StreamChangesRequest(after_offset=log.middle, until_offset=log.end)
    speed = (log.end - log.middle) * _calls_a_cpu_second(yardsticks, whole, sizes.rounds)
    rows.append(row("StreamChanges, whole articles of 3 KB", speed, "a CPU-s"))
    rare = StreamChangesRequest(
        after_offset=log.begin, until_offset=log.middle, no_body=True, namespaces=[RARE_NAMESPACE]
    )
    speed = count * _calls_a_cpu_second(yardsticks, rare, sizes.rounds)
    name = f"StreamChanges, entries of the log past a filter for 1 in {RARE}"
    return [*rows, at_least(name, speed, "a CPU-s", FILTER_BOUND)]


def measure_export(yardsticks: Yardsticks, sizes: Sizes) -> list[dict[str, object]]:
    """The rows of ExportSnapshot."""
    request = ExportSnapshotRequest(identifier=f"{PROJECT}_namespace_0").SerializeToString()
    loads = _loads(yardsticks, EXPORT_SNAPSHOT, request, (CHUNK_MESSAGE_BYTES, sizes.snapshot_megabytes))
    results = in_turns(_runs(loads), sizes.rounds)
    ratio = 1 / median_ratio(results[OURS], results[BARE], _A_CPU_SECOND)
    return [
        at_most("ExportSnapshot, server CPU beside a bare handler", ratio, "x", EXPORT_BOUND),
        *_rows("ExportSnapshot", results),
        *_beside_cpp("ExportSnapshot", results),
    ]


def _loads(yardsticks: Yardsticks, method: str, request: bytes, constants: tuple[int, int]) -> dict[str, Load]:
    ours = yardsticks.having(OURS, NATIVE, OURS_ALL)
    theirs = yardsticks.having(BARE, CPP, CPP_ALL)
    return {name: yardsticks.load(name, method, [request], STREAMS) for name in ours} | {
        name: yardsticks.constants(name, *constants, calls_at_once=STREAMS) for name in theirs
    }


def _runs(loads: dict[str, Load]) -> dict[str, Callable[[], Result]]:
    return {name: partial(load.for_calls, STREAMS) for name, load in loads.items()}


def _rows(what: str, results: dict[str, list[Result]]) -> list[dict[str, object]]:
    ours = (OURS, OURS_ALL, NATIVE)
    named = {name: f"{what}, {name}" if name in ours else f"{what}: constants, {name}" for name in results}
    rows = [row(named[name], median(results[name], _A_CPU_SECOND), "MB a CPU-s") for name in results]
    return rows + [row(named[name], median(results[name], _RATE), "MB/s") for name in results if name in ours]


def _beside_cpp(what: str, results: dict[str, list[Result]]) -> list[dict[str, object]]:
    rows = []
    for ours, theirs, bound in ((OURS, CPP, CPP_BOUND), (OURS_ALL, CPP_ALL, CPP_BOUND), (NATIVE, CPP, 0)):
        if ours in results and theirs in results:
            ratio = median_ratio(results[ours], results[theirs], _RATE)
            name = f"{what}, {ours}, MB/s beside a {theirs}"
            rows.append(at_least(name, ratio, "x", bound) if bound else row(name, ratio, "x"))
            ratio = median_ratio(results[ours], results[theirs], _A_CPU_SECOND)
            rows.append(row(f"{what}, {ours}, MB a CPU-second beside a {theirs}", ratio, "x"))
    return rows


def _calls_a_cpu_second(yardsticks: Yardsticks, request: StreamChangesRequest, rounds: int) -> float:
    load = yardsticks.load(OURS, STREAM_CHANGES, [request.SerializeToString()], STREAMS)
    results = [load.for_calls(STREAMS) for _ in range(rounds)]
    return median(results, lambda result: result.calls / result.server_cpu_seconds)
