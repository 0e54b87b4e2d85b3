"""What a client costs beside the bare stub of its language: `changes()` and `export()`, and the languages side by side.

    python benchmarks/clients.py [--full] [--json FILE] [LANGUAGE ...]

Each client has a program that reads a project's log from its beginning, or a snapshot into a folder, with the client
or with the generated stub alone, and says what that took. Client and stub take turns; the medians count. What a client
verifies may use other cores than what it receives with, so the bound is on time by the clock. The server has one
worker. C++ has no client: its stub is the limit.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from made_up_store import PROJECT, fill_changes, make_snapshot
from server_process import ServerProcess, at_least, report, row, wikifeed_serve
from toolchain import stub_client

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "clients"
MEGABYTE = 1 << 20
LEAST = 0.8  # of the bare stub's rate
CHUNKS = 4
# Snapshots go into a folder in memory, where there is one: clients have the disk store them for good, and stubs do not.
MEMORY = Path("/dev/shm")


class Sizes(NamedTuple):
    """How much is measured: changes in the log, the snapshot's size, and how often."""

    changes: int
    megabytes: int
    rounds: int


FULL, QUICK = Sizes(60_000, 512, 9), Sizes(20_000, 128, 3)


class Program(NamedTuple):
    """A client's program: how it is started from the repository's root, what builds it there, and the tools needed."""

    command: Sequence[str]
    needs: Sequence[str] = ()
    builds: Sequence[Sequence[str]] = ()


PROGRAMS: Mapping[str, Program] = {
    "Python": Program((sys.executable, "clients/python/bench.py")),
    "Go": Program(
        ("build/clients/go-bench",),
        ("go",),
        [["go", "build", "-C", "clients/go", "-o", "../../build/clients/go-bench", "./cmd/bench"]],
    ),
    "Java": Program(
        ("java", "-cp", "build/clients/java-runners.jar", "org.wikifeed.client.bench.Bench"),
        ("java", "mvn"),
        [["mvn", "-q", "-B", "-f", "clients/java/all/pom.xml", "-DskipTests", "package"]],
    ),
    "TypeScript": Program(
        ("node", "clients/typescript/dist/conformance/bench.js"),
        ("node", "npm"),
        [["npm", "--prefix", "clients/typescript", "run", "--silent", "set-up"]],
    ),
    "Rust": Program(
        ("build/clients/rust-target/release/bench",),
        ("cargo",),
        [
            [
                "cargo",
                "build",
                "--release",
                "--quiet",
                "--manifest-path",
                "clients/rust/Cargo.toml",
                "--target-dir",
                "build/clients/rust-target",
                "-p",
                "wikifeed-conformance",
                "--bin",
                "bench",
            ]
        ],
    ),
}


class Measured(NamedTuple):
    """What a program did and took."""

    items: int
    bytes: int
    wall_seconds: float
    cpu_seconds: float


class Call(NamedTuple):
    """A call of the clients, and what of it is counted."""

    name: str
    unit: str
    count: Callable[[Measured], float]

    def rate(self, measured: Measured) -> float:
        """How much a second."""
        return self.count(measured) / measured.wall_seconds

    def cpu_rate(self, measured: Measured) -> float:
        """How much a second of the program's CPU."""
        return self.count(measured) / measured.cpu_seconds


CALLS = (
    Call("changes", "changes", lambda measured: measured.items),
    Call("export", "MB", lambda measured: measured.bytes / MEGABYTE),
)


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="more changes, a bigger snapshot, more rounds")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    arguments.add_argument("languages", nargs="*", metavar="LANGUAGE", help=", ".join(PROGRAMS))
    chosen = arguments.parse_args()
    sizes = FULL if chosen.full else QUICK
    programs = {name: PROGRAMS[name] for name in chosen.languages or PROGRAMS if built(name, PROGRAMS[name])}
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        fill_changes(Path(scratch), PROJECT, sizes.changes, bodies=True)
        snapshot = make_snapshot(Path(scratch), sizes.megabytes, CHUNKS)
        with wikifeed_serve(Path(scratch), "--workers", "1") as server:
            return report(measure(server, snapshot, programs, sizes.rounds), chosen.json)


def built(language: str, program: Program) -> bool:
    """Build a client's program; whether it is there."""
    missing = [tool for tool in program.needs if shutil.which(tool) is None]
    if missing:
        print(f"{language} is not measured: install {' and '.join(missing)}", file=sys.stderr)
        return False
    for build in program.builds:
        subprocess.run(build, check=True, cwd=ROOT, stdout=sys.stderr)
    return True


def measure(
    server: ServerProcess, snapshot: str, programs: Mapping[str, Program], rounds: int
) -> list[dict[str, object]]:
    """The rows of all clients, and those of C++."""
    rows = []
    for name, program in programs.items():
        for call in CALLS:
            turns = [
                [run(server, program.command, mode, snapshot) for mode in (call.name, f"{call.name}-bare")]
                for _ in range(rounds)
            ]
            clients, bares = zip(*turns, strict=True)
            rows += own_rows(f"{name}: {call.name}()", call, clients)
            fraction = middle(call.rate, clients) / middle(call.rate, bares)
            rows.append(at_least(f"{name}: {call.name}() beside the bare stub", fraction, "x", LEAST))
            fraction = middle(call.cpu_rate, clients) / middle(call.cpu_rate, bares)
            rows.append(row(f"{name}: {call.name}() a CPU-second beside the bare stub", fraction, "x"))
    limit = stub_client()
    if limit is not None:
        for call in CALLS:
            measured = [run(server, (str(limit),), f"{call.name}-bare", snapshot) for _ in range(rounds)]
            rows += own_rows(f"C++: {call.name}, bare stub", call, measured)
    return rows


def own_rows(name: str, call: Call, measured: Sequence[Measured]) -> list[dict[str, object]]:
    """How fast a program was, by the clock and by its CPU."""
    return [
        row(name, middle(call.rate, measured), f"{call.unit}/s"),
        row(name, middle(call.cpu_rate, measured), f"{call.unit} a CPU-s"),
    ]


def middle(rate: Callable[[Measured], float], measured: Sequence[Measured]) -> float:
    """The median of a rate."""
    return statistics.median(map(rate, measured))


def run(server: ServerProcess, command: Sequence[str], mode: str, snapshot: str) -> Measured:
    """Run a program once."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        line = [*command, server.address, mode]
        if mode.startswith("export"):
            line += [snapshot, folder]
        told = subprocess.run(line, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
        return Measured(**json.loads(told.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
