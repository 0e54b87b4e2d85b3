"""`wikifeed serve` with a gateway in a process of its own, over a store that has one of everything."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from made_up_feed import Feed
from stored_files import DATE_AND_HOUR, StoredFiles

from wikifeed_server.accounts import Accounts, Plan
from wikifeed_server.snapshots import Content
from wikifeed_server.store.embedded import EmbeddedReader

TITLE = "Ada Lovelace"
# What each kind of thing in the store is called.
KNOWN = {
    "codes": "wiki",
    "languages": "en",
    "projects": "enwiki",
    "namespaces": "0",
    "snapshots": "enwiki_namespace_0",
    "batches": "enwiki_namespace_0",
}
KNOWN_CHUNK = "enwiki_namespace_0_chunk_0"
KNOWN_DATE, KNOWN_HOUR = DATE_AND_HOUR.split("/")


async def fill(folder: Path) -> str:
    """Put articles, a redirect, a deletion, snapshots and an hour's batches into a store, and an account; its key."""
    feed = Feed(folder)
    async with EmbeddedReader.open(folder) as reader:
        feed.publish(TITLE, page_id=7)
        feed.publish(TITLE, page_id=8, project="dewiki")
        feed.redirect("Countess of Lovelace", TITLE, page_id=9)
        feed.publish("AC/DC", page_id=10)
        feed.publish("Gone", page_id=11)
        feed.delete("Gone", page_id=11)
        stored = StoredFiles(folder, feed, reader)
        await stored.snapshot()
        await stored.snapshot(content=Content.STRUCTURED)
        await stored.hour("enwiki")
    feed.close()
    async with Accounts(folder) as accounts:
        await accounts.put_plan(Plan("unlimited"))
        await accounts.add("ada", "correct horse battery", "unlimited")
        _, key = await accounts.create_key("ada")
        return key


class Served:
    """A gateway at `address` ("http://127.0.0.1:8080")."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._events: list[dict[str, Any]] = []
        self._addresses: SimpleQueue[str] = SimpleQueue()
        self._reading = Thread(target=self._read)
        self._reading.start()
        self.address = f"http://{self._addresses.get()}"

    def faults(self) -> list[dict[str, Any]]:
        """What the server logged as wrong with itself; that it ended is wrong too."""
        code = self._process.poll()
        ended = [] if code is None else [{"event": "ended", "code": code}]
        return ended + [event for event in self._events if event["level"] in {"error", "critical"}]

    def stop(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)
        self._reading.join()

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as log:
            for line in log:
                if line.startswith("{"):
                    self._events.append(json.loads(line))
                    if self._events[-1]["event"] == "serving":
                        self._addresses.put(self._events[-1]["http"])
        self._addresses.put("")  # it has ended, perhaps before it served


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Served]:
    """`wikifeed serve` over the store in `folder` until the context ends."""
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", str(folder), "--log-format", "json"]
    command += ["--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--read-seconds", "1", *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}
    server = Served(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment))
    try:
        yield server
    finally:
        server.stop()
