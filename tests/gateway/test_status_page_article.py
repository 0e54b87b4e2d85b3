"""/status/article: what the explorer shows."""

from typing import Any

import aiohttp
import pytest
from made_up_feed import Feed
from open_guard import OpenGuard

from wikifeed_server.errors import PermissionDeniedError

ARABIC = "أدا لوفليس"


async def ask(http: aiohttp.ClientSession, **query: str) -> tuple[int, dict[str, Any]]:
    answer = await http.get("/status/article", params=query)
    return answer.status, await answer.json()


async def test_an_article_is_found_by_its_title_in_any_script(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish(ARABIC, 7)
    status, found = await ask(http, project="enwiki", title=ARABIC)
    assert (status, found["article"]["name"], found["article"]["identifier"]) == (200, ARABIC, 7)
    assert "article_body" not in found["article"]


async def test_an_article_is_found_by_its_page_id(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish("Ada Lovelace", 7)
    status, found = await ask(http, project="enwiki", page_id="7")
    assert (status, found["article"]["name"], found["redirected_from"]) == (200, "Ada Lovelace", "")


async def test_a_redirect_is_followed_and_told(http: aiohttp.ClientSession, feed: Feed) -> None:
    feed.publish("Ada Lovelace")
    feed.redirect("Countess", "Ada Lovelace")
    _, found = await ask(http, project="enwiki", title="Countess")
    assert (found["article"]["name"], found["redirected_from"]) == ("Ada Lovelace", "Countess")


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ({"project": "enwiki", "title": "Nobody"}, 404, "Nobody"),
        ({"project": "nowiki", "title": "Ada"}, 404, "nowiki"),
        ({"project": "enwiki"}, 422, "by its title or by its page_id"),
        ({"project": "enwiki", "title": "Ada", "page_id": "7"}, 422, "by its title or by its page_id"),
        ({"project": "enwiki", "page_id": "seven"}, 422, "page_id"),
        ({"project": "../../etc", "title": "Ada"}, 422, "project"),
        ({"title": "Ada"}, 422, "project"),
    ],
)
async def test_what_is_not_found_or_wrong_says_so(
    http: aiohttp.ClientSession, query: dict[str, str], status: int, message: str
) -> None:
    found, error = await ask(http, **query)
    assert (found, error["status"]) == (status, status)
    assert message in error["message"]


async def test_it_counts_as_an_article_on_demand(http: aiohttp.ClientSession, feed: Feed, guard: OpenGuard) -> None:
    feed.publish("Ada Lovelace")
    await ask(http, project="enwiki", title="Ada Lovelace")
    assert guard.admitted == ["/wikifeed.v1.ArticleService/GetArticle"]
    guard.refusal = PermissionDeniedError("your plan is for other projects")
    status, error = await ask(http, project="enwiki", title="Ada Lovelace")
    assert (status, error["message"]) == (403, "your plan is for other projects")
