"""How fast rendered pages are read, beside the bare parser on the same pages.

    python benchmarks/extract.py [--full] [--json FILE]

The pages are the 50 real ones of $WIKIFEED_SHARED/data/parsoid. CPU time of `read_html` with all its parts, and of
`LexborHTMLParser` alone, in turns, the median of three rounds (`--full`: seven); collecting garbage is left to the
end of a page, as the importing workers do.
"""

import argparse
import gc
import gzip
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from wikifeed_server.content import read_html

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared")
PROMISED_MEGABYTES, PROMISED_RATIO, PROMISED_SECONDS = 25, 4, 0.3


def main() -> int:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--json", type=Path, metavar="FILE")
    chosen = arguments.parse_args()
    rows = measure(rounds=7 if chosen.full else 3)
    for row in rows:
        print(f"{row['name']}: {row['value']:,.3g} {row['unit']} {row['bound'] and '(promised: ' + row['bound'] + ')'}")
    if chosen.json:
        chosen.json.write_text(json.dumps(rows))
    return 0 if all(row["ok"] for row in rows) else 1


def measure(rounds: int) -> list[dict[str, object]]:
    """The rows."""
    pages = [gzip.decompress(path.read_bytes()) for path in sorted((SHARED / "data" / "parsoid").glob("*.html.gz"))]
    megabytes = sum(map(len, pages)) / 1e6
    largest = max(pages, key=len)
    bare, whole, longest = [], [], []
    gc.disable()
    for _ in range(rounds):
        bare.append(cpu_seconds(LexborHTMLParser, pages))
        whole.append(cpu_seconds(read_html, pages))
        longest.append(cpu_seconds(read_html, [largest]))
    speed = megabytes / statistics.median(whole)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(whole, bare, strict=True))
    seconds = statistics.median(longest)
    return [
        row("HTML read, all parts", speed, "MB a CPU-second", f">= {PROMISED_MEGABYTES}", speed >= PROMISED_MEGABYTES),
        row("HTML read beside the bare parser", ratio, "x", f"<= {PROMISED_RATIO}", ratio <= PROMISED_RATIO),
        row(
            f"a page of {len(largest) / 1e6:.1f} MB",
            seconds,
            "CPU-seconds",
            f"< {PROMISED_SECONDS}",
            seconds < PROMISED_SECONDS,
        ),
    ]


def cpu_seconds(read: Callable[[bytes], object], pages: list[bytes]) -> float:
    """The CPU time of reading the pages, trees freed."""
    begin = time.process_time()
    for page in pages:
        read(page)
        gc.collect(0)
    return time.process_time() - begin


def row(name: str, value: float, unit: str, bound: str, ok: bool) -> dict[str, object]:
    """A row of the table of figures."""
    return {"name": name, "value": value, "unit": unit, "bound": bound, "ok": ok}


if __name__ == "__main__":
    raise SystemExit(main())
