"""The go command, the README's programs, and servers to try them on."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_server import fill, serving
from hourly_server import HourlyServer, hourly_serving

Go = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def go() -> Go:
    """Runs the go command in a folder."""
    path = shutil.which("go")
    if path is None:
        pytest.skip("there is no go: https://go.dev/dl")

    def run(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
        result = subprocess.run([path, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"go {words}:\n{result.stdout}{result.stderr}"
        return result

    return run


@pytest.fixture
def build_readme(go: Go, repository: Path, tmp_path: Path) -> Callable[[Callable[..., str]], None]:
    """Builds "readme" of what a function makes of the README's Go texts."""
    client = repository / "clients" / "go"

    def build(make: Callable[..., str]) -> None:
        texts = re.findall(r"```go\n(.*?)```", (client / "README.md").read_text(), re.DOTALL)
        (tmp_path / "main.go").write_text(make(*texts))
        module = (client / "go.mod").read_text()
        module = re.sub("^module .*", "module example.org/readme", module)
        module = module.replace("=> ../..", f"=> {repository}")
        module += "\nrequire github.com/wikifeed/wikifeed/clients/go v0.1.0\n"
        module += f"\nreplace github.com/wikifeed/wikifeed/clients/go => {client}\n"
        (tmp_path / "go.mod").write_text(module)
        shutil.copy(client / "go.sum", tmp_path / "go.sum")
        go("build", "-o", "readme", ".", folder=tmp_path)

    return build


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    store = tmp_path_factory.mktemp("go") / "store"
    fill(store)
    with serving(store) as address:
        yield address


@pytest.fixture(scope="session")
def hourly_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HourlyServer]:
    """A server that has batches of two hours, and needs accounts."""
    with hourly_serving(tmp_path_factory.mktemp("hourly")) as server:
        yield server
