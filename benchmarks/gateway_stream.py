"""How cheaply `wikifeed serve` streams changes over HTTP: /v2/articles, replayed to one client and live to many.

    python benchmarks/gateway_stream.py [--full] [--json FILE]

Changes are whole articles of 3 KB. The server has one worker, and a core for itself where there are two; the clients
share the other with what writes the live changes. They look for nothing but the ends of lines.
"""

import argparse
import json
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from made_up_store import PROJECT, fill_changes
from server_process import LOAD_CORE, SERVER_CORE, ServerProcess, at_least, pinned, report, row, wikifeed_serve

from wikifeed_server.store.framing import PARTITIONS

PATH = "/v2/articles"
BATCH_CHANGES = 64
REPLAYED_CHANGES = {False: 20_000, True: 100_000}
LIVE_SECONDS = {False: 4.0, True: 10.0}
# Subscribers, and how many commits of BATCH_CHANGES a second they can take without falling back to the log.
PACES = ((1, 30.0), (10, 30.0), (100, 6.0))
BOUNDED_SUBSCRIBERS, DELIVERIES_BOUND = 10, 50_000
NDJSON, EVENT_STREAM = "application/x-ndjson", "text/event-stream"
HEAD = ("name", "identifier", "abstract", "version.*")
WRITER = Path(__file__).with_name("made_up_writer.py")
LINE_END = {NDJSON: b"}\n", EVENT_STREAM: b"}\n\n"}
OK = b"HTTP/1.1 200 OK"
TAKEN_BYTES = 1 << 20
PATIENCE_SECONDS = 60


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="longer runs")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    chosen = arguments.parse_args()
    rows = measure_replay(REPLAYED_CHANGES[chosen.full]) + measure_live(LIVE_SECONDS[chosen.full])
    return report(rows, chosen.json)


def measure_replay(count: int) -> list[dict[str, object]]:
    """The rows of one client that reads the log from its beginning."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as store:
        fill_changes(Path(store), PROJECT, count, bodies=True)
        with serving(Path(store)) as server:
            for name, accept, parameters in (
                ("", NDJSON, {}),
                (", server-sent events", EVENT_STREAM, {}),
                (", fields of the head", NDJSON, {"fields": HEAD}),
            ):
                with clients(server, 1, accept, offsets=dict.fromkeys(range(PARTITIONS), 1), **parameters) as client:
                    speed = a_cpu_second(server, partial(client.read, count))
                rows.append(row(f"HTTP stream, replay to one client{name}", speed, "changes a CPU-s"))
    return rows


def measure_live(seconds: float) -> list[dict[str, object]]:
    """The rows of clients that are sent what is written meanwhile."""
    rows, written = [], BATCH_CHANGES
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as store:
        fill_changes(Path(store), PROJECT, written, bodies=True)
        with serving(Path(store)) as server:
            for subscribers, pace in PACES:
                puts = max(2, round(seconds * pace))
                with clients(server, subscribers, NDJSON) as readers:
                    speed = a_cpu_second(server, partial(write_and_read, Path(store), written, puts, pace, readers))
                written += puts * BATCH_CHANGES
                rows.append(live_row(subscribers, speed))
    return rows


def live_row(subscribers: int, speed: float) -> dict[str, object]:
    """The row of so many subscribers."""
    name = f"HTTP stream, live to {subscribers} client{'s' * (subscribers > 1)}, 3 KB changes in batches"
    if subscribers == BOUNDED_SUBSCRIBERS:
        return at_least(name, speed, "deliveries a CPU-s", DELIVERIES_BOUND)
    return row(name, speed, "deliveries a CPU-s")


def a_cpu_second(server: ServerProcess, read: Callable[[], int]) -> float:
    """How many changes the server sends in a second of its CPU time; `read` returns how many it was sent."""
    began = server.cpu_seconds()
    changes = read()
    return changes / (server.cpu_seconds() - began)


def write_and_read(store: Path, first: int, puts: int, pace: float, readers: "Clients") -> int:
    """Write commits of BATCH_CHANGES changes, `pace` a second, and have all of them read; how many deliveries."""
    command = [*pinned(LOAD_CORE), sys.executable, str(WRITER), str(store)]
    command += map(str, (first, puts, BATCH_CHANGES, pace))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL):
        return readers.read(puts * BATCH_CHANGES * readers.count)


@contextmanager
def serving(store: Path) -> Iterator[ServerProcess]:
    """A server of one worker that answers HTTP."""
    with wikifeed_serve(store, "--workers", "1", "--http", "127.0.0.1:0", core=SERVER_CORE) as server:
        yield server


@contextmanager
def clients(server: ServerProcess, count: int, accept: str, **parameters: object) -> Iterator["Clients"]:
    """So many clients, as long as the context lasts."""
    opened = Clients(server.http, count, accept, parameters)
    try:
        yield opened
    finally:
        opened.close()


class Clients:
    """Clients that have a stream each, all with the same parameters."""

    def __init__(self, address: str, count: int, accept: str, parameters: dict[str, object]) -> None:
        self.count = count
        self._end = LINE_END[accept]
        self._changes = 0
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray(TAKEN_BYTES)
        for _ in range(count):
            self._selector.register(open_stream(address, accept, parameters), selectors.EVENT_READ, Rest())

    def read(self, changes: int) -> int:
        """Read until so many more changes have come to all together; how many have."""
        before, until = self._changes, time.monotonic() + PATIENCE_SECONDS
        while self._changes < before + changes:
            if time.monotonic() > until:
                raise SystemExit(f"of {changes} changes {self._changes - before} came")
            for key, _ in self._selector.select(1.0):
                self._take(key.fileobj, key.data)
        return self._changes - before

    def close(self) -> None:
        """End all streams."""
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _take(self, connection: socket.socket, rest: "Rest") -> None:
        size = connection.recv_into(self._buffer)
        if not size:
            raise SystemExit("the server ended a stream")
        # An end that comes in two pieces is counted with the second.
        edge = len(self._end) - 1
        self._changes += self._buffer.count(self._end, 0, size)
        self._changes += (rest.data + self._buffer[: min(edge, size)]).count(self._end)
        rest.data = (rest.data + self._buffer[max(size - edge, 0) : size])[-edge:]


class Rest:
    """The last bytes that came, too few to be an end."""

    data = b""


def open_stream(address: str, accept: str, parameters: dict[str, object]) -> socket.socket:
    """A connection on which a stream has begun."""
    host, _, port = address.rpartition(":")
    body = json.dumps(parameters)
    head = f"POST {PATH} HTTP/1.1\r\nHost: {address}\r\nAccept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
    connection = socket.create_connection((host, int(port)))
    connection.sendall((head + body).encode())
    status = connection.recv(len(OK), socket.MSG_WAITALL)
    if status != OK:
        raise SystemExit(f"the server answers {status!r}")
    return connection


if __name__ == "__main__":
    sys.exit(main())
