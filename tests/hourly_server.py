"""`wikifeed serve` in a process of its own with hourly batches, which needs accounts."""

import asyncio
import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from demo_server import COMMAND, ENVIRONMENT, serving
from made_up_feed import START, Feed

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

# The files of the newest hour come in several pieces.
_NOISE_BYTES, _SOME_BYTES = 300_000, 10


class HourlyServer(NamedTuple):
    """Where a server with batches is, and a key of the account "ada", whose plan allows 10 articles a month."""

    address: str
    key: str


@contextmanager
def hourly_serving(store: Path, hours: int = 2) -> Iterator[HourlyServer]:
    """A server with batches of so many hours, of five changes each in two namespaces and two formats."""
    asyncio.run(_fill(store, [hour_of(START) + number * HOUR_MICROSECONDS for number in range(hours)]))

    def accounts(*words: str) -> str:
        line = [*COMMAND, *words, "--store", str(store)]
        return subprocess.run(line, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()

    accounts("plans", "set", "few", "--on-demand", "10")
    accounts("users", "add", "ada", "--no-password", "--plan", "few")
    key = accounts("keys", "create", "ada")
    with serving(store, "--accounts", "yes") as address:
        yield HourlyServer(address, key)


async def _fill(store: Path, hours: list[int]) -> None:
    feed = Feed(store)
    for hour in hours:
        feed.time = hour + 1
        for number in range(10):
            noise = hashlib.shake_256(bytes([number])).hexdigest(_NOISE_BYTES if hour == hours[-1] else _SOME_BYTES)
            feed.publish(f"Page {number}", 100 + number, namespace=number % 2, text=noise)
    feed.close()
    library = BatchLibrary(store)
    async with EmbeddedReader.open(store) as reader:
        for hour in hours:
            await write_hour(reader, hour, library.begin(hour))
            library.finish(hour)
