"""Run every benchmark and write the table of figures into docs/performance.md and the README.

    python benchmarks/run.py [--full] [NAME ...]

Each benchmark is a program of its own that prints what it measures and, with `--json FILE`, writes a list of rows
{"name", "value", "unit", "bound", "ok"}: `bound` is what the project promises ("<= 1.25", ">= 100000", or "" where
nothing is), `ok` whether it holds. `--full` runs the sizes that the promises speak of; without it each takes a minute
at most. A full run writes the table, one of some benchmarks their rows in it; the README has the rows with a promise.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = (
    "store",
    "serving",
    "json_form",
    "gateway_calls",
    "gateway_stream",
    "gateway_download",
    "clients",
    "import_dump",
    "extract",
    "follow",
)
BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"


def main() -> int:
    """Run the command line; 0 when every promise holds."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    chosen = arguments.parse_args()
    rows = [row for name in chosen.names or BENCHMARKS for row in measure(name, full=chosen.full)]
    table = as_table(rows)
    print(table)
    if chosen.full:
        for page, shown in (
            (ROOT / "README.md", [row for row in rows if row["bound"]]),
            (ROOT / "docs" / "performance.md", rows),
        ):
            fresh = as_table(shown)
            replace_figures(page, f"{machine()}\n\n{renewed(figures(page), fresh) if chosen.names else fresh}")
    return 0 if all(row["ok"] for row in rows) else 1


def measure(name: str, *, full: bool) -> list[dict[str, object]]:
    """The rows of one benchmark."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "rows.json"
        command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), "--json", str(target)]
        print(f"== {name}", file=sys.stderr, flush=True)
        # A benchmark that misses a promise exits with 1, and its rows say which.
        code = subprocess.run(command + ["--full"] * full, check=False, stdout=sys.stderr).returncode
        if not target.exists():
            raise SystemExit(f"{name} measured nothing: it exited with {code}")
        rows: list[dict[str, object]] = json.loads(target.read_text())
        return rows


def as_table(rows: list[dict[str, object]]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | promise | |", "|---|---:|---:|---|"]
    for row in rows:
        value = row["value"]
        shown = f"{value:,.0f}" if isinstance(value, (int, float)) and abs(value) >= 100 else f"{value:.3g}"
        verdict = ("holds" if row["ok"] else "**missed**") if row["bound"] else ""
        lines.append(f"| {row['name']} | {shown} {row['unit']} | {row['bound']} | {verdict} |")
    return "\n".join(lines)


def renewed(kept: str, fresh: str) -> str:
    """A table with the lines of another in place of those of the same name and unit, or behind the last."""
    lines = {label(line): line for line in kept.splitlines() if line.startswith("|")}
    return "\n".join({**lines, **{label(line): line for line in fresh.splitlines()}}.values())


def label(line: str) -> tuple[str, str]:
    """The name and the unit of a table's line."""
    _, name, value, *_ = (cell.strip() for cell in line.split("|"))
    return name, value.partition(" ")[2]


def machine() -> str:
    """What the figures were measured on."""
    return f"Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}."


def figures(page: Path) -> str:
    """What is between the page's marks."""
    return page.read_text().partition(BEGIN)[2].partition(END)[0]


def replace_figures(page: Path, text: str) -> None:
    """Put the table between the page's marks."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise SystemExit(f"{page} has no place for figures: {BEGIN} ... {END}")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
