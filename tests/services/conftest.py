"""The services over a real store."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from pathlib import Path

import pytest
from made_up_feed import Feed

from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.store.embedded import EmbeddedReader


@pytest.fixture
def feed(tmp_path: Path) -> Generator[Feed, None, None]:
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed: Feed, tmp_path: Path) -> AsyncGenerator[EmbeddedReader, None]:
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


@pytest.fixture
def articles(reader: EmbeddedReader) -> ArticleService:
    return ArticleService(reader)


@pytest.fixture
def catalog(reader: EmbeddedReader) -> CatalogService:
    return CatalogService(reader)


@pytest.fixture
def stopping() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def make_changes(reader: EmbeddedReader, stopping: asyncio.Event) -> Callable[..., ChangeService]:
    def make(**values: float) -> ChangeService:
        return ChangeService(reader, stopping, **values)

    return make


@pytest.fixture
def changes(make_changes: Callable[..., ChangeService]) -> ChangeService:
    return make_changes()


@pytest.fixture
def stream(changes):
    """Responses of one stream, parsed."""

    async def stream(service=changes, **fields):
        async with aclosing(service.StreamChanges(StreamChangesRequest(**fields))) as responses:
            async for data in responses:
                yield StreamChangesResponse.FromString(data)

    return stream


@pytest.fixture
def replay(stream):
    """All responses up to an offset."""

    async def replay(until_offset, **fields):
        return [response async for response in stream(until_offset=until_offset, **({"after_offset": 0} | fields))]

    return replay
