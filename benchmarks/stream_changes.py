"""How much of the log StreamChanges replays in a CPU-second of the server.

    python benchmarks/stream_changes.py [--full] [--json FILE]

The server is a process of its own on uvloop with the allocator set as `wikifeed serve` sets it; the client reads the
raw bytes of a stream from the beginning of the log to its end. Changes take 3 KB each: those without body are all
head, those of whole articles a third head and two thirds wikitext. The filter is one by namespace that lets 1 change in
100 pass, and is counted in entries of the log. Each figure is the median of several replays.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from pathlib import Path

import grpc
import uvloop
from server_process import ServerProcess, report, row, server_process

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.services.change import ChangeService
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

CHANGE_BYTES = 3_000
ALL_HEAD, WHOLE = "bare", "whole"  # projects
RARE_NAMESPACE, RARE = 14, 100
REPLAY_BOUND, FILTER_BOUND = 100_000, 500_000


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="200,000 changes instead of 60,000")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    arguments.add_argument("--serve", metavar="STORE", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.serve:
        keep_freed_memory()
        uvloop.run(serve(Path(chosen.serve)))
        return 0
    return report(measure(changes=200_000 if chosen.full else 60_000, replays=7), chosen.json)


def measure(changes: int, replays: int) -> list[dict[str, object]]:
    """All rows."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        half = changes // 2
        fill(Path(scratch), half)
        with server_process(__file__, "--serve", scratch) as server:
            bare = StreamChangesRequest(after_offset=0, until_offset=half, no_body=True)
            rare = StreamChangesRequest(after_offset=0, until_offset=half, no_body=True, namespaces=[RARE_NAMESPACE])
            whole = StreamChangesRequest(after_offset=half, until_offset=changes)
            named = (
                ("StreamChanges, 3 KB changes without body", bare, half, REPLAY_BOUND),
                ("StreamChanges, whole articles of 3 KB", whole, half, 0),
                ("StreamChanges, entries of the log past a filter for 1 in 100", rare, half // RARE, FILTER_BOUND),
            )
            rows = []
            for name, request, expected, bound in named:
                speed = half / statistics.median(seconds(server, request, expected) for _ in range(replays))
                rows.append(row(name, speed, "a CPU-s", f">= {bound}" if bound else "", ok=speed >= bound))
            return rows


def seconds(server: ServerProcess, request: StreamChangesRequest, expected: int) -> float:
    """The server's CPU time for one stream, which is to have `expected` changes of about 3 KB."""
    before = server.cpu_seconds()
    size = uvloop.run(drain(server, request))
    taken = server.cpu_seconds() - before
    assert 0.9 < size / expected / CHANGE_BYTES < 1.1
    return taken


async def drain(server: ServerProcess, request: StreamChangesRequest) -> int:
    """Read a stream to its end; how many bytes it had. Only the last response is looked into."""
    size = 0
    last = b""
    async with grpc.aio.insecure_channel(server.address) as channel:
        call = channel.unary_stream("/wikifeed.v1.ChangeService/StreamChanges")(request.SerializeToString())
        while (data := await call.read()) is not grpc.aio.EOF:
            size += len(data)
            last = data
    assert StreamChangesResponse.FromString(last).through_offset == request.until_offset
    return size


def fill(store: Path, half: int) -> None:
    """A store whose log has first changes that are all head, then as many whole articles."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 12))) for _ in range(5000)]
    texts = [" ".join(rng.choices(words, k=CHANGE_BYTES // 4)) for _ in range(200)]
    with EmbeddedWriter.open(store) as writer:
        for project in (ALL_HEAD, WHOLE):
            writer.put_project(ProjectInfo(project, language="en"))
            for start in range(0, half, 1000):
                writer.put([article(project, number, texts) for number in range(start, min(start + 1000, half))])


def article(project: str, number: int, texts: list[str]) -> ArticleWrite:
    """A made-up article that makes a change of about 3 KB."""
    text = texts[number % len(texts)]
    title, page_id = f"Article {number}", number + 1
    head_bytes = CHANGE_BYTES - 150 if project == ALL_HEAD else CHANGE_BYTES // 3 - 150
    head = Article(name=title, identifier=page_id, abstract=text[:head_bytes]).SerializeToString()
    body = Article(article_body={"wikitext": text[: CHANGE_BYTES * 2 // 3]}).SerializeToString()
    return ArticleWrite(
        project,
        page_id,
        title,
        0 if number % RARE else RARE_NAMESPACE,
        page_id,
        1,
        head,
        body_wikitext=body if project == WHOLE else b"",
    )


async def serve(store: Path) -> None:
    """Serve ChangeService as `wikifeed serve` does."""
    stopping = asyncio.Event()
    async with EmbeddedReader.open(store) as reader:
        services = {"wikifeed.v1.ChangeService": ChangeService(reader, stopping)}
        running = await start_server(services, ["127.0.0.1:0"], ServerOptions(), stopping)
        print(running.addresses[0], flush=True)
        await running.wait()


if __name__ == "__main__":
    sys.exit(main())
