"""npm, the built client and its examples, and servers to try them on."""

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from demo_server import COMMAND, ENVIRONMENT, fill, serving
from made_up_feed import START, Feed

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

HOURS = [hour_of(START) + number * HOUR_MICROSECONDS for number in range(2)]
Npm = Callable[..., str]


class HourlyServer(NamedTuple):
    """A server that has batches of two hours and needs accounts, and a key of "ada", who may ask for 10 articles."""

    address: str
    key: str


@pytest.fixture(scope="session")
def npm(repository: Path) -> Npm:
    """Runs npm in a folder; what it wrote. The client is built before."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm: https://nodejs.org")

    def run(*words: object, folder: Path, **variables: str) -> str:
        line = ["npm", *map(str, words)]
        environment = {**ENVIRONMENT, **variables}
        result = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"{line}:\n{result.stdout}{result.stderr}"
        return result.stdout

    run("run", "--silent", "set-up", folder=repository / "clients" / "typescript")
    return run


@pytest.fixture(scope="session")
def client(repository: Path) -> Path:
    return repository / "clients" / "typescript"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("typescript") / "store"
    fill(store)
    return store


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    with serving(store, "--accounts", "no") as address:
        yield address


@pytest.fixture(scope="session")
def examples(npm: Npm, repository: Path) -> Path:
    """The folder of the built examples."""
    npm("run", "--silent", "set-up", folder=repository / "examples" / "typescript")
    return repository / "examples" / "typescript" / "dist"


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
