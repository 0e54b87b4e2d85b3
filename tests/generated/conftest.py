"""Programs in other languages: how they are built, and the server that they talk to."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_server import fill, serving

Run = Callable[..., str]


@pytest.fixture(scope="session")
def run(repository: Path) -> Run:
    """Runs a command in a folder of the repository; what it wrote. Skips where there is no such command."""

    def run(*words: object, folder: Path | str = ".", **variables: str) -> str:
        command = str(words[0])
        if shutil.which(command) is None:
            pytest.skip(f"there is no {command}")
        place = repository / folder
        place.mkdir(parents=True, exist_ok=True)
        line = list(map(str, words))
        environment = {**os.environ, **variables}
        result = subprocess.run(line, cwd=place, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"{line}:\n{result.stdout}{result.stderr}"
        return result.stdout

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    store = tmp_path_factory.mktemp("stubs") / "store"
    fill(store)
    with serving(store) as address:
        yield address
