"""Articles on demand over HTTP, beside the same over gRPC from the same process.

    python benchmarks/gateway_calls.py [--full] [--json FILE]

GET /v2/articles/{name} answers with JSON what LookupArticles answers over gRPC. What counts is the server's CPU time a
request, of both measured in turns.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from load import Load, median
from made_up_store import article_requests, fill_articles
from server_process import LOAD_CORE, SERVER_CORE, ServerProcess, pinned, report, row, wikifeed_serve
from toolchain import load_generator

from wikifeed.v1.article_service_pb2 import GetArticleRequest, LookupArticlesRequest

LOOKUP = "/wikifeed.v1.ArticleService/LookupArticles"
SIZE = 20_000
CONNECTIONS = 32
FULL, QUICK = (1.5, 5), (0.4, 2)


def main() -> int:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="longer runs, more of them")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    chosen = arguments.parse_args()
    seconds, rounds = FULL if chosen.full else QUICK
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        fill_articles(Path(scratch), (SIZE,))
        with wikifeed_serve(
            Path(scratch), "--workers", "1", "--http", "127.0.0.1:0", "--accounts", "no", core=SERVER_CORE
        ) as server:
            return report(measure(server, seconds, rounds), chosen.json)


def measure(server: ServerProcess, seconds: float, rounds: int) -> list[dict[str, object]]:
    """The rows."""
    titles = [GetArticleRequest.FromString(one).title for one in article_requests(SIZE)]
    whole = [f"/v2/articles/{title.replace(' ', '_')}" for title in titles]
    heads = [f"{path}?fields=name&fields=identifier&fields=url" for path in whole]
    generator = load_generator()
    over_http, of_heads, over_grpc = [], [], []
    for _ in range(rounds):
        over_http.append(http_cpu_us(server, whole, seconds))
        of_heads.append(http_cpu_us(server, heads, seconds))
        if generator is not None:
            requests = [LookupArticlesRequest(title=title).SerializeToString() for title in titles]
            over_grpc.append(Load(generator, server, LOOKUP, requests, LOAD_CORE).for_seconds(seconds))
    http_us, heads_us = statistics.median(over_http), statistics.median(of_heads)
    what = f"HTTP: an article of {SIZE // 1000} KB by its title"
    rows = [
        row(what, 1e6 / http_us, "requests a CPU-s"),
        row("HTTP: three fields of an article by its title", 1e6 / heads_us, "requests a CPU-s"),
    ]
    if over_grpc:
        grpc_us = median(over_grpc, lambda result: result.cpu_us)
        rows.append(row("LookupArticles of the same over gRPC", 1e6 / grpc_us, "calls a CPU-s"))
        rows.append(row(f"{what}, server CPU beside gRPC's", http_us / grpc_us, "x"))
    return rows


def http_cpu_us(server: ServerProcess, paths: list[str], seconds: float) -> float:
    """Microseconds of the server's CPU time a request."""
    load = [*pinned(LOAD_CORE), sys.executable, str(Path(__file__).with_name("http_load.py"))]
    load += [server.http, str(CONNECTIONS), str(seconds)]
    before = server.cpu_seconds()
    done = subprocess.run(load, input="\n".join(paths), check=True, stdout=subprocess.PIPE, text=True)
    return 1e6 * (server.cpu_seconds() - before) / float(json.loads(done.stdout)["requests"])


if __name__ == "__main__":
    sys.exit(main())
