"""npm, the built client and its examples, and servers to try them on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_server import ENVIRONMENT, fill, serving
from hourly_server import HourlyServer, hourly_serving

Npm = Callable[..., str]


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
    """A server that has batches of two hours, and needs accounts."""
    with hourly_serving(tmp_path_factory.mktemp("hourly")) as server:
        yield server
