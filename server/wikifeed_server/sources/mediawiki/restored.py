"""Edits that recentchanges forgot because their page was deleted, and that are public again since it is restored."""

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.rows import SECOND, Row, seconds_of, timestamp_of


async def restored_edits(api: WikiApi, project: ProjectInfo, row: Row, since: int) -> list[PageEvent]:
    """The revisions made since then (seconds since 1970) of the page that `row` restored, oldest first."""
    events: list[PageEvent] = []
    asked: dict[str, str | int] = {
        "prop": "revisions",
        "pageids": row.page_id,
        "rvprop": "ids|timestamp",
        "rvdir": "newer",
        "rvstart": timestamp_of(since),
        "rvend": timestamp_of(row.time),
        "rvlimit": "max",
    }
    async for answer in api.query_all(asked):
        for page in answer.get("query", {}).get("pages", ()):
            for revision in page.get("revisions", ()):
                events.append(  # noqa: PERF401 - a comprehension of three loops reads worse
                    PageEvent(
                        kind=EventKind.EDIT if revision["parentid"] else EventKind.CREATE,
                        project=project.identifier,
                        page_id=page["pageid"],
                        namespace=page["ns"],
                        title=page["title"],
                        time=seconds_of(revision["timestamp"]) * SECOND,
                        revision_id=revision["revid"],
                        parent_id=revision["parentid"],
                    )
                )
    return events
