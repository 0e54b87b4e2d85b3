"""A worker that is told what to count: `python counting_worker.py STORE ADMIN`, then a line for each thing to do.

It answers each line with a line, once that is done.
"""

import asyncio
import sys
import threading
from dataclasses import replace
from pathlib import Path

import grpc
import uvloop

from wikifeed_server.runtime.loading import load_configuration
from wikifeed_server.runtime.telemetry.control import Telemetry, telemetry
from wikifeed_server.store import PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.transport.observing import CallEnd


class Subscriber:
    def __init__(self, through_offset: int) -> None:
        self.through_offset = through_offset


def spin_in_circles(begun: threading.Event, stop: threading.Event) -> None:
    """Keep a core busy."""
    begun.set()
    while not stop.is_set():
        sum(range(100))


async def worker(store: Path, admin: str) -> None:
    settings = load_configuration({}, {}, store).settings
    settings = replace(
        settings,
        store=replace(settings.store, folder=store),
        telemetry=replace(settings.telemetry, admin=admin),
    )
    reader = EmbeddedReader.open(store, 1 << 20)
    stop = threading.Event()
    async with telemetry(settings, reader) as observed:
        print("ready", flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).split():
            print(await do(observed, stop, *line), flush=True)
    stop.set()
    await reader.close()


async def do(observed: Telemetry, stop: threading.Event, what: str, *how: str) -> str:
    match what, *how:
        case "calls", method, code, count, seconds, size:
            for _ in range(int(count)):
                for calls in observed.calls:
                    calls.call_began(method)
                    calls.call_ended(call_end(method, code, float(seconds), 1, int(size)))
        case "begin", method:
            for calls in observed.calls:
                calls.call_began(method)
        case "subscribe", through:
            observed.deliveries.subscribed(Subscriber(int(through)))
        case "deliver", changes:
            observed.deliveries.delivered(int(changes))
        case "get", page_id:
            article = await observed.reader.get(PageKey("enwiki", page_id=int(page_id)), Parts(0))
            return article.title if article else "none"
        case "spin", *_:
            begun = threading.Event()
            threading.Thread(target=spin_in_circles, args=[begun, stop], name="spinner", daemon=True).start()
            begun.wait()
        case "wait_for_godot", *_:
            KEPT.append(asyncio.create_task(wait_for_godot(), name="vladimir"))
            await asyncio.sleep(0)
        case "listen", *_:
            server = grpc.aio.server()
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            KEPT.append(server)
            return str(port)
    return "done"


def call_end(method: str, code: str, seconds: float, messages: int, size: int) -> CallEnd:
    known = {"method": method, "code": code, "seconds": seconds, "messages_sent": messages, "bytes_sent": size}
    return CallEnd(**dict.fromkeys(CallEnd._fields, "") | known)


async def wait_for_godot() -> None:
    await asyncio.Event().wait()


KEPT: list[object] = []

if __name__ == "__main__":
    uvloop.run(worker(Path(sys.argv[1]), sys.argv[2]))
