"""What readers that stall cost the server and the others, and what idle streams cost."""

import statistics
import time
from pathlib import Path

from server_process import at_most, row
from serving_feed import Feed, feed, percentile
from serving_yardsticks import Sizes

READERS = 100
PUTS_A_SECOND = 100
STALLED_BOUND, LATENCY_BOUND = 1, 2
STALLED_CHANGES = 3000
IDLE_STREAMS, GROWTH_BOUND = 1000, 4
_MIB = 1 << 20


def measure_memory(generator: Path, sizes: Sizes) -> list[dict[str, object]]:
    """All rows."""
    with feed(generator) as live:
        rows = _beside_a_stalled_reader(live, sizes)
        rows.append(_stalled_readers(live))
    with feed(generator, "--heartbeat-seconds", "1") as live:
        return rows + _idle_streams(live, sizes.idle_seconds)


def _beside_a_stalled_reader(live: Feed, sizes: Sizes) -> list[dict[str, object]]:
    puts = round(sizes.calm_seconds * PUTS_A_SECOND)
    live.watch(READERS, PUTS_A_SECOND // 2, 1, PUTS_A_SECOND)  # to become warm
    before, after = [], []
    for _ in range(3 if sizes.rounds > 3 else 1):
        for times, stalled in ((before, 0), (after, 1)):
            readers = READERS - stalled
            watched = live.watch(readers, puts, 1, PUTS_A_SECOND, stalled)
            times.append(percentile(watched.latencies(range(readers)), 0.99))
    ratio = statistics.median(after) / statistics.median(before)
    return [
        row(f"p99 of {READERS} readers", statistics.median(before), "ms"),
        at_most(f"p99 of {READERS - 1} readers beside one that stalls, to before", ratio, "x", LATENCY_BOUND),
    ]


def _stalled_readers(live: Feed) -> dict[str, object]:
    before = live.server.resident_bytes()
    with live.load(1).live("--through", str(live.newest + STALLED_CHANGES), "--stalled", str(READERS)) as load:
        live.write(STALLED_CHANGES // 50, 50, 1000)
        # The generator ends when the one that reads has all; the others are then as far behind as they get.
        after = live.server.resident_bytes()
        load.wait()
    name = f"memory of a stalled reader, {STALLED_CHANGES:,} changes of 3 KB behind"
    return at_most(name, (after - before) / READERS / _MIB, "MiB", STALLED_BOUND)


def _idle_streams(live: Feed, seconds: float) -> list[dict[str, object]]:
    before = live.server.resident_bytes()
    with live.load(IDLE_STREAMS).live() as load:
        time.sleep(seconds / 5)
        begin, cpu = live.server.resident_bytes(), live.server.cpu_seconds()
        time.sleep(seconds * 4 / 5)
        end, cpu = live.server.resident_bytes(), live.server.cpu_seconds() - cpu
        load.end()
    what = f"{IDLE_STREAMS:,} idle streams"
    return [
        row(f"{what}: memory of one", (begin - before) / IDLE_STREAMS / 1024, "KiB"),
        row(f"{what}: a heartbeat", 1e6 * cpu / (seconds * 4 / 5) / IDLE_STREAMS, "µs CPU"),
        at_most(f"{what} for {seconds:,.0f} s: growth of memory", (end - begin) / _MIB, "MiB", GROWTH_BOUND),
    ]
