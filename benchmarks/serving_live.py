"""Live fan-out: what a delivery costs with 1 to 1,000 subscribers, and how long one takes from the commit on."""

from pathlib import Path

from load import Result
from server_process import SERVER_CORE, at_least, at_most, row, started
from serving_feed import Feed, feed, percentile
from serving_yardsticks import BATCH_CHANGES, Sizes, constants_path
from toolchain import constants_server

# Subscribers, and how many commits of BATCH_CHANGES a second they can take without falling back to the log.
PACES = ((1, 30.0), (10, 30.0), (100, 8.0), (1000, 0.8))
BOUNDED_SUBSCRIBERS, DELIVERIES_BOUND = 100, 100_000
CALM_PUTS_A_SECOND = 50
CONSTANT_MESSAGES = 50
P50_BOUND, P99_BOUND = 5, 20


def measure_live(generator: Path, sizes: Sizes) -> list[dict[str, object]]:
    """All rows."""
    with feed(generator) as live:
        live.watch(BOUNDED_SUBSCRIBERS, 10, 1, CALM_PUTS_A_SECOND)  # to become warm
        rows = [one for subscribers, pace in PACES for one in _fan_out(live, subscribers, pace, sizes)]
        return rows + _latency(live, sizes)


def _fan_out(live: Feed, subscribers: int, puts_a_second: float, sizes: Sizes) -> list[dict[str, object]]:
    puts = max(2, round(sizes.live_seconds * puts_a_second))
    result = live.watch(subscribers, puts, BATCH_CHANGES, puts_a_second).result
    speed = result.changes / result.server_cpu_seconds
    name = f"live fan-out to {subscribers:,} subscriber{'s' * (subscribers > 1)}"
    if subscribers != BOUNDED_SUBSCRIBERS:
        return [row(f"{name}, 3 KB changes in batches", speed, "deliveries a CPU-s")]
    rows = [at_least(f"{name}, 3 KB changes in batches", speed, "deliveries a CPU-s", DELIVERIES_BOUND)]
    theirs = _constants(live, subscribers, result.bytes // result.messages)
    if theirs is not None:
        ratio = result.megabytes_a_cpu_second / theirs.megabytes_a_cpu_second
        rows.append(row(f"{name}, MB a CPU-second beside a C++ server", ratio, "x"))
    return rows


def _constants(live: Feed, subscribers: int, message_bytes: int) -> Result | None:
    """As many streams of messages as large from a C++ server; None where that cannot be built."""
    program, path = constants_server(), constants_path(message_bytes, CONSTANT_MESSAGES)
    if program is None:
        return None
    with started([str(program), "1", f"{path}={message_bytes}x{CONSTANT_MESSAGES}"], SERVER_CORE) as server:
        load = live.load(subscribers)._replace(server=server, method=path)
        return load.for_calls(subscribers)


def _latency(live: Feed, sizes: Sizes) -> list[dict[str, object]]:
    puts = round(sizes.calm_seconds * CALM_PUTS_A_SECOND)
    watched = live.watch(BOUNDED_SUBSCRIBERS, puts, 1, CALM_PUTS_A_SECOND)
    latencies = watched.latencies(range(BOUNDED_SUBSCRIBERS))
    published = sorted((receipt.received - receipt.published) / 1000 for receipt in watched.receipts)
    what = f"{BOUNDED_SUBSCRIBERS} subscribers, {CALM_PUTS_A_SECOND} changes/s"
    return [
        at_most(f"commit to receipt, {what}, median", percentile(latencies, 0.5), "ms", P50_BOUND),
        at_most(f"commit to receipt, {what}, p99", percentile(latencies, 0.99), "ms", P99_BOUND),
        row(f"publication (before the commit) to receipt, {what}, median", percentile(published, 0.5), "ms"),
    ]
