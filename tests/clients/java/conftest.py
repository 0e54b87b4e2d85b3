"""Everything in Java, built, and a server that has hourly batches."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hourly_server import HourlyServer, hourly_serving


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
    """A server that has batches of two hours, and needs accounts."""
    with hourly_serving(tmp_path_factory.mktemp("hourly")) as server:
        yield server
