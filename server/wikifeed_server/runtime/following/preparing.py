"""Makes of events what the store keeps: asks the wiki, the scoring service and the store itself, then builds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.builder.live import LivePage
from wikifeed_server.builder.live_pool import LivePool
from wikifeed_server.errors import SourceRefusedError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.following.status import Watch
from wikifeed_server.runtime.following.wikis import FollowedWiki
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.facts import PageFacts, Scores
from wikifeed_server.sources.scoring import LiftWing, model_language
from wikifeed_server.store import ArticleWrite, PageKey, Parts, Reader

_SCORED = frozenset({EventKind.CREATE, EventKind.EDIT})
# A page moved into the main namespace counts as fresh for a day: more versions in a day than that are no draft's.
_VERSIONS = 50


class StoreMemory:
    """What the store itself knows of earlier revisions, which spares the wiki questions."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def text(self, project: str, page_id: int, revision_id: int) -> str | None:
        """The wikitext of a revision; None where the store has none."""
        found = await self._reader.get(PageKey(project, page_id=page_id), Parts.WIKITEXT, revision_id)
        if found is None or not found.fragments:
            return None
        text: str = Article.FromString(b"".join(found.fragments)).article_body.wikitext
        return text or None

    async def page_id(self, project: str, title: str) -> int:
        """The id of the page of that title; 0 where the store has none."""
        found = await self._reader.get(PageKey(project, title), Parts.HEAD)
        return found.page_id if found is not None else 0

    async def moved_into_main(self, project: str, page_id: int) -> int:
        """When the page last came from another namespace into the main one; 0 where the store knows of no such move."""
        moved = 0
        for version in await self._reader.versions(project, page_id, _VERSIONS):
            if version.namespace != 0:
                return moved
            moved = version.modified
        return 0


class EventPreparer:
    """Prepares the events of one source.

    `wiki_of` finds the wiki of an event. `stand_in`, where given, tells the project of a wiki that refuses us: its
    events are stored without what only the wiki knows, rather than to hold up those of all others.
    """

    def __init__(
        self,
        wiki_of: Callable[[PageEvent], Awaitable[FollowedWiki]],
        pool: LivePool,
        memory: StoreMemory,
        watch: Watch,
        scores: LiftWing | None = None,
        stand_in: Callable[[PageEvent], Awaitable[ProjectInfo]] | None = None,
    ) -> None:
        self._wiki_of = wiki_of
        self._pool = pool
        self._memory = memory
        self._watch = watch
        self._scores = scores
        self._stand_in = stand_in

    async def prepare(self, events: Sequence[PageEvent]) -> list[ArticleWrite]:
        """The writes of the events in their order. Raises SourceRefusedError where a wiki refuses us for good."""
        by_wiki: dict[tuple[str, str], list[int]] = {}
        for index, event in enumerate(events):
            by_wiki.setdefault((event.project, event.host), []).append(index)
        pages: list[LivePage | None] = [None] * len(events)
        async with asyncio.TaskGroup() as tasks:
            for indexes in by_wiki.values():
                tasks.create_task(self._gather([events[index] for index in indexes], indexes, pages))
        built = await self._pool.build_pages([page for page in pages if page is not None])
        return [each.write for each in built]

    async def _gather(self, events: Sequence[PageEvent], indexes: Sequence[int], pages: list[LivePage | None]) -> None:
        """The pages of one wiki's events, put where `indexes` say."""
        try:
            wiki = await self._wiki_of(events[0])
            events = [await self._placed(event, wiki.project) for event in events]
            found, scored = await asyncio.gather(wiki.facts.read(events), self._score(events, wiki))
        except SourceRefusedError as error:
            if self._stand_in is None:
                raise
            structlog.get_logger().warning("wiki refuses", host=events[0].host, error=str(error))
            project = await self._stand_in(events[0])
            for index, event in zip(indexes, events, strict=True):
                pages[index] = LivePage(event, None, project) if event.page_id else None
            return
        for index, event, facts in zip(indexes, events, found, strict=True):
            if event.page_id == 0 and (facts is None or facts.page_id == 0):
                continue  # a page that is gone before it could be asked for, or that was never here
            pages[index] = LivePage(event, await self._completed(event, facts, wiki, scored), wiki.project)

    async def _placed(self, event: PageEvent, project: ProjectInfo) -> PageEvent:
        """The event with the namespace of its title, and of a deletion the page, where the event tells no page id."""
        if event.page_id:
            return event
        page_id = 0
        if event.kind is EventKind.DELETE:
            page_id = await self._memory.page_id(project.identifier, project.normalize_title(event.title))
        return replace(event, page_id=page_id, namespace=project.split_title(event.title)[0].identifier)

    async def _completed(
        self, event: PageEvent, facts: PageFacts | None, wiki: FollowedWiki, scored: dict[int, Scores]
    ) -> PageFacts | None:
        if facts is None:
            return None
        if facts.namespace == 0 and facts.revision is not None and event.kind is not EventKind.VISIBILITY:
            moved = await self._memory.moved_into_main(wiki.project.identifier, facts.page_id)
            if event.kind is EventKind.MOVE and wiki.project.split_title(event.previous_title)[0].identifier != 0:
                moved = event.time
            facts = replace(facts, moved_into_main=moved) if moved else facts
        scores = scored.get(facts.revision.revision_id) if facts.revision is not None else None
        return replace(facts, scores=scores) if scores is not None else facts

    async def _score(self, events: Sequence[PageEvent], wiki: FollowedWiki) -> dict[int, Scores]:
        wanted = [event.revision_id for event in events if event.kind in _SCORED and event.revision_id]
        language = model_language(wiki.project)
        if self._scores is None or not wanted or not language:
            return {}
        scored = await self._scores.score(language, wanted)
        self._watch.unscored(len(wanted) - len(scored))
        return scored
