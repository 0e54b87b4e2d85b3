"""A made-up wiki that also answers in pieces, tells of what is missing, and bounds what it is asked, as a real one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import orjson
from aiohttp import web
from made_up_wiki import TIME, MadeUpWiki

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent, Patience
from wikifeed_server.sources.mediawiki import Etiquette, FactsOptions, FactsReader, WikiApi

SECOND = 1_000_000
_MOST_ASKED = 50


class FactsWiki(MadeUpWiki):
    """`gone` are ids of pages that the wiki does not have; `users` what it tells of users beside their names.

    With `pieces` it tells a page's templates in two answers. `revised` says of revisions what is
    otherwise; `later` are newest revisions that were made while the wiki answered, of which it tells the numbers only.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[int] = set()
        self.users: dict[str, dict[str, Any]] = {}
        self.revised: dict[int, dict[str, Any]] = {}
        self.later: dict[int, int] = {}
        self.pieces = False

    @asynccontextmanager
    async def reader(self, **options: Any) -> AsyncIterator[FactsReader]:
        """A reader of this wiki's facts."""
        base = f"{self.address}/made.up/w"
        etiquette = Etiquette(patience=Patience(first_delay=0.001, longest_delay=0.01))
        async with aiohttp.ClientSession() as session:
            api = WikiApi(f"{base}/api.php", f"{base}/rest.php", session, etiquette)
            yield FactsReader(api, ProjectInfo("madeupwiki"), FactsOptions(**options))

    def count(self, name: str) -> int:
        """How often something was asked with that parameter."""
        return sum(name in asked for asked in self.asked)

    async def api(self, request: web.Request) -> web.Response:
        """As the made-up wiki, with templates in two pieces, and no more asked at once than a wiki takes."""
        response = await super().api(request)
        asked = self.asked[-1]
        for name in ("revids", "pageids", "titles", "ususers"):
            assert len(asked.get(name, "").split("|")) <= _MOST_ASKED, "a wiki passes over all beyond 50"
        if not self.pieces or "revids" not in asked:
            return response
        answer = orjson.loads(response.body)
        if "tlcontinue" in asked:
            answer["query"]["pages"] = [
                {name: page[name] for name in ("pageid", "ns", "title")} | {"templates": [{"title": "Template:Last"}]}
                for page in answer["query"]["pages"]
            ]
        else:
            answer["continue"] = {"tlcontinue": "7|10|Last", "continue": "||revisions|info"}
        return web.Response(body=orjson.dumps(answer), content_type="application/json")

    def _query(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("list") == "users":
            return {"users": [self._user(name) for name in asked["ususers"].split("|")]}
        if "pageids" in asked and asked["pageids"] in map(str, self.gone):
            return {"pages": [{"pageid": int(asked["pageids"]), "missing": True}]}
        answer = super()._query(asked)
        for page in answer.get("pages", ()):
            if page["pageid"] in self.later:
                page["lastrevid"] = self.later[page["pageid"]]
        return answer

    def _user(self, name: str) -> dict[str, Any]:
        return {"name": name, "userid": 1, "editcount": 2, "groups": ["*", "user"], **self.users.get(name, {})}

    def _revision(self, number: int) -> dict[str, Any]:
        return super()._revision(number) | self.revised.get(number, {})

    def _past(self, page_id: int, asked: dict[str, str]) -> dict[str, Any]:
        page = super()._past(page_id, asked)
        if end := asked.get("rvend"):
            last = datetime.fromisoformat(end)
            page["revisions"] = [
                each for each in page["revisions"] if datetime.fromisoformat(each["timestamp"]) <= last
            ]
        return page


def event(revision_id: int, kind: EventKind = EventKind.EDIT, **facts: Any) -> PageEvent:
    """An event that brought a revision of a made-up page."""
    page_id = revision_id % 1000
    time = (TIME + revision_id // 1000 * 60) * SECOND
    told = {"revision_id": revision_id} | facts
    return PageEvent(kind, "madeupwiki", page_id, 0, f"Page {page_id}", time, **told)


def refresh(page_id: int) -> PageEvent:
    """An event that names no revision."""
    return PageEvent(EventKind.REFRESH, "madeupwiki", page_id, 0, f"Page {page_id}", TIME * SECOND)
