"""Reads which pages a wiki has, a few at a time, so that it can be left and taken up at any point."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.position import Fill
from wikifeed_server.sources.mediawiki.rows import SECOND, seconds_of

# As many as one query may ask for when facts are asked: each page costs a request for its HTML anyway.
_PAGES = 50


class FillBatch(NamedTuple):
    """Pages as edits that brought their newest revision, and where to go on; None: those were the last."""

    events: tuple[PageEvent, ...]
    fill: Fill | None


def first_fill(project: ProjectInfo) -> Fill:
    """The beginning: the main namespace, then all others that have pages."""
    return Fill(tuple(sorted({0, *(each.identifier for each in project.namespaces if each.identifier >= 0)})))


async def count_pages(api: WikiApi) -> int:
    """About how many pages the wiki has."""
    answer = await api.query({"meta": "siteinfo", "siprop": "statistics"})
    return int(answer["query"]["statistics"]["pages"])


async def fill_from(api: WikiApi, project: ProjectInfo, fill: Fill) -> AsyncGenerator[FillBatch, None]:
    """All pages from `fill` on, redirects too."""
    left: Fill | None = fill
    while left is not None:
        pages, continued = await _pages(api, left)
        read = left.read + len(pages)
        if continued:
            left = Fill(left.namespaces, continued, read)
        else:
            left = Fill(left.namespaces[1:], "", read) if left.namespaces[1:] else None
        yield FillBatch(tuple(_event(page, project) for page in pages), left)


async def _pages(api: WikiApi, fill: Fill) -> tuple[Sequence[dict[str, Any]], str]:
    """The next pages and where those after them begin; empty at the namespace's end."""
    asked: dict[str, str | int] = {
        "generator": "allpages",
        "gapnamespace": fill.namespaces[0],
        "gaplimit": _PAGES,
        "prop": "revisions",
        "rvprop": "ids|timestamp",
    }
    if fill.continued:
        asked["gapcontinue"] = fill.continued
    pages: list[dict[str, Any]] = []
    async with aclosing(api.query_all(asked)) as answers:
        async for answer in answers:
            # A page comes once with its revision; an answer that is cut short has the others without.
            pages += [page for page in answer.get("query", {}).get("pages", ()) if page.get("revisions")]
            if answer.get("batchcomplete"):
                return pages, answer.get("continue", {}).get("gapcontinue", "")
    return pages, ""


def _event(page: dict[str, Any], project: ProjectInfo) -> PageEvent:
    revision = page["revisions"][0]
    return PageEvent(
        kind=EventKind.EDIT,
        project=project.identifier,
        page_id=page["pageid"],
        namespace=page["ns"],
        title=page["title"],
        time=seconds_of(revision["timestamp"]) * SECOND,
        revision_id=revision["revid"],
        parent_id=revision["parentid"],
    )
