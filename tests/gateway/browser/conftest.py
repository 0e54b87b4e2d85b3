"""A browser, and a server that runs as users run it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Browser, chromium
from made_up_feed import Feed
from served_store import serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these need a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.full)


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(_started: Browser) -> Browser:
    """A browser with a wide window, light colours, no smooth scrolling and an empty console."""
    _started.resize(1280)
    _started.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    _started.open("about:blank")
    _started.complaints()
    return _started


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    """What publishes into the store that is served."""
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
def address(feed: Feed, tmp_path: Path) -> Iterator[str]:
    """Where the status page is."""
    del feed  # it makes the store
    with serving(tmp_path) as address:
        yield address
