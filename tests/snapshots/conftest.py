"""Stores to take snapshots of."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from snapshot_feed import Feed


@pytest.fixture
async def new_feed(tmp_path: Path) -> AsyncIterator[Callable[[], Feed]]:
    """Makes stores, each empty."""
    feeds: list[Feed] = []

    def make() -> Feed:
        feeds.append(Feed(tmp_path / f"store-{len(feeds)}"))
        return feeds[-1]

    yield make
    for feed in feeds:
        await feed.reader.close()
        feed.writer.close()


@pytest.fixture
def feed(new_feed: Callable[[], Feed]) -> Feed:
    """An empty store."""
    return new_feed()
