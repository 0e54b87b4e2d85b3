"""What benchmarks of the server share: a server in processes of its own, the CPU time and the memory that it takes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

CORES = sorted(os.sched_getaffinity(0))
# A server of one worker has a core for itself, what loads it another, where there are two.
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


class ServerProcess(NamedTuple):
    """A server that runs: its processes' ids, the address it listens on, and where it answers HTTP, if anywhere."""

    process_ids: tuple[int, ...]
    address: str
    http: str = ""

    def cpu_seconds(self) -> float:
        """The CPU time that its threads have taken, to the nanosecond (/proc/PID/task/TID/schedstat, field 1)."""
        tasks = [task for number in self.process_ids for task in Path(f"/proc/{number}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def resident_bytes(self) -> int:
        """The memory that it has, without what it shares with others by files (/proc/PID/status, RssAnon)."""
        lines = [
            line for number in self.process_ids for line in Path(f"/proc/{number}/status").read_text().splitlines()
        ]
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))


@contextmanager
def server_process(script: str, *arguments: str) -> Iterator[ServerProcess]:
    """`script` with those arguments, a program whose first line of output is the address it serves on."""
    with started([sys.executable, script, *arguments]) as server:
        yield server


@contextmanager
def started(command: Sequence[str], core: int | None = None) -> Iterator[ServerProcess]:
    """A program whose first line of output is the address it serves on, on one core where that is given."""
    with subprocess.Popen([*pinned(core), *command], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ServerProcess((process.pid,), process.stdout.readline().strip())
        finally:
            process.terminate()


@contextmanager
def wikifeed_serve(store: Path, *options: str, core: int | None = None) -> Iterator[ServerProcess]:
    """`wikifeed serve` without anything beside it; `process_ids` are its workers'."""
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", str(store), "--listen", "127.0.0.1:0"]
    command += ["--retention-age", "0", "--log-format", "json"]
    command += [*options, *(() if "--http" in options else ("--http", "none"))]
    with subprocess.Popen([*pinned(core), *command], stderr=subprocess.PIPE, text=True) as process:
        try:
            told = json.loads(process.stderr.readline())
            yield ServerProcess(_children(process.pid), told["addresses"][0], told["http"])
        finally:
            process.terminate()
            process.communicate()


def pinned(core: int | None) -> list[str]:
    """What a command begins with so that it has one core alone; nothing where none is given."""
    return [] if core is None else ["taskset", "--cpu-list", str(core)]


def row(name: str, value: float, unit: str, bound: str = "", *, ok: bool = True) -> dict[str, object]:
    """One figure, as `run.py` takes it."""
    return {"name": name, "value": value, "unit": unit, "bound": bound, "ok": ok}


def at_most(name: str, value: float, unit: str, bound: float) -> dict[str, object]:
    """A figure that is promised not to be above a bound."""
    return row(name, value, unit, f"<= {bound:,}", ok=value <= bound)


def at_least(name: str, value: float, unit: str, bound: float) -> dict[str, object]:
    """A figure that is promised not to be below a bound."""
    return row(name, value, unit, f">= {bound:,}", ok=value >= bound)


def report(rows: list[dict[str, object]], target: Path | None) -> int:
    """Print the rows, and write them to `target` if there is one; the exit code, 0 when every promise holds."""
    for one in rows:
        verdict = "" if one["ok"] else "MISSED"
        print(f"{one['name']:<75} {one['value']:>12,.4g} {one['unit']:<12} {one['bound']} {verdict}".rstrip())
    if target is not None:
        target.write_text(json.dumps(rows))
    return 0 if all(one["ok"] for one in rows) else 1


def _children(process_id: int) -> tuple[int, ...]:
    tasks = Path(f"/proc/{process_id}/task").iterdir()
    return tuple(int(number) for task in tasks for number in (task / "children").read_text().split())
