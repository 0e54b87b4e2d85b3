"""A wiki of which a test decides what is in its lists, and when; answers as the Action API of MediaWiki 1.39 does."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources.mediawiki import Etiquette, Wiki, WikiApi

START = 1_700_000_000
PROJECT = ProjectInfo(
    "fakewiki",
    url="https://wiki.example",
    namespaces=(NamespaceInfo(-1, "Special"), NamespaceInfo(0, ""), NamespaceInfo(10, "Template")),
)
WIKI = Wiki("https://wiki.example/api.php", "https://wiki.example/rest.php", PROJECT)
GENERAL = {
    "generator": "MediaWiki 1.39.17",
    "sitename": "Fake",
    "wikiid": "fakewiki",
    "lang": "en",
    "case": "first-letter",
    "articlepath": "/wiki/$1",
    "server": "//wiki.example",
}


def stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class FakeWiki:
    """`clock` is the wiki's time; each request takes `tick` seconds of it; a row is listed from its "visible" on."""

    clock: int = START
    tick: int = 0
    limit: int = 500
    changes: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    embedded: dict[str, list[int]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def edit(self, time: int, visible: int = 0, **values: Any) -> int:
        """A row of recentchanges; its number."""
        number = len(self.changes) + 1
        row = {"type": "edit", "ns": 0, "title": f"P{number}", "pageid": number, "revid": 1000 + number, "old_revid": 1}
        self.changes.append({**row, "rcid": number, "time": time, "visible": visible or time, **values})
        return number

    def log(self, time: int, kind: str, visible: int = 0, *, listed: bool = True, revid: int = 0, **values: Any) -> int:
        """A row of the log, and of recentchanges if `listed`; its number in the log."""
        number = len(self.logs) + 1
        log_type, _, action = kind.partition("/")
        row = {"ns": 0, "title": f"L{number}", "pageid": 500 + number, "logpage": 500 + number, "params": {}, **values}
        times = {"time": time, "visible": visible or time}
        self.logs.append({**row, "logid": number, "type": log_type, "action": action, **times})
        if listed:
            self.edit(
                **times,
                **{"type": "log", "logid": number, "logtype": log_type, "logaction": action, "revid": revid},
                **{"title": row["title"], "ns": row["ns"], "pageid": row["logpage"], "logparams": row["params"]},
            )
        return number

    def answer(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What the API says."""
        asked = {key: str(value) for key, value in parameters.items()}
        self.asked.append(asked)
        result: dict[str, Any] = {"batchcomplete": True, "query": {}, "curtimestamp": stamp(self.clock)}
        for name in asked.get("list", "").split("|"):
            if name == "recentchanges":
                self._list(result, asked, name, "rc", self.changes, "rcid")
            elif name == "logevents":
                self._list(result, asked, name, "le", self.logs, "logid")
            elif name == "embeddedin":
                result["query"][name] = [
                    self.pages.get(page) or {"pageid": page, "ns": 0, "title": "Gone"}
                    for page in self.embedded.get(asked["eititle"], ())
                ]
        if asked.get("generator") == "allpages":
            self._all_pages(result, asked)
        elif "revids" in asked:
            result["query"]["pages"] = self._with_revisions(set(map(int, asked["revids"].split("|"))))
        elif "pageids" in asked:
            result["query"]["pages"] = [
                self._since(self.pages.get(page) or {"pageid": page, "missing": True}, asked.get("rvstart", ""))
                for page in map(int, asked["pageids"].split("|"))
            ]
        if asked.get("meta") == "siteinfo":
            result["query"] |= {"general": GENERAL, "statistics": {"pages": len(self.pages)}, "namespaces": {}}
        self.clock += self.tick
        return result

    def _list(
        self, result: dict[str, Any], asked: dict[str, str], name: str, prefix: str, rows: list[Any], number: str
    ) -> None:
        newer = asked.get(f"{prefix}dir") == "newer"
        order = sorted(
            (row for row in rows if row["visible"] <= self.clock), key=lambda row: (row["time"], row[number])
        )
        if not newer:
            order.reverse()
        if start := asked.get(f"{prefix}start"):
            order = [row for row in order if stamp(row["time"]) >= start]
        if after := asked.get(f"{prefix}continue"):
            place = tuple(map(int, after.split("|")))
            order = [row for row in order if (row["time"], row[number]) >= place]
        limit = self.limit if asked[f"{prefix}limit"] == "max" else int(asked[f"{prefix}limit"])
        if len(order) > limit:
            result["continue"] = {
                **result.get("continue", {}),
                f"{prefix}continue": f"{order[limit]['time']}|{order[limit][number]}",
                "continue": "-||",
            }
        result["query"][name] = [{**row, "timestamp": stamp(row["time"])} for row in order[:limit]]

    def _all_pages(self, result: dict[str, Any], asked: dict[str, str]) -> None:
        inside = [page for page in self.pages.values() if page["ns"] == int(asked["gapnamespace"])]
        left = sorted(
            (page for page in inside if page["title"] >= asked.get("gapcontinue", "")), key=lambda p: p["title"]
        )
        limit = min(int(asked["gaplimit"]), self.limit)
        if len(left) > limit:
            result["continue"] = {"gapcontinue": left[limit]["title"], "continue": "gapcontinue||"}
        if left:
            result["query"]["pages"] = left[:limit]
        else:
            del result["query"]

    def _since(self, page: dict[str, Any], start: str) -> dict[str, Any]:
        return {**page, "revisions": [each for each in page.get("revisions", ()) if each["timestamp"] >= start]}

    def _with_revisions(self, wanted: set[int]) -> list[dict[str, Any]]:
        found = []
        for page in self.pages.values():
            revisions = [each for each in page["revisions"] if each["revid"] in wanted]
            if revisions:
                found.append({**page, "revisions": revisions})
        return found

    def page(self, number: int, title: str, namespace: int = 0, touched: int = START, parent: int = 0) -> None:
        """A page with one revision, whose number is 1000 + that of the page."""
        revision = {"revid": 1000 + number, "parentid": parent, "timestamp": stamp(START)}
        values = {"pageid": number, "title": title, "ns": namespace, "touched": stamp(touched)}
        self.pages[number] = {**values, "revisions": [revision]}


class DirectApi(WikiApi):
    """Asks a FakeWiki without a network between."""

    def __init__(self, wiki: FakeWiki) -> None:
        super().__init__(WIKI.api_url, WIKI.rest_url, None, Etiquette())  # type: ignore[arg-type]
        self.wiki = wiki

    async def query(self, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        return self.wiki.answer(parameters)


@dataclass
class FakeServer:
    """Serves what `replies` say, one for each request, and at their end `last`."""

    last: Callable[[web.Request], web.Response]
    replies: deque[Callable[[web.Request], web.Response]] = field(default_factory=deque)
    requests: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    delay: Callable[[], Any] | None = None

    async def handle(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.requests.append((request.method, request.path_qs, dict(request.headers), form))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.delay is not None:
                await self.delay()
            return (self.replies.popleft() if self.replies else self.last)(request)
        finally:
            self.at_once -= 1
