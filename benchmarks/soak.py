"""Whether a server stays as it is under an even load: memory, right answers, clients that do not read.

    python benchmarks/soak.py [--minutes N] [--transport grpcio|native] [--json FILE]

`wikifeed serve` on a store of its own gets calls of GetArticle, whose answers are compared with the first, streams
that must have every change once, streams that are opened and never read, and streams that come and go, while a
writer puts changes. Prints the memory of the workers each minute; the figure is its growth from a fifth of the time
to the end.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import grpc
import psutil
import uvloop
from made_up_store import change
from server_process import report, row

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store.embedded import EmbeddedWriter

CALLS_A_SECOND, CHANGES_A_SECOND = 200, 20
READERS, STALLED = 50, 5
GROWTH_BOUND = 1.2
ALL_HEAD, WHOLE = "bare", "whole"  # projects
TEXTS = ["".join(random.Random(number).choices("abcdefghij ", k=4000)) for number in range(20)]


class Soak:
    """One run against the server at an address."""

    def __init__(self, channels: list[grpc.aio.Channel], store: Path, ends: float) -> None:
        self.wrong = 0
        self.calls = 0
        self.memory: list[int] = []
        self._channels = channels
        self._store = store
        self._ends = ends

    async def run(self, server: psutil.Process) -> None:
        """Load the server until the time is over."""
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(self._read(number)) for number in range(READERS)]
            running += [tasks.create_task(self._stall(number)) for number in range(STALLED)]
            running += [tasks.create_task(self._come_and_go()), tasks.create_task(asyncio.to_thread(self._write))]
            running.append(tasks.create_task(self._call()))
            while time.monotonic() < self._ends:
                self.memory.append(sum(child.memory_info().rss for child in server.children()))
                print(f"{self.memory[-1] / 1e6:.1f} MB, {self.calls} calls, {self.wrong} wrong", flush=True)
                await asyncio.sleep(min(60, max(self._ends - time.monotonic(), 0.1)))
            for task in running:
                task.cancel()

    def _stream(self, number: int, **fields: object) -> "grpc.aio.UnaryStreamCall[bytes, bytes]":
        call = self._channels[number % len(self._channels)].unary_stream("/wikifeed.v1.ChangeService/StreamChanges")
        return call(StreamChangesRequest(**fields).SerializeToString())

    async def _read(self, number: int) -> None:
        """A live stream: every offset once."""
        seen = 0
        async for data in self._stream(number, no_body=number % 2 == 0):
            for got in StreamChangesResponse.FromString(data).changes:
                self.wrong += bool(seen) and got.offset != seen + 1
                seen = got.offset

    async def _stall(self, number: int) -> None:
        """Streams that are never read: each is replaced when the server has ended it."""
        while True:
            call = self._stream(number, after_offset=0)
            await call.initial_metadata()
            await asyncio.sleep(90)
            call.cancel()

    async def _come_and_go(self) -> None:
        number = 0
        while True:
            number += 1
            call = self._stream(number, after_offset=0, no_body=True)
            for _ in range(3):
                await call.read()
            call.cancel()
            await asyncio.sleep(0.1)

    async def _call(self) -> None:
        known: dict[int, bytes] = {}
        rng = random.Random(2)
        while True:
            number = rng.randrange(500)
            request = GetArticleRequest(project=WHOLE, page_id=number + 1).SerializeToString()
            channel = self._channels[number % len(self._channels)]
            answer = await channel.unary_unary("/wikifeed.v1.ArticleService/GetArticle")(request)
            self.calls += 1
            self.wrong += known.setdefault(number, answer) != answer
            await asyncio.sleep(1 / CALLS_A_SECOND)

    def _write(self) -> None:
        with EmbeddedWriter.open(self._store) as writer:
            number = 0
            while time.monotonic() < self._ends:
                number += 1
                writer.put([change(ALL_HEAD, number, TEXTS[number % len(TEXTS)])])
                time.sleep(1 / CHANGES_A_SECOND)


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10)
    arguments.add_argument("--transport", default="grpcio")
    arguments.add_argument("--json", type=Path, metavar="FILE")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="wikifeed-soak-") as scratch:
        store = Path(scratch)
        with EmbeddedWriter.open(store) as writer:
            for project in (ALL_HEAD, WHOLE):
                writer.put_project(ProjectInfo(project, language="en"))
            writer.put([change(WHOLE, number, TEXTS[number % len(TEXTS)], bodies=True) for number in range(500)])
        command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", scratch, "--listen", "127.0.0.1:0"]
        command += ["--http", "none"]
        command += ["--transport", chosen.transport, "--log-format", "json", "--stalled-seconds", "30"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            address = json.loads(process.stderr.readline())["addresses"][0]
            try:
                soak = uvloop.run(soaked(address, store, chosen.minutes, psutil.Process(process.pid)))
            finally:
                process.terminate()
                process.stderr.read()
    growth = soak.memory[-1] / soak.memory[len(soak.memory) // 5]
    name = f"{chosen.minutes:g} minutes of calls, streams and stalled clients ({chosen.transport})"
    rows = [
        row(f"{name}: growth of memory", growth, "x", f"<= {GROWTH_BOUND}", ok=growth <= GROWTH_BOUND),
        row(f"{name}: wrong answers", soak.wrong, "", "<= 0", ok=soak.wrong == 0),
    ]
    return report(rows, chosen.json)


async def soaked(address: str, store: Path, minutes: float, server: psutil.Process) -> Soak:
    """A run that has ended."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(8)]
    soak = Soak(channels, store, time.monotonic() + minutes * 60)
    await soak.run(server)
    for channel in channels:
        await channel.close()
    return soak


if __name__ == "__main__":
    sys.exit(main())
