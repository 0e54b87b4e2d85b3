"""How fast an event gets from a wiki's event stream to a subscriber, and how many a second do.

    python benchmarks/follow.py [--full] [--json FILE]

An upstream process sends made-up events of mediawiki.page_change over Server-Sent Events and answers what is asked of
its wiki at once, each revision with HTML and wikitext of its own. `wikifeed follow` takes them into a store,
`wikifeed serve` serves it, and one subscriber reads StreamChanges without bodies. All share the machine. Latency is
from the moment before the event is sent to the moment at which the subscriber has it; the rate is that of a burst.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import grpc
import uvloop
from aiohttp import web
from server_process import report, row, server_process

from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from made_up_wiki import MadeUpWiki  # found by the line above

PAGES = 999
P50_BOUND, P99_BOUND, RATE_BOUND = 10, 50, 1000
COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="30 seconds at 100 events/s, and a burst of 10,000")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    arguments.add_argument("--upstream", nargs=2, type=int, metavar=("RATE", "EVENTS"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.upstream:
        uvloop.run(upstream(*chosen.upstream))
        return 0
    steady = delivered(100, 3000 if chosen.full else 500)
    burst = delivered(0, 10_000 if chosen.full else 3000)
    latencies = sorted(seen - sent for sent, seen in steady)
    p50, p99 = (1000 * latencies[int(len(latencies) * share)] for share in (0.5, 0.99))
    times = [seen for _, seen in burst]
    rate = len(times) / (times[-1] - times[0])
    return report(
        [
            row("follow: arrival to delivery, 100 events/s, median", p50, "ms", f"<= {P50_BOUND}", ok=p50 <= P50_BOUND),
            row("follow: arrival to delivery, 100 events/s, p99", p99, "ms", f"<= {P99_BOUND}", ok=p99 <= P99_BOUND),
            row("follow: a burst, to one subscriber", rate, "events/s", f">= {RATE_BOUND}", ok=rate >= RATE_BOUND),
        ],
        chosen.json,
    )


def delivered(rate: int, events: int) -> list[tuple[float, float]]:
    """When each of the events was sent and when the subscriber had it, in seconds; `rate` 0: as fast as it goes."""
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        store = Path(scratch) / "store"
        with (
            serving(store) as address,
            server_process(__file__, "--upstream", str(rate), str(events)) as source,
            following(store, source.address),
        ):
            return uvloop.run(subscribe(address, events))


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """`wikifeed serve`; its address."""
    command = [*COMMAND, "serve", "--store", str(store), "--listen", "127.0.0.1:0", "--log-format", "json"]
    command += ["--http", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stderr.readline())["addresses"][0]
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def following(store: Path, upstream_address: str) -> Iterator[None]:
    """`wikifeed follow` on the upstream's stream."""
    options = ["--stream", f"{upstream_address}/v2/stream/made-up", "--wiki-address", f"{upstream_address}/{{host}}/w/"]
    with subprocess.Popen([*COMMAND, "follow", "--store", str(store), *options], stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


async def subscribe(address: str, events: int) -> list[tuple[float, float]]:
    """The times of all events, in the order in which they came."""
    times: list[tuple[float, float]] = []
    async with grpc.aio.insecure_channel(address) as channel:
        request = StreamChangesRequest(after_offset=0, no_body=True)
        async for response in ChangeServiceStub(channel).StreamChanges(request):
            seen = time.time()
            times += [(sent_at(change), seen) for change in response.changes]
            if len(times) >= events:
                return times
    raise SystemExit("the stream ended")


def sent_at(change: "StreamChangesResponse.changes") -> float:
    """When the event of a change was sent."""
    moment = change.article.event.date_created
    return moment.seconds + moment.nanos / 1e9


async def upstream(rate: int, events: int) -> None:
    """Serve the stream and its wiki until the process is ended."""
    async with MadeUpWiki() as wiki:
        application = web.Application()

        async def stream(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
            await response.write(b":ok\n\n")
            await asyncio.sleep(1)  # the follower's first event finds everything warm but the wiki
            began = time.monotonic()
            for number in range(events):
                if rate:
                    await asyncio.sleep(max(0, began + number / rate - time.monotonic()))
                await response.write(made_up(wiki, number))
            await asyncio.Event().wait()
            return response

        application.router.add_get("/v2/stream/made-up", stream)
        application.router.add_route("*", "/{host}/w/api.php", wiki.api)
        application.router.add_get("/{host}/w/rest.php/v1/revision/{revision}/html", wiki.html)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()


def made_up(wiki: MadeUpWiki, number: int) -> bytes:
    """The event of that number, as the stream sends it: the next version of one of the pages."""
    version, page_id = number // PAGES + 1, number % PAGES + 1
    revision = 1000 * version + page_id
    wiki.newest[page_id] = revision
    told = {
        "meta": {
            "id": f"event-{number}",
            "stream": "mediawiki.page_change.v1",
            "domain": "made.up",
            "dt": datetime.now(UTC).isoformat(),
        },
        "wiki_id": "madeupwiki",
        "dt": datetime.now(UTC).isoformat(),
        "page_change_kind": "edit" if version > 1 else "create",
        "page": {"page_id": page_id, "page_title": f"Page_{page_id}", "namespace_id": 0},
        "revision": {"rev_id": revision} | ({"rev_parent_id": revision - 1000} if version > 1 else {}),
    }
    place = json.dumps([{"topic": "made-up", "partition": 0, "offset": number}])
    return f"event: message\nid: {place}\ndata: {json.dumps(told)}\n\n".encode()


if __name__ == "__main__":
    sys.exit(main())
