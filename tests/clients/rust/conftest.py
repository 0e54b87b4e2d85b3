"""Cargo, and servers on the bundled pages: 16 articles and 14 redirects."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_server import ENVIRONMENT, fill, serving
from hourly_server import HourlyServer, hourly_serving
from made_up_certificates import make_certificate, openssl

Cargo = Callable[..., str]


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
def hourly_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HourlyServer]:
    """A server that has batches of 26 hours, more than a page of their list holds, and needs accounts."""
    with hourly_serving(tmp_path_factory.mktemp("hourly"), hours=26) as server:
        yield server


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
