"""A wiki that answers at once: what its API and REST API say of a revision follows from the revision's number.

Page 7 is "Page 7"; its revisions are 1007 (the first), 2007, 3007 and so on, a minute apart. Nothing is stored, so a
wiki of a million pages costs nothing. A test may put revisions of its own beside these, and may hide or lose some.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import parse_qs

import orjson
from aiohttp import web

TIME = 1_700_000_000
_STEP = 1000
_MINUTE = 60
NAMESPACES = {
    str(number): {"id": number, "case": "first-letter", "name": name, "canonical": name}
    for number, name in {-1: "Special", 0: "", 1: "Talk", 2: "User", 10: "Template", 14: "Category"}.items()
}


def stamp(seconds: int) -> str:
    """A time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text_of(revision_id: int) -> str:
    """The wikitext of a revision."""
    return f"'''Page {revision_id % _STEP}''' is a page in its version {revision_id // _STEP}. [[Category:Made up]]"


def html_of(revision_id: int) -> str:
    """The HTML of a revision."""
    return (
        f'<html><head><base href="//made.up/wiki/"/></head><body><section data-mw-section-id="0"><p><b>Page '
        f"{revision_id % _STEP}</b> is a page in its version {revision_id // _STEP}.</p></section></body></html>"
    )


class MadeUpWiki:
    """Serves on loopback. `lost` and `hidden` are revisions; `newest` the newest of a page where it is not the first.

    `asked` has the parameters of each query, `rendered` the revisions whose HTML was asked for.
    """

    def __init__(self) -> None:
        self.lost: set[int] = set()
        self.hidden: set[int] = set()
        self.newest: dict[int, int] = {}
        self.extra: dict[int, dict[str, Any]] = {}
        self.asked: list[dict[str, str]] = []
        self.rendered: list[int] = []
        self.has_rest = True

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=1 << 24)
        application.router.add_route("*", "/{host}/w/api.php", self.api)
        application.router.add_get("/{host}/w/rest.php/v1/revision/{revision}/html", self.html)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def html(self, request: web.Request) -> web.Response:
        """REST: a revision's HTML."""
        revision = int(request.match_info["revision"])
        self.rendered.append(revision)
        if revision in self.lost or not self.has_rest:
            return web.json_response({}, status=404)
        if revision in self.hidden:
            return web.json_response({}, status=500)
        return web.Response(text=html_of(revision), content_type="text/html")

    async def api(self, request: web.Request) -> web.Response:
        """The Action API."""
        asked = {name: values[-1] for name, values in parse_qs(request.query_string).items()}
        if request.method == "POST":
            asked |= {name: values[-1] for name, values in parse_qs((await request.read()).decode()).items()}
        self.asked.append(asked)
        answer = {"batchcomplete": True, "curtimestamp": stamp(TIME), "query": self._query(asked)}
        return web.Response(body=orjson.dumps(answer), content_type="application/json")

    def _query(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("meta") == "siteinfo":
            return self._site()
        if asked.get("list") == "users":
            return {"users": [_user(name) for name in asked["ususers"].split("|")]}
        if "revids" in asked:
            return {"pages": self._pages([int(number) for number in asked["revids"].split("|")])}
        if "rvlimit" in asked:
            return {"pages": [self._past(int(asked["pageids"]), asked)]}
        if "pageids" in asked:
            numbers = [int(number) for number in asked["pageids"].split("|")]
            return {"pages": self._pages([self._newest(number) for number in numbers])}
        names = asked["titles"].split("|")
        return {"pages": self._pages([self._newest(int(name.rpartition(" ")[2])) for name in names])}

    def _site(self) -> dict[str, Any]:
        general = {
            "generator": "MediaWiki 1.43.0",
            "sitename": "Made up",
            "wikiid": "madeupwiki",
            "lang": "en",
            "case": "first-letter",
            "articlepath": "/wiki/$1",
            "server": "https://made.up",
        }
        return {
            "general": general,
            "namespaces": NAMESPACES,
            "namespacealiases": [],
            "rightsinfo": {},
            "extensions": [],
        }

    def _newest(self, page_id: int) -> int:
        return self.newest.get(page_id, _STEP + page_id)

    def _pages(self, revisions: Sequence[int]) -> list[dict[str, Any]]:
        pages: dict[int, dict[str, Any]] = {}
        for number in revisions:
            if number in self.lost:
                continue
            page_id = number % _STEP
            page = pages.setdefault(
                page_id,
                {
                    "pageid": page_id,
                    "ns": 0,
                    "title": f"Page {page_id}",
                    "lastrevid": self._newest(page_id),
                    "protection": [],
                    "templates": [{"ns": 10, "title": "Template:Made up"}],
                    "revisions": [],
                    **self.extra.get(page_id, {}),
                },
            )
            page["revisions"].append(self._revision(number))
        return list(pages.values())

    def _revision(self, number: int) -> dict[str, Any]:
        version = number // _STEP
        told: dict[str, Any] = {
            "revid": number,
            "parentid": number - _STEP if version > 1 else 0,
            "minor": False,
            "timestamp": stamp(TIME + version * _MINUTE),
            "size": len(text_of(number).encode()),
            "tags": [],
        }
        if number in self.hidden:
            slots = {"main": {"contentmodel": "wikitext", "texthidden": True}}
            return told | {"userhidden": True, "commenthidden": True, "sha1hidden": True, "slots": slots}
        slots = {"main": {"contentmodel": "wikitext", "contentformat": "text/x-wiki", "content": text_of(number)}}
        user = {"user": f"User {version}", "userid": version}
        return told | user | {"comment": f"version {version}", "sha1": f"{number:040x}", "slots": slots}

    def _past(self, page_id: int, asked: dict[str, str]) -> dict[str, Any]:
        newest = self._newest(page_id)
        numbers = list(range(_STEP + page_id, newest + 1, _STEP))
        if asked.get("rvdir") != "newer":
            start = int(asked["rvstartid"])
            numbers = [number for number in reversed(numbers) if number <= start]
        limit = len(numbers) if asked["rvlimit"] == "max" else int(asked["rvlimit"])
        rows = [self._revision(number) for number in numbers[:limit] if number not in self.lost]
        return {"pageid": page_id, "ns": 0, "title": f"Page {page_id}", "revisions": rows}


def _user(name: str) -> dict[str, Any]:
    number = int(name.rpartition(" ")[2])
    return {
        "userid": number,
        "name": name,
        "editcount": 10 * number,
        "registration": stamp(TIME - number),
        "groups": ["*", "user", "sysop"],
    }
