"""Pages whose HTML changes because a template or a module did.

MediaWiki renders them anew only after a job has touched them. Whoever asks before gets the old HTML; so they wait here
until the wiki says that they are touched, but not without end.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.logs import refresh_event
from wikifeed_server.sources.mediawiki.position import Waiting
from wikifeed_server.sources.mediawiki.rows import Row, seconds_of

_EMBEDDED_NAMESPACES = frozenset({10, 828})
_CHANGING = frozenset({EventKind.CREATE, EventKind.EDIT, EventKind.MOVE, EventKind.DELETE, EventKind.UNDELETE})
_PAGES = 50
# A page touched in the very second of the change may have been touched before it; by then it has been after it too.
_SAME_SECOND = 5


def changes_others(row: Row, events: Sequence[PageEvent]) -> bool:
    """Whether pages that embed the row's page render otherwise after what happened by it."""
    return row.namespace in _EMBEDDED_NAMESPACES and any(event.kind in _CHANGING for event in events)


async def embedding_pages(api: WikiApi, title: str, most: int, key: str, since: int, deadline: int) -> list[Waiting]:
    """Up to `most` pages that embed the page of that title, as waiting."""
    found: list[Waiting] = []
    asked: dict[str, str | int] = {"list": "embeddedin", "eititle": title, "eilimit": min(most, 500)}
    async with aclosing(api.query_all(asked)) as answers:
        async for answer in answers:
            for page in answer["query"]["embeddedin"]:
                page_id = page["pageid"]
                found.append(Waiting(page_id, page["ns"], page["title"], f"{key}:{page_id}", since, deadline))
            if len(found) >= most:
                break
    return found[:most]


def joined(waiting: Sequence[Waiting], more: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Both; a page that waits twice waits for the later change and no longer than for the first."""
    pages = {item.page_id: item for item in waiting}
    for item in more:
        before = pages.get(item.page_id)
        deadline = min(item.deadline, before.deadline) if before is not None else item.deadline
        pages[item.page_id] = item._replace(deadline=deadline)
    return tuple(pages.values())


async def touched_pages(
    api: WikiApi, project: str, waiting: Sequence[Waiting]
) -> AsyncGenerator[tuple[list[PageEvent], set[int]], None]:
    """Some at a time: the refreshes of those touched or waited for long enough, and the page ids that need no more
    waiting, those of pages that are gone among them.
    """
    for first in range(0, len(waiting), _PAGES):
        asked = {item.page_id: item for item in waiting[first : first + _PAGES]}
        answer = await api.query(
            {"prop": "info", "pageids": "|".join(map(str, asked)), "curtimestamp": 1},
        )
        now = seconds_of(answer["curtimestamp"])
        events: list[PageEvent] = []
        ended: set[int] = set()
        for page in answer["query"]["pages"]:
            item = asked[page["pageid"]]
            if page.get("missing"):
                ended.add(item.page_id)
            elif now >= item.deadline or _is_touched(seconds_of(page["touched"]), item.since, now):
                ended.add(item.page_id)
                events.append(refresh_event(project, item.page_id, page["ns"], page["title"], item.since, item.key))
        if ended:
            yield events, ended


def _is_touched(touched: int, since: int, now: int) -> bool:
    return touched > since or (touched == since and now >= since + _SAME_SECOND)
