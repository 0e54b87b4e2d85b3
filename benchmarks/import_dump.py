"""How long an import takes, beside the bare parser on the same texts; and how much memory it holds.

    python benchmarks/import_dump.py [--full] [--pages N] [--json FILE]

The dump is the real one at $WIKIFEED_SHARED/data/dumps, repeated under new ids and titles to N pages (2,000; with
--full 20,000). The import runs in a process of its own: bzip2, XML, the builder's workers, protobuf and the embedded
store. The parser's time is the CPU time of `mwparserfromhell.parse` over the same texts, as the mean of a run before
the import and one after it, divided by the workers. Memory is the peak of each process (VmHWM).
"""

import argparse
import bz2
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared")
ORIGINAL = SHARED / "data" / "dumps" / "enwiki-206-pages.xml.bz2"
FLAT_PAGES = 1_000
PROMISED_RATIO, PROMISED_MEBIBYTES, FLAT_RATIO = 1.3, 300, 1.25


def main() -> int:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--pages", type=int, default=0)
    arguments.add_argument("--json", type=Path, metavar="FILE")
    arguments.add_argument("--child", choices=("import", "parse"), help=argparse.SUPPRESS)
    arguments.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.child:
        print(json.dumps(run_import(*chosen.paths) if chosen.child == "import" else parse_alone()))
        return 0
    rows = measure(chosen.pages or (20_000 if chosen.full else 2_000))
    for row in rows:
        print(f"{row['name']}: {row['value']:,.3g} {row['unit']} {row['bound'] and '(promised: ' + row['bound'] + ')'}")
    if chosen.json:
        chosen.json.write_text(json.dumps(rows))
    return 0


def measure(pages: int) -> list[dict[str, object]]:
    """The rows for an import of that many pages."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small = child("import", write_dump(folder / "enwiki-small.xml.bz2", FLAT_PAGES), folder / "small")
        before = child("parse")
        large = child("import", write_dump(folder / "enwiki-large.xml.bz2", pages), folder / "large")
        after = child("parse")
    parser_seconds = (before["seconds"] + after["seconds"]) / 2 * pages / before["pages"] / large["workers"]
    ratio = large["seconds"] / parser_seconds
    peak = max(large["parent_mebibytes"], large["worker_mebibytes"])
    growth = max(large[name] / small[name] for name in ("parent_mebibytes", "worker_mebibytes"))
    what = f"import of {pages:,} pages"
    return [
        row(f"{what}, time beside the bare parser", ratio, "x", f"<= {PROMISED_RATIO}", ratio <= PROMISED_RATIO),
        row(f"{what}, pages a second", pages / large["seconds"], "pages/s"),
        row(f"{what}, largest process", peak, "MiB", f"< {PROMISED_MEBIBYTES}", peak < PROMISED_MEBIBYTES),
        row(f"{what}, memory beside {FLAT_PAGES:,} pages", growth, "x", f"<= {FLAT_RATIO}", growth <= FLAT_RATIO),
    ]


def row(name: str, value: float, unit: str, bound: str = "", ok: bool = True) -> dict[str, object]:
    """A row of the table of figures."""
    return {"name": name, "value": value, "unit": unit, "bound": bound, "ok": ok}


def child(task: str, *paths: Path) -> dict[str, float]:
    """What this program measures of one task in a process of its own."""
    command = (sys.executable, __file__, "--child", task, *map(str, paths))
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(task, {name: round(value, 1) for name, value in figures.items()}, file=sys.stderr, flush=True)
    return figures


def run_import(dump: Path, folder: Path) -> dict[str, float]:
    """Import a dump into a new store."""
    from wikifeed_server.builder import ImportOptions, ImportProgress, import_source  # noqa: PLC0415 - not in the parser's process
    from wikifeed_server.sources.opening import open_source  # noqa: PLC0415
    from wikifeed_server.store.embedded import EmbeddedWriter  # noqa: PLC0415

    peaks: dict[int, float] = {}

    def note_memory(_: ImportProgress) -> None:
        for process in (os.getpid(), *children()):
            peaks[process] = max(peaks.get(process, 0), peak_mebibytes(process))

    begin = time.perf_counter()
    writer = EmbeddedWriter.open(folder)
    source = open_source(dump)
    report = import_source(source, writer, ImportOptions(), note_memory)
    writer.close()
    seconds = time.perf_counter() - begin
    parent = peaks.pop(os.getpid())
    return {
        "seconds": seconds,
        "pages": report.counts.written,
        "parent_mebibytes": parent,
        "worker_mebibytes": max(peaks.values()),
        "workers": len(os.sched_getaffinity(0)),
    }


def parse_alone() -> dict[str, float]:
    """The parser's CPU time over the texts of the original dump."""
    import html  # noqa: PLC0415 - nothing but the parser belongs to its figure

    import mwparserfromhell  # noqa: PLC0415

    texts = [html.unescape(text) for text in re.findall(r"<text[^>]*>(.*?)</text>", original(), re.DOTALL)]
    begin = time.process_time()
    for text in texts:
        mwparserfromhell.parse(text)
    return {"seconds": time.process_time() - begin, "pages": len(texts)}


def children() -> Iterator[int]:
    """The processes that any thread of this one has started (proc(5), children)."""
    for task in Path("/proc/self/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def peak_mebibytes(process: int) -> float:
    """The most memory that a process has held; 0 where it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    match = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(match[1]) / 1024 if match else 0


def original() -> str:
    """The real dump's XML."""
    if not ORIGINAL.is_file():
        raise SystemExit(f"{ORIGINAL} is not there: set WIKIFEED_SHARED to the folder that holds data/dumps")
    return bz2.decompress(ORIGINAL.read_bytes()).decode()


def write_dump(path: Path, pages: int) -> Path:
    """Write the dump repeated to `pages` pages with ids and titles of their own, a bzip2 stream for each copy."""
    xml = original()
    begin, end = xml.index("  <page>"), xml.rindex("</mediawiki>")
    parts = re.findall(r" *<page>.*?</page>\n", xml[begin:end], re.DOTALL)
    copies = [(parts[: pages - first], first) for first in range(0, pages, len(parts))]
    with path.open("wb") as file, ProcessPoolExecutor() as processes:
        file.write(bz2.compress(xml[:begin].encode()))
        file.writelines(processes.map(packed_copy, copies))
        file.write(bz2.compress(xml[end:].encode()))
    return path


def packed_copy(copy: tuple[list[str], int]) -> bytes:
    """One copy of the pages, compressed; the first has the number after `first`."""
    parts, first = copy
    renamed = []
    for number, part in enumerate(parts, start=first + 1):
        numbered = re.sub(r"<id>\d+</id>", f"<id>{number}</id>", part, count=2)
        renamed.append(numbered.replace("</title>", f" ({number})</title>", 1))
    return bz2.compress("".join(renamed).encode())


if __name__ == "__main__":
    sys.exit(main())
