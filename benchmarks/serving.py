"""How fast `wikifeed serve` is, beside a bare handler of grpc.aio and a gRPC server in C++ that return constants.

    python benchmarks/serving.py [--full] [--soak] [--json FILE] [PART ...]

Parts: calls (GetArticle, BatchGetArticles), streams (replay of the log), export, live (fan-out, latency from commit to
receipt), memory (stalled and idle streams). The load comes from a generator of its own in C++ (`cpp/`) that is not the
bottleneck. All servers of a part are measured in turns, round after round, and medians count. Servers of one worker or
thread have a core for themselves, those of N share all cores with the generator. `--soak` holds idle streams for 10
minutes. A run of all parts draws its figures into docs/serving.svg where it is `--full`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from made_up_store import PAGES, SMALL_PAGES, fill_articles, fill_changes, make_snapshot
from server_process import report
from serving_calls import BOUNDS, measure_calls
from serving_live import measure_live
from serving_memory import measure_memory
from serving_plot import draw
from serving_streams import Log, measure_export, measure_streams
from serving_yardsticks import BATCH_BYTES, BATCH_CHANGES, CHUNK_MESSAGE_BYTES, FULL, QUICK, Sizes, yardsticks
from toolchain import load_generator

PARTS = ("calls", "streams", "export", "live", "memory")
STORED = frozenset(PARTS[:3])
PLOT = Path(__file__).resolve().parent.parent / "docs" / "serving.svg"
SOAK_SECONDS = 600
Rows = list[dict[str, object]]


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="longer runs, more of them")
    arguments.add_argument("--soak", action="store_true", help="hold 1,000 idle streams for 10 minutes")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    chosen = arguments.parse_args()
    parts = chosen.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        arguments.error(f"unknown parts: {', '.join(sorted(unknown))}")
    sizes = FULL if chosen.full else QUICK
    if chosen.soak:
        sizes = sizes._replace(idle_seconds=SOAK_SECONDS)
    rows = measure(parts, sizes)
    if chosen.full and not chosen.parts and rows:
        PLOT.write_text(draw(rows))
    return report(rows, chosen.json)


def measure(parts: list[str], sizes: Sizes) -> Rows:
    """The rows of those parts; none where there is no compiler for the load generator."""
    generator = load_generator()
    if generator is None:
        return []
    rows: Rows = []
    if STORED & set(parts):
        rows += measure_stored(generator, parts, sizes)
    if "live" in parts:
        rows += measure_live(generator, sizes)
    if "memory" in parts:
        rows += measure_memory(generator, sizes)
    return rows


def measure_stored(generator: Path, parts: list[str], sizes: Sizes) -> Rows:
    """The rows of the parts that ask a store that does not change."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        store = Path(scratch)
        fill_articles(store, tuple(BOUNDS))
        fill_changes(store, "bare", sizes.replayed_changes, bodies=False)
        fill_changes(store, "whole", sizes.whole_changes, bodies=True)
        make_snapshot(store, sizes.snapshot_megabytes)
        log = Log(sizes, PAGES * len(BOUNDS) + SMALL_PAGES)
        constants = [(size, 1) for size in BOUNDS]
        constants += [(BATCH_BYTES, sizes.replayed_changes // BATCH_CHANGES)]
        constants += [(CHUNK_MESSAGE_BYTES, sizes.snapshot_megabytes)]
        with yardsticks(generator, store, constants) as servers:
            measures: dict[str, Callable[[], Rows]] = {
                "calls": lambda: measure_calls(servers, sizes),
                "streams": lambda: measure_streams(servers, sizes, log),
                "export": lambda: measure_export(servers, sizes),
            }
            return [one for part, measured in measures.items() if part in parts for one in measured()]


if __name__ == "__main__":
    sys.exit(main())
