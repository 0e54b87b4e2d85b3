"""One question about many pages and revisions, and what the wiki answered."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import PageEvent
from wikifeed_server.sources.facts import EntityUse, PageFacts, PageImage, Restriction, RevisionFacts
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.revisions import REVISION_PROPERTIES, revision_of

_ASKED_AT_ONCE = 50  # the API's bound for accounts without special rights
# A wiki without one of these modules only warns.
_PAGE_MODULES: Mapping[str, str | int] = {
    "prop": "revisions|info|pageprops|templates|pageimages|wbentityusage|flagged",
    "inprop": "protection|watchers",
    "tllimit": "max",
    "piprop": "original",
    "pilimit": _ASKED_AT_ONCE,
    "wbeulimit": "max",
    "rvslots": "main",
    "rvprop": REVISION_PROPERTIES,
}
_TEXT_MODULES: Mapping[str, str | int] = {"prop": "revisions", "rvslots": "main", "rvprop": "ids|content"}
# What comes piece by piece where an answer is continued.
_LISTS = ("revisions", "templates")


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page that the wiki has, with facts that lack the revision."""

    facts: PageFacts
    latest_revision: int
    stable_revision: int


@dataclass(slots=True)
class Answers:
    """What the wiki has of the pages and revisions that were asked for.

    `newest` are the newest revisions, by page id, of the pages that were asked for without naming one.
    """

    project: ProjectInfo
    pages: dict[int, PageAnswer] = field(default_factory=dict)
    revisions: dict[int, tuple[RevisionFacts, int]] = field(default_factory=dict)
    newest: dict[int, RevisionFacts] = field(default_factory=dict)

    def add(self, items: Iterable[dict[str, Any]], names_revisions: bool) -> None:
        """Take in pages as the API gives them."""
        for item in items:
            # Of a page that is gone the API repeats what it was asked for: a title, or a bare page id.
            if "pageid" not in item or item.get("missing"):
                continue
            page = _page(item)
            self.pages[item["pageid"]] = page
            for revision in item.get("revisions", ()):
                found = revision_of(revision)
                self.revisions[found.revision_id] = (found, item["pageid"])
                if not names_revisions:
                    self.newest[item["pageid"]] = found

    def of(self, event: PageEvent) -> tuple[PageAnswer | None, RevisionFacts | None]:
        """The event's page and revision; the page's newest where the event names none."""
        if event.revision_id:
            revision, page_id = self.revisions.get(event.revision_id, (None, event.page_id))
            return self.pages.get(page_id), revision
        page = self.pages.get(event.page_id) if event.page_id else self._by_title(event.title)
        if page is None:
            return None, None
        # Not by the number of the page's newest: an edit made while the wiki answers has a number, but no text yet.
        return page, self.newest.get(page.facts.page_id)

    def _by_title(self, title: str) -> PageAnswer | None:
        wanted = {title, self.project.normalize_title(title)}
        return next((page for page in self.pages.values() if page.facts.title in wanted), None)


async def ask(api: WikiApi, project: ProjectInfo, events: Sequence[PageEvent], known: Collection[int]) -> Answers:
    """What the wiki has of the events' pages and revisions, and of their parents unless their texts are `known`."""
    numbers = {event.revision_id for event in events} | {event.parent_id for event in events} - set(known)
    page_ids = {event.page_id for event in events if not event.revision_id}
    titles = {event.title for event in events if not event.revision_id and not event.page_id}
    questions = [
        *({"revids": _joined(piece)} for piece in _pieces(sorted(numbers - {0}))),
        *({"pageids": _joined(piece)} for piece in _pieces(sorted(page_ids - {0}))),
        *({"titles": _joined(piece)} for piece in _pieces(sorted(titles))),
    ]
    answers = Answers(project)
    found = await asyncio.gather(*(_pages(api, {**_PAGE_MODULES, **question}) for question in questions))
    for question, items in zip(questions, found, strict=True):
        answers.add(items, names_revisions="revids" in question)
    return answers


async def ask_texts(api: WikiApi, revisions: Collection[int]) -> dict[int, str]:
    """The wikitext of each of the revisions that the wiki shows."""
    questions = [{**_TEXT_MODULES, "revids": _joined(piece)} for piece in _pieces(sorted(revisions))]
    texts: dict[int, str] = {}
    for items in await asyncio.gather(*(_pages(api, question) for question in questions)):
        for revision in (each for item in items for each in item.get("revisions", ())):
            slot = revision.get("slots", {}).get("main", {})
            if "content" in slot:
                texts[revision["revid"]] = slot["content"]
    return texts


async def _pages(api: WikiApi, question: Mapping[str, str | int]) -> Iterable[dict[str, Any]]:
    """The pages of an answer with all its continuations."""
    merged: dict[object, dict[str, Any]] = {}
    async for answer in api.query_all(question):
        for item in answer.get("query", {}).get("pages", ()):
            held = merged.setdefault(item.get("pageid", item.get("title")), {})
            lists = {
                name: [*held.get(name, ()), *item.get(name, ())] for name in _LISTS if name in held or name in item
            }
            uses = {**held.get("wbentityusage", {}), **item.get("wbentityusage", {})}
            # `item` is shared by all who asked the same: it is not changed.
            held.update({**item, **lists, "wbentityusage": uses})
    return merged.values()


def _page(item: dict[str, Any]) -> PageAnswer:
    original = item.get("original")
    facts = PageFacts(
        page_id=item["pageid"],
        namespace=item["ns"],
        title=item["title"],
        protection=tuple(
            Restriction(each["type"], each["level"], each["expiry"])
            for each in item.get("protection", ())
            if "source" not in each  # inherited from a page that protects those that it shows
        ),
        watchers=item.get("watchers"),
        properties=dict(item.get("pageprops") or {}),
        entities=tuple(
            EntityUse(identifier, tuple(use.get("aspects", ())))
            for identifier, use in (item.get("wbentityusage") or {}).items()
        ),
        templates=tuple(each["title"] for each in item.get("templates", ())),
        image=PageImage(original["source"], original.get("width", 0), original.get("height", 0)) if original else None,
    )
    flagged = item.get("flagged") or {}
    return PageAnswer(facts, item.get("lastrevid", 0), flagged.get("stable_revid", 0))


def _joined(values: Iterable[object]) -> str:
    return "|".join(map(str, values))


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _ASKED_AT_ONCE):
        yield values[start : start + _ASKED_AT_ONCE]
