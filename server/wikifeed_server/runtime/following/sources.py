"""From settings to sources that can be followed, each with what prepares its events."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from wikifeed_server.builder.live_pool import LivePool
from wikifeed_server.builder.workers import BuildLimits
from wikifeed_server.runtime.config import FollowSettings, ImportSettings, Settings
from wikifeed_server.runtime.following.committing import Committer
from wikifeed_server.runtime.following.preparing import EventPreparer, StoreMemory
from wikifeed_server.runtime.following.status import Watch
from wikifeed_server.runtime.following.wikis import FollowedWiki, Wikis
from wikifeed_server.sources.events import Condition, EventSource, PageEvent, Patience
from wikifeed_server.sources.eventstreams import EventStreamSource, StreamOptions
from wikifeed_server.sources.mediawiki import (
    Etiquette,
    FactsOptions,
    FactsReader,
    MediaWikiSource,
    PollingOptions,
    Wiki,
    WikiApi,
    find_wiki,
    require_contact,
    user_agent,
)
from wikifeed_server.sources.scoring import LiftWing, ScoringOptions
from wikifeed_server.store.embedded import EmbeddedReader


@dataclass(frozen=True, slots=True)
class FollowedSource:
    """A source, what makes of its events what the store keeps, and what is noted of it."""

    source: EventSource
    preparer: EventPreparer
    watch: Watch


async def open_sources(settings: Settings, committer: Committer, stack: AsyncExitStack) -> list[FollowedSource]:
    """All sources that the settings name; `stack` lets go of what they need.

    Raises ConfigError when no contact is given, SourceError where a wiki is not found.
    """
    follow = settings.follow
    # The wikis of a stream's events are asked, too.
    for address in (*follow.wikis, *follow.streams, *([follow.wiki_address] if follow.streams else ())):
        require_contact(address, follow.contact)
    pool = await stack.enter_async_context(LivePool(_limits(settings.import_)))
    # Wikis are asked at most `concurrency` requests at once each: no further bound for all of them together.
    connector = aiohttp.TCPConnector(limit=0)
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector, auto_decompress=True))
    reader = await stack.enter_async_context(EmbeddedReader.open(settings.store.folder, settings.store.cache_bytes))
    opening = _Opening(follow, committer, session, pool, StoreMemory(reader))
    wikis = await asyncio.gather(*(opening.wiki(url) for url in follow.wikis))
    return [*wikis, *(opening.stream(url) for url in follow.streams)]


class _Opening:
    """What all sources are opened with."""

    def __init__(
        self,
        follow: FollowSettings,
        committer: Committer,
        session: aiohttp.ClientSession,
        pool: LivePool,
        memory: StoreMemory,
    ) -> None:
        self._follow = follow
        self._committer = committer
        self._session = session
        self._pool = pool
        self._memory = memory
        self._etiquette = Etiquette(follow.concurrency, follow.maxlag, user_agent(follow.contact), Patience())
        scoring = ScoringOptions(seconds=follow.scores_seconds)
        self._scores = LiftWing(follow.scores_url, session, scoring) if follow.scores_url else None

    async def wiki(self, url: str) -> FollowedSource:
        """The wiki of an address. Raises SourceError where there is none."""
        found = await find_wiki(url, self._session, self._etiquette)
        api = WikiApi(found.api_url, found.rest_url, self._session, self._etiquette)
        polling = PollingOptions(
            poll_seconds=self._follow.poll_seconds,
            overlap_seconds=self._follow.overlap_seconds,
            backfill=self._follow.backfill == "yes",
        )
        source = MediaWikiSource(found, api, polling)
        wikis = Wikis(self._find, lambda wiki: self._facts(wiki, api), self._committer)
        followed = await wikis.add(found)

        async def always(_: PageEvent) -> FollowedWiki:
            return followed

        watch = Watch(source.name, source.condition)
        return FollowedSource(source, EventPreparer(always, self._pool, self._memory, watch, self._scores), watch)

    def stream(self, url: str) -> FollowedSource:
        """The event stream of an address."""
        options = StreamOptions(
            projects=frozenset(self._follow.projects), namespaces=frozenset(self._follow.namespaces)
        )
        patience = Patience(silence=self._follow.silence_seconds)
        source = EventStreamSource(url, self._session, options, patience, user_agent(self._follow.contact))
        condition = Condition()
        wikis = Wikis(
            self._find,
            lambda wiki: self._facts(
                wiki, WikiApi(wiki.api_url, wiki.rest_url, self._session, self._etiquette, condition)
            ),
            self._committer,
        )
        watch = Watch(source.name, source.condition)
        preparer = EventPreparer(wikis.of, self._pool, self._memory, watch, self._scores, wikis.stand_in)
        return FollowedSource(source, preparer, watch)

    async def _find(self, project: str, host: str) -> Wiki:
        return await find_wiki(
            self._follow.wiki_address.replace("{host}", host), self._session, self._etiquette, project
        )

    def _facts(self, wiki: Wiki, api: WikiApi) -> FactsReader:
        async def stored_text(page_id: int, revision_id: int) -> str | None:
            return await self._memory.text(wiki.project.identifier, page_id, revision_id)

        return FactsReader(api, wiki.project, FactsOptions(parents=stored_text))


def _limits(settings: ImportSettings) -> BuildLimits:
    return BuildLimits(
        page_seconds=settings.page_seconds,
        page_memory_bytes=settings.page_memory_bytes,
        workers=settings.workers,
        resident_bytes=settings.worker_memory_bytes,
    )
