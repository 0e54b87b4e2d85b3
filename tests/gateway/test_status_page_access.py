"""Where the server asks for accounts: the pages are open, what they ask for is not."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from gateway_client import http_client
from open_guard import OpenGuard

from wikifeed_server.accounts.model import Caller
from wikifeed_server.errors import UnauthenticatedError


class _Closed(OpenGuard):
    """Lets nobody in but who shows the key."""

    required = True

    async def caller(self, authorization: str) -> Caller:
        if authorization != "Bearer key":
            raise UnauthenticatedError("show an access token or an API key")
        return self.who


@pytest.fixture
async def http(start: Callable[..., Any]) -> AsyncIterator[aiohttp.ClientSession]:
    async with http_client(await start(guard=_Closed())) as session:
        yield session


@pytest.mark.parametrize("path", ["/", "/reference", "/assets/status.js", "/assets/reference.json"])
async def test_pages_and_assets_are_open(http: aiohttp.ClientSession, path: str) -> None:
    assert (await http.get(path)).status == 200


@pytest.mark.parametrize("path", ["/status/summary", "/status/changes", "/status/article?project=enwiki&title=Ada"])
async def test_data_is_for_callers(http: aiohttp.ClientSession, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (await answer.json())["message"] == "show an access token or an API key"


async def test_a_caller_sees_the_summary(http: aiohttp.ClientSession) -> None:
    answer = await http.get("/status/summary", headers={"Authorization": "Bearer key"})
    assert (answer.status, (await answer.json())["accounts_required"]) == (200, True)
