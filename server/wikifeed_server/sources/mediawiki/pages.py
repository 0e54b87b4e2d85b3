"""Asks a wiki for all that an event does not tell: the page, the revision with its text and HTML, what was before.

Promises:

1. Each event gets the facts of its own revision, be it overtaken or not.
2. What the wiki does not have (any more) is absent. Failures that may pass are waited out by the API's client.
3. Events share requests: one for up to 50 revisions, one for up to 50 editors; HTML is one request a revision.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from wikifeed_server.errors import only_error
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.facts import EditorFacts, PageFacts, RevisionFacts
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.editors import Editors, with_editor
from wikifeed_server.sources.mediawiki.histories import Histories
from wikifeed_server.sources.mediawiki.inquiry import Answers, PageAnswer, ask, ask_texts

_WIKITEXT = "wikitext"
# After so many revisions without HTML in a row the wiki is taken to render none, and is not asked for a while.
_SILENT_ANSWERS = 20
_REST_AGAIN_SECONDS = 600.0

# The page of an event and its revision; None for what the wiki does not have.
_Found = tuple[PageAnswer | None, RevisionFacts | None]


@dataclass(frozen=True, slots=True)
class FactsOptions:
    """How facts are asked for.

    `parents` tells the wikitext of (page id, revision id) where it is known without asking the wiki. With
    `skip_parent_text` the text before is never asked for. What is known of an editor or of a page's past is not asked
    for again for `seconds`; of up to `pages` pages it is remembered.
    """

    parents: Callable[[int, int], Awaitable[str | None]] | None = None
    skip_parent_text: bool = False
    seconds: float = 300.0
    pages: int = 20_000


class FactsReader:
    """Reads the facts behind the events of one wiki."""

    def __init__(self, api: WikiApi, project: ProjectInfo, options: FactsOptions | None = None) -> None:
        options = options or FactsOptions()
        self._api = api
        self._project = project
        self._parents = options.parents
        self._skips_parents = options.skip_parent_text
        self._editors = Editors(api, options.seconds)
        self._histories = Histories(api, options.pages, options.seconds)
        self._silent_answers = 0
        self._rest_again = 0.0

    async def read(self, events: Sequence[PageEvent]) -> list[PageFacts | None]:
        """What the wiki has of each event's page and revision; None for deletions, of which nothing is asked.

        `revision` is None where the wiki has no such revision or page. Raises SourceRefusedError.
        """
        asked = [event for event in events if event.kind is not EventKind.DELETE]
        try:
            facts = iter(await self._read(asked))
        except ExceptionGroup as group:
            raise only_error(group) from group
        return [None if event.kind is EventKind.DELETE else next(facts) for event in events]

    async def _read(self, asked: Sequence[PageEvent]) -> list[PageFacts]:
        """The facts of events that are no deletions."""
        if not asked:
            return []
        async with asyncio.TaskGroup() as tasks:
            html = {
                event.revision_id: tasks.create_task(self._html(event.revision_id))
                for event in asked
                if event.revision_id and (event.visible is None or event.visible.text)
            }
            parents = await self._known_parents([(event.page_id, event.parent_id) for event in asked])
            not_asked = {event.parent_id for event in asked} if self._skips_parents else parents.keys()
            answers = await ask(self._api, self._project, asked, not_asked)
            found = [answers.of(event) for event in asked]
            revisions = [revision for _, revision in found if revision is not None]
            shown = {revision.revision_id for revision in revisions if revision.text_visible}
            for number in html.keys() - shown:
                html.pop(number).cancel()  # MediaWiki fails on hidden revisions time and again
            html |= {number: tasks.create_task(self._html(number)) for number in shown - html.keys()}
            editors = tasks.create_task(
                self._editors.look_up({each.editor.name for each in revisions if each.editor.identifier})
            )
            texts = tasks.create_task(self._texts(found, answers, parents))
            past: list[PageFacts | None] = [None] * len(asked)
            for indexes in _by_page(found):
                tasks.create_task(self._put_past(indexes, asked, found, past))
        self._note_silence(revisions, html)
        return [_completed(each, editors.result(), texts.result(), html) for each in past if each is not None]

    async def _put_past(
        self, indexes: Sequence[int], asked: Sequence[PageEvent], found: Sequence[_Found], past: list[PageFacts | None]
    ) -> None:
        """Put what was before one page's events where `indexes` say; in turn, so that it is asked for once."""
        for index in indexes:
            past[index] = await self._with_past(asked[index], *found[index])

    async def _with_past(self, event: PageEvent, page: PageAnswer | None, revision: RevisionFacts | None) -> PageFacts:
        """The page with the revision and what was before it."""
        if page is None:
            return PageFacts(event.page_id, event.namespace, event.title)
        if revision is None:
            return replace(page.facts, is_latest=False, templates=None)
        history = await self._histories.of(event, page.facts.namespace, page.facts.page_id, revision)
        is_latest = page.latest_revision == revision.revision_id
        before = history.past[0] if history.past else None
        return replace(
            page.facts,
            revision=replace(revision, is_stable=page.stable_revision == revision.revision_id),
            is_latest=is_latest,
            templates=page.facts.templates if is_latest else None,
            created=history.created,
            history=history.past,
            first_hour=history.first_hour,
            parent_timestamp=(
                before.timestamp if before is not None and before.revision_id == revision.parent_id else 0
            ),
        )

    async def _known_parents(self, parents: Sequence[tuple[int, int]]) -> dict[int, str]:
        """The texts of parents that are known without asking the wiki, by revision id."""
        if self._parents is None or self._skips_parents:
            return {}
        texts: dict[int, str] = {}
        for page_id, revision_id in parents:
            if page_id and revision_id and (text := await self._parents(page_id, revision_id)) is not None:
                texts[revision_id] = text
        return texts

    async def _texts(
        self,
        found: Sequence[_Found],
        answers: Answers,
        known: dict[int, str],
    ) -> dict[int, str]:
        """The texts of all parents that can be had, by revision id."""
        if self._skips_parents:
            return {}
        texts = dict(known)
        texts |= {number: each.text for number, (each, _) in answers.revisions.items() if each.text_visible}
        parents = [
            (page.facts.page_id, revision.parent_id)
            for page, revision in found
            if page is not None and revision is not None and revision.parent_id
        ]
        texts |= await self._known_parents([each for each in parents if each[1] not in texts])
        missing = {number for _, number in parents} - texts.keys() - answers.revisions.keys()
        return texts | await ask_texts(self._api, missing) if missing else texts

    async def _html(self, revision_id: int) -> str:
        """The revision as Parsoid renders it, exactly; empty where the wiki has no such rendering."""
        if time.monotonic() < self._rest_again:
            return ""
        html = await self._api.get(f"/v1/revision/{revision_id}/html")
        return html.decode(errors="replace") if html is not None else ""

    def _note_silence(self, revisions: Sequence[RevisionFacts], html: "dict[int, asyncio.Task[str]]") -> None:
        """Leave REST alone for a while where it has nothing of pages that it should have.

        Revisions that are gone or hidden, and those that are no wikitext, say nothing about that.
        """
        if time.monotonic() < self._rest_again:
            return
        for each in revisions:
            if not each.text_visible or each.model != _WIKITEXT or each.revision_id not in html:
                continue
            self._silent_answers = 0 if html[each.revision_id].result() else self._silent_answers + 1
        if self._silent_answers >= _SILENT_ANSWERS:
            self._silent_answers = 0
            self._rest_again = time.monotonic() + _REST_AGAIN_SECONDS


def _by_page(found: Sequence[_Found]) -> Iterable[list[int]]:
    """The indexes of what was found, those of one page together."""
    pages: dict[int, list[int]] = {}
    for index, (page, _) in enumerate(found):
        pages.setdefault(page.facts.page_id if page is not None else 0, []).append(index)
    return pages.values()


def _completed(
    facts: PageFacts, editors: dict[str, EditorFacts], texts: dict[int, str], html: "dict[int, asyncio.Task[str]]"
) -> PageFacts:
    """The facts with the revision's editor, its HTML and its parent's text."""
    revision = facts.revision
    if revision is None:
        return facts
    rendered = html[revision.revision_id].result() if revision.text_visible and revision.revision_id in html else ""
    return replace(
        facts,
        revision=with_editor(revision, editors),
        html=rendered,
        parent_text=texts.get(revision.parent_id) if revision.parent_id else None,
    )
