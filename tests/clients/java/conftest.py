"""Everything in Java, built, and a server that has hourly batches."""

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from demo_server import COMMAND, ENVIRONMENT, serving
from made_up_feed import START, Feed

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

HOURS = [hour_of(START) + number * HOUR_MICROSECONDS for number in range(2)]


class HourlyServer(NamedTuple):
    """A server that has batches of two hours and needs accounts, and a key of "ada", who may ask for 10 articles."""

    address: str
    key: str


@pytest.fixture(scope="session")
def built(repository: Path) -> Path:
    """Builds everything in Java, with the client's own tests; the folder of what was built."""
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"there is no {' and no '.join(missing)}")
    line = ["mvn", "-q", "-B", "-P", "release", "-f", "clients/java/all/pom.xml", "package"]
    result = subprocess.run(line, cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return repository / "build" / "java"


@pytest.fixture(scope="session")
def hourly_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HourlyServer]:
    """The files of its batches come in several pieces."""
    store = tmp_path_factory.mktemp("hourly")
    feed = Feed(store)
    for hour in HOURS:
        feed.time = hour + 1
        for number in range(10):
            noise = hashlib.shake_256(bytes([number])).hexdigest(300_000)
            feed.publish(f"Page {number}", 100 + number, namespace=number % 2, text=noise)
    feed.close()
    asyncio.run(_write_hours(store))

    def accounts(*words: str) -> str:
        line = [*COMMAND, *words, "--store", str(store)]
        return subprocess.run(line, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()

    accounts("plans", "set", "few", "--on-demand", "10")
    accounts("users", "add", "ada", "--no-password", "--plan", "few")
    key = accounts("keys", "create", "ada")
    with serving(store, "--accounts", "yes") as address:
        yield HourlyServer(address, key)


async def _write_hours(store: Path) -> None:
    library = BatchLibrary(store)
    async with EmbeddedReader.open(store) as reader:
        for hour in HOURS:
            await write_hour(reader, hour, library.begin(hour))
            library.finish(hour)
