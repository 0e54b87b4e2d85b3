"""Going on after a hundred cuts, and a snapshot that joins the stream, over a real server while changes are written."""

import asyncio
import random
from contextlib import suppress

import grpc
import orjson
import pytest
import zstandard
from made_up_feed import Feed

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EVENT_TYPE_DELETE
from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.snapshots import Content, Format, SnapshotSpec, write_snapshot
from wikifeed_server.store import Parts
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

CUTS = JOINS = 100
PAGES = 60


@pytest.fixture
def rng():
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    return random.Random(seed)


@pytest.fixture
def feed(tmp_path):
    feed = Feed(tmp_path)
    yield feed
    feed.close()


@pytest.fixture
async def reader(feed, tmp_path):
    async with EmbeddedReader.open(tmp_path) as reader:
        yield reader


@pytest.fixture
async def changes(reader, tmp_path):
    """A stub of ChangeService over a real server."""
    stopping = asyncio.Event()
    async with EmbeddedSubscriptions(tmp_path) as names:
        services = {
            "wikifeed.v1.ChangeService": (
                ChangeService(reader, stopping, heartbeat_seconds=0.05),
                Subscriptions(reader, names, stopping),
            )
        }
        server = await start_server(services, ["127.0.0.1:0"], ServerOptions(), stopping)
        async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
            yield ChangeServiceStub(channel)
        await server.stop(0)


def change_something(feed, rng):
    """Edit, create, delete or hide away behind a redirect one of few pages."""
    page_id = rng.randrange(1, PAGES)
    kind = rng.random()
    if kind < 0.15:
        feed.delete(f"Page {page_id}", page_id)
    elif kind < 0.25:
        feed.redirect(f"Page {page_id}", "Page 1", page_id)
    else:
        feed.publish(f"Page {page_id}", page_id, text=rng.randbytes(rng.randrange(2000)).hex())


async def test_the_union_of_what_came_between_a_hundred_cuts_is_the_log(feed, changes, rng):
    done = False

    async def write():
        while not done:
            change_something(feed, rng)
            await asyncio.sleep(rng.choice((0, 0, 0.002)))

    writing = asyncio.create_task(write())
    seen, through = [], 0
    for _ in range(CUTS):
        call = changes.StreamChanges(
            StreamChangesRequest(after_offset=through, no_body=rng.random() < 0.5, max_batch_size=rng.randrange(1, 20))
        )
        for _ in range(rng.randrange(1, 6)):
            response = await call.read()
            seen += [change.offset for change in response.changes]
            through = response.through_offset
        call.cancel()
        with suppress(asyncio.CancelledError):
            await call.code()
    done = True
    await writing
    assert seen == list(range(1, len(seen) + 1))
    assert through == len(seen)


async def test_a_snapshot_and_the_stream_from_it_are_the_present_wherever_it_was_taken(
    feed, reader, changes, rng, tmp_path
):
    for _ in range(400):
        change_something(feed, rng)
    newest = (await reader.log_info()).newest_offset
    present = await state(reader, newest)
    for attempt in range(JOINS):
        spec = SnapshotSpec("enwiki", 0, rng.randrange(newest + 1), Content.JSON, Format.ZST)
        folder = tmp_path / "snapshots" / str(attempt)
        folder.mkdir(parents=True)
        manifest = await write_snapshot(reader, spec, folder, lambda _: None)
        data = zstandard.ZstdDecompressor().stream_reader((folder / manifest.chunks[0].file_name).read_bytes()).read()
        pages = {line["identifier"]: line["version"]["identifier"] for line in map(orjson.loads, data.splitlines())}
        if spec.offset < newest:
            request = StreamChangesRequest(after_offset=spec.offset, until_offset=newest)
            async for response in changes.StreamChanges(request):
                for change in response.changes:
                    apply(pages, change)
        assert pages == present, spec.offset


def apply(pages, change):
    """What a change does to a copy of the articles."""
    article = change.article
    if change.event_type == EVENT_TYPE_DELETE or change.redirect_target:
        pages.pop(article.identifier, None)
    else:
        pages[article.identifier] = article.version.identifier


async def state(reader, offset):
    """The revision of each article as of an offset."""
    found = await reader.scan("enwiki", (0,), offset, 0, Parts.HEAD, 10_000, 1 << 30)
    articles = [Article.FromString(b"".join(stored.fragments)) for stored in found]
    return {article.identifier: article.version.identifier for article in articles}
