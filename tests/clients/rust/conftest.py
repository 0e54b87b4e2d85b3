"""Cargo, and servers on the bundled pages: 16 articles and 14 redirects."""

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_server import COMMAND, ENVIRONMENT, fill, serving
from made_up_certificates import make_certificate, openssl
from made_up_feed import START, Feed

from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

Cargo = Callable[..., str]
# In each hour there are the batches of two namespaces in two formats, and a page of their list has 100.
HOURS = [hour_of(START) + number * HOUR_MICROSECONDS for number in range(26)]


@pytest.fixture(scope="session")
def cargo(repository: Path) -> Cargo:
    """Runs cargo in a folder; what it wrote. All builds share what they have in common."""
    path = shutil.which("cargo")
    if path is None:
        pytest.skip("there is no cargo: https://rustup.rs")
    target = repository / "build" / "clients" / "rust-target"

    def run(*words: object, folder: Path, **variables: str) -> str:
        environment = {**ENVIRONMENT, "CARGO_TARGET_DIR": str(target), **variables}
        line = [path, *map(str, words)]
        result = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"cargo {words}:\n{result.stdout}{result.stderr}"
        return result.stdout

    return run


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("rust") / "store"
    fill(store)
    return store


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    """The address of a server."""
    with serving(store) as address:
        yield address


@pytest.fixture(scope="session")
def hourly_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with batches of 26 hours; the files of the newest come in several pieces."""
    store = tmp_path_factory.mktemp("hourly")
    feed = Feed(store)
    for hour in HOURS:
        feed.time = hour + 1
        for number in range(10):
            noise = hashlib.shake_256(bytes([number])).hexdigest(300_000 if hour == HOURS[-1] else 10)
            feed.publish(f"Page {number}", 100 + number, namespace=number % 2, text=noise)
    feed.close()
    asyncio.run(_write_hours(store))
    return store


async def _write_hours(store: Path) -> None:
    library = BatchLibrary(store)
    async with EmbeddedReader.open(store) as reader:
        for hour in HOURS:
            await write_hour(reader, hour, library.begin(hour))
            library.finish(hour)


@pytest.fixture(scope="session")
def key(hourly_store: Path) -> str:
    """A key of the account "ada", whose plan allows 10 articles a month."""

    def accounts(*words: str) -> str:
        line = [*COMMAND, *words, "--store", str(hourly_store)]
        return subprocess.run(line, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout.strip()

    accounts("plans", "set", "few", "--on-demand", "10")
    accounts("users", "add", "ada", "--no-password", "--plan", "few")
    return accounts("keys", "create", "ada")


@pytest.fixture(scope="session")
def hourly_server(hourly_store: Path, key: str) -> Iterator[str]:
    """The address of a server that has batches, and needs accounts."""
    with serving(hourly_store, "--accounts", "yes") as address:
        yield address


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, the certificates of a server and a client that it signed, and another authority.

    rustls takes no certificate of a server that is an authority, too, as one that signs itself is.
    """
    folder = tmp_path_factory.mktemp("certificates")
    make_certificate(folder, "authority")
    make_certificate(folder, "other")
    for name in ("server", "client"):
        signed = ("-CA", folder / "authority.pem", "-CAkey", folder / "authority.key", "-subj", f"/CN={name}")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
        names = ("-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=IP:127.0.0.1")
        openssl(
            "req", "-x509", *signed, *curve, *names, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"
        )
    return folder


@pytest.fixture(scope="session")
def guarded_server(store: Path, certificates: Path) -> Iterator[str]:
    """The address of a server that speaks TLS, and that with those who show a certificate."""
    files = {"certificate": "server.pem", "key": "server.key", "client-authority": "authority.pem"}
    options = [word for name, file in files.items() for word in (f"--tls-{name}", certificates / file)]
    with serving(store, *options) as address:
        yield address
