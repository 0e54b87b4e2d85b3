"""What the tests of following a MediaWiki share: an administrator of a real one, and a server that misbehaves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from fake_wiki import FakeServer


class Administrator:
    """Someone who may do everything on a wiki, logged in."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session
        self._token = ""

    async def log_in(self) -> None:
        answer = await self.call(action="query", meta="tokens", type="login")
        token = answer["query"]["tokens"]["logintoken"]
        await self.call(action="login", lgname="Admin", lgpassword="adminpass12345", lgtoken=token)
        self._token = (await self.call(action="query", meta="tokens"))["query"]["tokens"]["csrftoken"]

    async def call(self, **parameters: Any) -> dict[str, Any]:
        """Ask the API; fails where it does not do as asked."""
        form = aiohttp.FormData({"format": "json", "formatversion": "2", **{k: str(v) for k, v in parameters.items()}})
        async with self._session.post(f"{self.base}/api.php", data=form) as response:
            answer = await response.json()
        assert "error" not in answer, answer
        return answer

    async def do(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Change something."""
        return (await self.call(action=action, token=self._token, **parameters))[action]

    async def edit(self, title: str, text: str) -> dict[str, Any]:
        return await self.do("edit", title=title, text=text)

    async def look_around(self) -> None:
        """Look at pages for ever: the wiki does one of the jobs that it put off with each."""
        while True:
            async with self._session.get(f"{self.base}/index.php/Main_Page") as response:
                await response.read()

    async def import_pages(self, xml: str) -> None:
        form = aiohttp.FormData({"action": "import", "format": "json", "token": self._token, "interwikiprefix": "x"})
        form.add_field("xml", xml, filename="pages.xml", content_type="text/xml")
        async with self._session.post(f"{self.base}/api.php", data=form) as response:
            assert "error" not in await response.json()


@pytest.fixture
async def administrator(mediawiki: str) -> AsyncIterator[Administrator]:
    """An administrator of the real wiki."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        person = Administrator(mediawiki, session)
        await person.log_in()
        yield person


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as each:
        yield each


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[FakeServer], Awaitable[str]]]:
    """Serves on loopback; the address."""
    running: list[TestServer] = []

    async def start(fake: FakeServer) -> str:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", fake.handle)
        server = TestServer(application)
        await server.start_server()
        running.append(server)
        return str(server.make_url("")).rstrip("/")

    yield start
    for server in running:
        await server.close()
    await asyncio.sleep(0)
