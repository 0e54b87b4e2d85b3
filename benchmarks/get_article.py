"""What GetArticle costs the server, beside a bare grpc.aio handler that returns constant bytes of the same size.

    python benchmarks/get_article.py [--full] [--json FILE]

All servers are processes of their own on uvloop with the allocator set as `wikifeed serve` sets it. "In memory" is a
server that has read the articles before, "from disk" one that keeps no article in memory and unpacks each time. Each
round asks every server for the same number of articles at random, and a round's CPU time of a server is held beside
that of the bare one in the same round; the median counts, so that whatever else the machine does meets all of them.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import grpc
import uvloop
from server_process import ServerProcess, report, row, server_process

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.services.article import ArticleService
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

GET_ARTICLE = "/wikifeed.v1.ArticleService/GetArticle"
BOUNDS = {20_000: 1.25, 200_000: 1.5}
PAGES = 100
HEAD_BYTES = 3_000
CONCURRENT_CALLS = 32
IN_MEMORY_BYTES = 64 << 20


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="five times as many rounds")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    arguments.add_argument("--serve", nargs=2, metavar=("STORE", "CACHE_BYTES"), help=argparse.SUPPRESS)
    arguments.add_argument("--serve-bare", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.serve_bare or chosen.serve:
        keep_freed_memory()
        uvloop.run(serve_bare() if chosen.serve_bare else serve(Path(chosen.serve[0]), int(chosen.serve[1])))
        return 0
    return report(measure(rounds=45 if chosen.full else 9), chosen.json)


def measure(rounds: int) -> list[dict[str, object]]:
    """All rows."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch, ExitStack() as stack:
        store = Path(scratch)
        fill(store)
        servers = {
            "bare": stack.enter_context(server_process(__file__, "--serve-bare")),
            "in memory": stack.enter_context(server_process(__file__, "--serve", scratch, str(IN_MEMORY_BYTES))),
            "from disk": stack.enter_context(server_process(__file__, "--serve", scratch, "0")),
        }
        return [one for size in BOUNDS for one in measure_size(servers, size, rounds)]


def measure_size(servers: dict[str, ServerProcess], size: int, rounds: int) -> list[dict[str, object]]:
    """The rows of one size of article."""
    calls = 1000 if size < 100_000 else 400
    costs: dict[str, list[float]] = {name: [] for name in servers}
    for number in range(rounds + 1):
        turns = list(servers.items())
        for name, server in turns[number % 3 :] + turns[: number % 3]:
            method = f"/bench.Bare/Get{size}" if name == "bare" else GET_ARTICLE
            costs[name].append(uvloop.run(seconds_a_call(server, method, size, calls)))
    kilobytes, bound = size // 1000, BOUNDS[size]
    rows = []
    for name in servers:
        figures = costs[name][1:]
        if name != "bare":
            ratio = statistics.median(ours / bare for ours, bare in zip(figures, costs["bare"][1:], strict=True))
            what = f"GetArticle of {kilobytes} KB {name}, server CPU beside a bare handler"
            rows.append(row(what, ratio, "x", bound=f"<= {bound}", ok=ratio <= bound))
        what = f"bare handler of {kilobytes} KB" if name == "bare" else f"GetArticle of {kilobytes} KB {name}"
        rows.append(row(what, 1e6 * statistics.median(figures), "µs CPU"))
    return rows


async def seconds_a_call(server: ServerProcess, method: str, size: int, calls: int) -> float:
    """The server's CPU time for one of `calls` calls, several of them at a time."""
    options = [("grpc.max_receive_message_length", -1)]
    async with grpc.aio.insecure_channel(server.address, options=options) as channel:
        call = channel.unary_unary(method)

        async def ask(count: int) -> None:
            for _ in range(count):
                title = f"Article {random.randrange(PAGES)} of {size} bytes"
                answer = await call(GetArticleRequest(project="enwiki", title=title).SerializeToString())
                assert len(answer) > size

        await ask(CONCURRENT_CALLS)
        before = server.cpu_seconds()
        await asyncio.gather(*(ask(calls // CONCURRENT_CALLS) for _ in range(CONCURRENT_CALLS)))
        return (server.cpu_seconds() - before) / (calls // CONCURRENT_CALLS * CONCURRENT_CALLS)


def fill(store: Path) -> None:
    """A store with made-up articles of each size, whose text packs about as wikitext does."""
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 12))) for _ in range(5000)]
    with EmbeddedWriter.open(store) as writer:
        writer.put_project(ProjectInfo("enwiki", language="en", namespaces=(NamespaceInfo(0, ""),)))
        for size in BOUNDS:
            for number in range(PAGES):
                title = f"Article {number} of {size} bytes"
                page_id = size + number
                abstract = " ".join(rng.choices(words, k=HEAD_BYTES // 4))[:HEAD_BYTES]
                head = Article(name=title, identifier=page_id, abstract=abstract).SerializeToString()
                text = " ".join(rng.choices(words, k=size // 4))[: size - HEAD_BYTES]
                body = Article(article_body={"wikitext": text}).SerializeToString()
                writer.put([ArticleWrite("enwiki", page_id, title, 0, page_id, 1, head, body_wikitext=body)])


async def serve(store: Path, cache_bytes: int) -> None:
    """Serve ArticleService as `wikifeed serve` does."""
    async with EmbeddedReader.open(store, cache_bytes) as reader:
        services = {"wikifeed.v1.ArticleService": ArticleService(reader)}
        running = await start_server(services, ["127.0.0.1:0"], ServerOptions(), asyncio.Event())
        print(running.addresses[0], flush=True)
        await running.wait()


async def serve_bare() -> None:
    """Serve handlers that do nothing but return bytes."""

    def handler(size: int) -> grpc.RpcMethodHandler:
        answer = bytes(size + 1)

        async def get(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
            return answer

        return grpc.unary_unary_rpc_method_handler(get)

    bare = grpc.aio.server(options=ServerOptions().as_channel_arguments())
    handlers = {f"Get{size}": handler(size) for size in BOUNDS}
    bare.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Bare", handlers),))
    print(f"127.0.0.1:{bare.add_insecure_port('127.0.0.1:0')}", flush=True)
    await bare.start()
    await bare.wait_for_termination()


if __name__ == "__main__":
    sys.exit(main())
