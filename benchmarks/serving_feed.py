"""A server and a writer beside it, for what happens live."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from load import Load, Receipt, Result
from server_process import LOAD_CORE, SERVER_CORE, ServerProcess, pinned, wikifeed_serve

from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store.embedded import EmbeddedWriter

STREAM_CHANGES = "/wikifeed.v1.ChangeService/StreamChanges"
_WRITER = Path(__file__).with_name("made_up_writer.py")
_CONNECTIONS = 100


class Watched(NamedTuple):
    """What came of live streams: the generator's result, what they received, when each offset was committed."""

    result: Result
    receipts: list[Receipt]
    committed: dict[int, int]

    def latencies(self, calls: range) -> list[float]:
        """Milliseconds from each change's commit to its receipt on those calls, in order of size."""
        first = min(self.committed)
        through = dict.fromkeys(calls, first - 1)
        found = []
        for receipt in self.receipts:
            if receipt.call in through and receipt.through_offset >= first:
                offsets = range(through[receipt.call] + 1, receipt.through_offset + 1)
                found += [max(receipt.received - self.committed[offset], 0) / 1000 for offset in offsets]
                through[receipt.call] = receipt.through_offset
        return sorted(found)


class Feed:
    """A server on a core of its own and a store that is written while it serves."""

    def __init__(self, generator: Path, store: Path, server: ServerProcess) -> None:
        self.server = server
        self.newest = 0
        self._generator = generator
        self._store = store

    def load(self, subscribers: int) -> Load:
        """Load of so many subscribers, on as many connections as there may be."""
        request = StreamChangesRequest(no_body=True).SerializeToString()
        connections = min(subscribers, _CONNECTIONS)
        return Load(self._generator, self.server, STREAM_CHANGES, [request], LOAD_CORE, subscribers, connections)

    def watch(self, subscribers: int, puts: int, changes: int, puts_a_second: float, stalled: int = 0) -> Watched:
        """Write while so many subscribers read, and `stalled` more take nothing."""
        through = self.newest + puts * changes
        with self.load(subscribers).live("--through", str(through), "--stalled", str(stalled)) as load:
            committed = self.write(puts, changes, puts_a_second)
            return Watched(*load.wait(), committed)

    def write(self, puts: int, changes: int, puts_a_second: float) -> dict[int, int]:
        """Write; when each offset was committed, in microseconds since 1970."""
        command = [*pinned(LOAD_CORE), sys.executable, str(_WRITER), str(self._store)]
        command += map(str, (self.newest, puts, changes, puts_a_second))
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        committed = {}
        for line in done.stdout.splitlines():
            last, moment = map(int, line.split())
            committed |= dict.fromkeys(range(last - changes + 1, last + 1), moment)
        self.newest += puts * changes
        return committed


@contextmanager
def feed(generator: Path, *options: str) -> Iterator[Feed]:
    """A server of one worker on an empty store."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        store = Path(scratch)
        with EmbeddedWriter.open(store) as writer:
            writer.put_project(ProjectInfo("enwiki", language="en"))
        with wikifeed_serve(store, "--workers", "1", *options, core=SERVER_CORE) as server:
            yield Feed(generator, store, server)


def percentile(ordered: list[float], share: float) -> float:
    """The figure that so great a share of them is not above."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
