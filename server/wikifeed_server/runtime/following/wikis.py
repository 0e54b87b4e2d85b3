"""The wikis that events are of: each is found once, told to the store, and asked for facts from then on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from wikifeed_server.projects import FIRST_LETTER, ProjectInfo
from wikifeed_server.runtime.following.committing import Committer
from wikifeed_server.sources.events import PageEvent
from wikifeed_server.sources.mediawiki import FactsReader, Wiki
from wikifeed_server.sources.wikimedia import canonical_namespaces, code_of, known_site


class FollowedWiki(NamedTuple):
    """A wiki as far as following needs it."""

    project: ProjectInfo
    facts: FactsReader


class Wikis:
    """Finds wikis by the events that are of them. `find` asks a wiki about itself, by its host; `reader` makes what
    asks it for facts.
    """

    def __init__(
        self,
        find: Callable[[str, str], Awaitable[Wiki]],
        reader: Callable[[Wiki], FactsReader],
        committer: Committer,
    ) -> None:
        self._find = find
        self._reader = reader
        self._committer = committer
        self._found: dict[tuple[str, str], asyncio.Task[FollowedWiki]] = {}

    async def of(self, event: PageEvent) -> FollowedWiki:
        """The wiki that the event is of. Raises SourceRefusedError where there is none or it refuses us."""
        key = (event.project, event.host)
        finding = self._found.get(key)
        if finding is None or (finding.done() and (finding.cancelled() or finding.exception() is not None)):
            finding = self._found[key] = asyncio.ensure_future(self._follow(*key))
        # One caller's end must not end the search for the others.
        return await asyncio.shield(finding)

    async def add(self, wiki: Wiki) -> FollowedWiki:
        """Tell the store of a wiki that was found."""
        project = await self._committer.add_project(wiki.project)
        return FollowedWiki(project, self._reader(wiki))

    async def stand_in(self, event: PageEvent) -> ProjectInfo:
        """The project of a wiki that can't be asked, as far as its name tells."""
        url, name, language = known_site(event.project)
        told = ProjectInfo(
            event.project,
            name=name,
            url=url or f"https://{event.host}",
            language=language,
            code=code_of(event.project),
            namespaces=canonical_namespaces(name, FIRST_LETTER),
        )
        return await self._committer.add_project(told)

    async def _follow(self, project: str, host: str) -> FollowedWiki:
        return await self.add(await self._find(project, host))
