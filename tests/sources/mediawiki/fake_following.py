"""Follows a FakeWiki for a while."""

import asyncio
from contextlib import aclosing, suppress

from fake_wiki import WIKI, DirectApi, FakeWiki

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki import MediaWikiSource, PollingOptions

OVERLAP = 10
QUICK = PollingOptions(poll_seconds=0.0, overlap_seconds=OVERLAP, backfill=False)


def source(wiki: FakeWiki, options: PollingOptions = QUICK) -> MediaWikiSource:
    return MediaWikiSource(WIKI, DirectApi(wiki), options)


async def read(
    wiki: FakeWiki, state: bytes | None, requests: int = 5, options: PollingOptions = QUICK
) -> tuple[list[PageEvent], bytes | None]:
    """What comes until the wiki was asked so many times more, and the state then."""
    events: list[PageEvent] = []
    api = DirectApi(wiki)
    enough = asyncio.Event()
    end = len(wiki.asked) + requests
    ask = api.query

    async def query(parameters):
        if len(wiki.asked) >= end:
            enough.set()
            await asyncio.Event().wait()
        return await ask(parameters)

    api.query = query

    async def follow() -> None:
        nonlocal state
        async with aclosing(MediaWikiSource(WIKI, api, options).read(state)) as batches:
            async for batch in batches:
                events.extend(batch.events)
                state = batch.state

    following = asyncio.create_task(follow())
    waiting = asyncio.create_task(enough.wait())
    await asyncio.wait((following, waiting), return_when=asyncio.FIRST_COMPLETED)
    following.cancel()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await following
    return events, state


async def begun(wiki: FakeWiki, options: PollingOptions = QUICK) -> bytes:
    async with aclosing(source(wiki, options).read(None)) as batches:
        async for batch in batches:
            return batch.state
    raise AssertionError


def what(events: list[PageEvent]) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.title) for event in events]
