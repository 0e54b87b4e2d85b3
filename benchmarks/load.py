"""Load for a server from the generator in `cpp/`, and what came of it."""

import json
import statistics
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from server_process import ServerProcess, pinned

_RECEIPT = struct.Struct("<IIQQQ")
_CONNECTIONS = 4


class Result(NamedTuple):
    """What one run of the generator measured; the fields are those that it prints."""

    seconds: float
    calls: int
    failed: int
    messages: int
    bytes: int
    changes: int
    p50_us: float
    p99_us: float
    server_cpu_seconds: float
    own_cpu_seconds: float

    @property
    def calls_a_second(self) -> float:
        """Calls a second of wall time."""
        return self.calls / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of the server's CPU time a call."""
        return 1e6 * self.server_cpu_seconds / self.calls

    @property
    def megabytes_a_second(self) -> float:
        """MB a second of wall time."""
        return self.bytes / self.seconds / 1e6

    @property
    def megabytes_a_cpu_second(self) -> float:
        """MB a second of the server's CPU time."""
        return self.bytes / self.server_cpu_seconds / 1e6


class Receipt(NamedTuple):
    """A message of a live stream: on which call, how many changes, and when, in microseconds since 1970."""

    call: int
    changes: int
    through_offset: int
    published: int
    received: int


class Load(NamedTuple):
    """Calls of one method to one server. `core` is where the generator runs, None where it may run on all."""

    generator: Path
    server: ServerProcess
    method: str
    requests: Sequence[bytes]
    core: int | None
    calls_at_once: int = 32
    connections: int = _CONNECTIONS

    def for_seconds(self, seconds: float) -> Result:
        """As many calls as go in that time, after a fifth of it to become warm."""
        return self._run("--seconds", str(seconds), "--warmup", str(seconds / 5))

    def for_calls(self, calls: int) -> Result:
        """So many calls."""
        return self._run("--calls", str(calls))

    @contextmanager
    def live(self, *options: str) -> Iterator["LiveLoad"]:
        """Live streams, all of which have had a first message."""
        with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
            receipts = Path(scratch) / "receipts"
            command = self._command(Path(scratch), "--live", "--receipts", str(receipts), *options)
            pipe = subprocess.PIPE
            with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
                try:
                    if process.stdout.readline() != "ready\n":
                        raise SystemExit(f"the streams of {self.method} did not begin")
                    yield LiveLoad(process, receipts)
                finally:
                    process.kill()

    def _run(self, *options: str) -> Result:
        with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
            command = self._command(Path(scratch), *options)
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return _result(done.stdout)

    def _command(self, scratch: Path, *options: str) -> list[str]:
        requests = scratch / "requests"
        requests.write_bytes(b"".join(struct.pack("<I", len(one)) + one for one in self.requests))
        command = [*pinned(self.core), str(self.generator), "--address", self.server.address, "--method", self.method]
        command += ["--requests", str(requests), "--calls-at-once", str(self.calls_at_once)]
        command += ["--connections", str(self.connections)]
        return [*command, "--processes", ",".join(map(str, self.server.process_ids)), *options]


class LiveLoad(NamedTuple):
    """Live streams that run."""

    process: subprocess.Popen[str]
    receipts_file: Path

    def end(self) -> tuple[Result, list[Receipt]]:
        """End the streams, or, where they end by themselves, wait for it."""
        result = _result(self.process.communicate()[0])
        return result, [Receipt(*fields) for fields in _RECEIPT.iter_unpack(self.receipts_file.read_bytes())]

    def wait(self) -> tuple[Result, list[Receipt]]:
        """Wait until the streams have come through their offset."""
        result = _result(self.process.stdout.readline())
        self.process.wait()
        return result, [Receipt(*fields) for fields in _RECEIPT.iter_unpack(self.receipts_file.read_bytes())]


def in_turns(runs: dict[str, Callable[[], Result]], rounds: int) -> dict[str, list[Result]]:
    """What each run measured, round after round: whatever else the machine does then meets all of them."""
    results: dict[str, list[Result]] = {name: [] for name in runs}
    for number in range(rounds):
        turns = list(runs.items())
        first = number % len(turns)
        for name, run in turns[first:] + turns[:first]:
            results[name].append(run())
    return results


def median(results: Sequence[Result], figure: Callable[[Result], float]) -> float:
    """The median of a figure."""
    return statistics.median(map(figure, results))


def median_ratio(ours: Sequence[Result], theirs: Sequence[Result], figure: Callable[[Result], float]) -> float:
    """The median of our figure beside theirs of the same round."""
    return statistics.median(figure(one) / figure(other) for one, other in zip(ours, theirs, strict=True))


def _result(line: str) -> Result:
    result = Result(**json.loads(line))
    if result.failed:
        raise SystemExit(f"{result.failed} of {result.calls} calls failed")
    return result
