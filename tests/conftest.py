"""What all tests share: the rule that under CI nothing is skipped, and the way to the shared data."""

import os
import socket
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data too large for the repository: WIKIFEED_SHARED, else `shared` beside the repository."""
    folder = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        pytest.skip(f"there is no shared data at {folder}; WIKIFEED_SHARED says where it is")
    return folder


@pytest.fixture(scope="session")
def mediawiki(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real MediaWiki with Parsoid, of this session's own."""
    folder = tmp_path_factory.mktemp("mediawiki")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subprocess.run([shared / "mediawiki" / "start", folder, str(port)], check=True, stdout=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}"
    subprocess.run([shared / "mediawiki" / "stop", folder], check=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as failed under CI."""
    return _strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a skipped module as failed under CI."""
    return _strict((yield))


def _strict(report: Report) -> Report:
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {reason}"
    return report
