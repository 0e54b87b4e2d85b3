"""What benchmarks of the server share: a server in a process of its own, and the CPU time that it takes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class ServerProcess(NamedTuple):
    """A server that runs: its process id and the address it listens on."""

    process_id: int
    address: str

    def cpu_seconds(self) -> float:
        """The CPU time that its threads have taken, to the nanosecond (/proc/PID/task/TID/schedstat, field 1)."""
        tasks = Path(f"/proc/{self.process_id}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def server_process(script: str, *arguments: str) -> Iterator[ServerProcess]:
    """`script` with those arguments, a program whose first line of output is the address it serves on."""
    with subprocess.Popen([sys.executable, script, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ServerProcess(process.pid, process.stdout.readline().strip())
        finally:
            process.terminate()


def row(name: str, value: float, unit: str, bound: str = "", *, ok: bool = True) -> dict[str, object]:
    """One figure, as `run.py` takes it."""
    return {"name": name, "value": value, "unit": unit, "bound": bound, "ok": ok}


def report(rows: list[dict[str, object]], target: Path | None) -> int:
    """Print the rows, and write them to `target` if there is one; the exit code, 0 when every promise holds."""
    for one in rows:
        verdict = "" if one["ok"] else "MISSED"
        print(f"{one['name']:<70} {one['value']:>12,.4g} {one['unit']:<8} {one['bound']} {verdict}".rstrip())
    if target is not None:
        target.write_text(json.dumps(rows))
    return 0 if all(one["ok"] for one in rows) else 1
