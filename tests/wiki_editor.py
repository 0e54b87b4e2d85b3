"""Works on a real MediaWiki as its administrator: edits, moves, deletes, and so on, through the wiki's own API."""

from types import TracebackType
from typing import Any, Self

import aiohttp

USER, PASSWORD = "Admin", "adminpass12345"


class WikiEditor:
    """An administrator who is logged in. Use as an asynchronous context."""

    def __init__(self, base: str) -> None:
        self.base = base

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        token = (await self.query(meta="tokens", type="login"))["tokens"]["logintoken"]
        await self.call("login", lgname=USER, lgpassword=PASSWORD, lgtoken=token)
        self._token = (await self.query(meta="tokens"))["tokens"]["csrftoken"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def call(self, action: str, **parameters: str | int) -> dict[str, Any]:
        """A call of the Action API, by POST. Raises AssertionError where it fails."""
        form = {"action": action, "format": "json", "formatversion": "2"} | {
            name: str(value) for name, value in parameters.items()
        }
        async with self._session.post(f"{self.base}/api.php", data=form) as response:
            answer: dict[str, Any] = await response.json()
        assert "error" not in answer, answer["error"]
        return answer

    async def query(self, **parameters: str | int) -> dict[str, Any]:
        """What a query answers under "query"."""
        found: dict[str, Any] = (await self.call("query", **parameters))["query"]
        return found

    async def do(self, action: str, **parameters: str | int) -> dict[str, Any]:
        """An action that changes something; what it answers under its name."""
        answer = await self.call(action, token=self._token, **parameters)
        done: dict[str, Any] = answer[action]
        return done

    async def edit(self, title: str, text: str, summary: str = "") -> int:
        """Give a page that text; the new revision's id."""
        done = await self.do("edit", title=title, text=text, summary=summary)
        assert done["result"] == "Success", done
        return int(done["newrevid"])

    async def page_id(self, title: str) -> int:
        """The id of the page of that title, 0 where there is none."""
        return int((await self.query(titles=title))["pages"][0].get("pageid", 0))

    async def revision(self, title: str) -> dict[str, Any]:
        """The newest revision of a page with its text."""
        found = await self.query(titles=title, prop="revisions", rvprop="ids|content|timestamp|sha1", rvslots="main")
        revision: dict[str, Any] = found["pages"][0]["revisions"][0]
        return revision

    async def visit(self, times: int) -> None:
        """Look at a page so often: with each visit a wiki does some of the work that it has put off."""
        for _ in range(times):
            async with self._session.get(f"{self.base}/index.php?title=Main_Page") as response:
                await response.read()

    async def html(self, revision_id: int) -> str:
        """The revision as Parsoid renders it."""
        async with self._session.get(f"{self.base}/rest.php/v1/revision/{revision_id}/html") as response:
            assert response.status == 200, await response.text()
            return (await response.read()).decode()

    async def import_xml(self, xml: str) -> dict[str, Any]:
        """Import a file as Special:Export writes them."""
        form = aiohttp.FormData()
        for name, value in (("action", "import"), ("format", "json"), ("formatversion", "2"), ("token", self._token)):
            form.add_field(name, value)
        form.add_field("interwikiprefix", "made")
        form.add_field("xml", xml.encode(), filename="made.xml", content_type="application/xml")
        async with self._session.post(f"{self.base}/api.php", data=form) as response:
            answer: dict[str, Any] = await response.json()
        assert "error" not in answer, answer["error"]
        return answer
