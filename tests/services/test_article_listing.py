"""ArticleService: listings and their page tokens."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    ListArticlesRequest,
    ListArticlesResponse,
)
from wikifeed_server.errors import (
    InvalidRequestError,
    ProjectNotFoundError,
)

MIB = 1024 * 1024


@pytest.fixture
def list_page(articles):
    async def list_page(**fields):
        request = ListArticlesRequest(**{"project": "enwiki", **fields})
        return ListArticlesResponse.FromString(await articles.ListArticles(request))

    return list_page


async def listed(list_page, **fields):
    """All page ids of a listing, and the sizes of its pages."""
    ids, sizes, token = [], [], ""
    while True:
        page = await list_page(page_token=token, **fields)
        ids += [article.identifier for article in page.articles]
        sizes.append(len(page.articles))
        token = page.next_page_token
        if not token:
            return ids, sizes


async def test_a_listing_has_every_live_article_once_by_page_id(feed, list_page):
    for page_id in (5, 3, 9, 1, 7):
        feed.publish(f"Page {page_id}", page_id)
    feed.redirect("Elsewhere", "Page 1", 4)
    feed.delete("Page 7", 7)
    assert await listed(list_page, page_size=2) == ([1, 3, 5, 9], [2, 2])
    assert await listed(list_page) == ([1, 3, 5, 9], [4])


async def test_all_pages_of_a_listing_are_as_of_one_offset(feed, list_page):
    for page_id in range(1, 6):
        feed.publish(f"Page {page_id}", page_id, "old")
    first = await list_page(page_size=2)
    feed.publish("Page 4", 4, "new")
    feed.publish("Page 6", 6)
    feed.delete("Page 5", 5)
    second = await list_page(page_size=10, page_token=first.next_page_token)
    assert first.offset == second.offset == 5
    assert [article.identifier for article in second.articles] == [3, 4, 5]
    assert second.articles[1].article_body.wikitext == "old"


async def test_a_listing_keeps_to_its_namespaces_and_mask(feed, list_page):
    feed.publish("Ada", 1)
    feed.publish("Category:Women", 2, namespace=14)
    page = await list_page(namespaces=[14], read_mask=FieldMask(paths=["name"]))
    assert list(page.articles) == [Article(name="Category:Women")]


async def test_a_page_of_a_listing_stays_under_three_mebibytes(feed, list_page):
    for page_id in range(1, 6):
        feed.publish(f"Page {page_id}", page_id, "x" * MIB)
    assert await listed(list_page) == ([1, 2, 3, 4, 5], [2, 2, 1])


async def test_an_empty_project_has_an_empty_listing(feed, list_page):
    page = await list_page(project="dewiki")
    assert (len(page.articles), page.next_page_token, page.offset) == (0, "", 0)


async def test_a_listing_of_no_project_is_not_found(feed, list_page):
    with pytest.raises(ProjectNotFoundError):
        await list_page(project="nowiki")


@pytest.fixture
async def token(feed, list_page):
    for page_id in range(1, 4):
        feed.publish(f"Page {page_id}", page_id)
    return (await list_page(page_size=1)).next_page_token


@pytest.mark.parametrize(
    "other",
    [{"project": "dewiki"}, {"namespaces": [0]}, {"read_mask": FieldMask(paths=["name"])}],
)
async def test_a_token_of_another_listing_is_refused(list_page, token, other):
    with pytest.raises(InvalidRequestError) as caught:
        await list_page(page_token=token, **other)
    assert caught.value.violations[0].field == "page_token"


@pytest.mark.parametrize("damaged", ["x", "WzEsMl0", "é", "bnVsbA", "WyIxIiwiMiIsIjMiXQ", "e30", "*" * 256])
async def test_a_damaged_token_is_refused(list_page, token, damaged):
    with pytest.raises(InvalidRequestError):
        await list_page(page_token=damaged)


async def test_a_token_with_the_last_letters_cut_off_is_refused(list_page, token):
    for length in range(1, len(token)):
        with pytest.raises(InvalidRequestError):
            await list_page(page_token=token[:length])


async def test_a_token_may_be_used_with_another_page_size(list_page, token):
    assert [article.identifier for article in (await list_page(page_token=token, page_size=5)).articles] == [2, 3]
