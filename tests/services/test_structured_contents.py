"""GetStructuredContents over a real store."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    GetArticleRequest,
    GetArticleResponse,
    GetStructuredContentsRequest,
    GetStructuredContentsResponse,
)
from wikifeed_server.errors import ArticleDeletedError, ArticleNotFoundError, InvalidRequestError, ProjectNotFoundError

STRUCTURE = Article(
    infoboxes=[{"type": "infobox", "has_parts": [{"type": "field", "name": "Born", "value": "1815"}]}],
    sections=[{"type": "section", "name": "Abstract", "has_parts": [{"type": "paragraph", "value": "Ada."}]}],
    references=[{"identifier": "cite-1", "metadata": {"title": "Notes"}}],
    tables=[{"identifier": "t1", "caption": "Works", "rows": [{"cells": [{"value": "1843"}]}]}],
    links=[{"url": "https://example.org", "text": "a link of the page"}],
)


@pytest.fixture
def get(articles):
    async def get(project="enwiki", **fields):
        request = GetStructuredContentsRequest(project=project, **fields)
        return GetStructuredContentsResponse.FromString(await articles.GetStructuredContents(request))

    return get


@pytest.fixture
def ada(feed):
    return feed.publish("Ada Lovelace", 7, structured=STRUCTURE.SerializeToString())


async def test_it_is_the_article_without_the_fields_that_enterprises_structured_contents_lack(ada, articles, get):
    whole = await articles.GetArticle(GetArticleRequest(project="enwiki", title="Ada Lovelace"))
    wanted = GetArticleResponse.FromString(whole).article
    for name in ("namespace", "categories", "article_body", "links"):
        assert getattr(wanted, name)
        wanted.ClearField(name)
    found = await get(title="Ada Lovelace")
    assert found.article == wanted
    assert found.article.tables[0].caption == "Works"
    assert found == await get(page_id=7)


async def test_a_mask_cuts_it_further(ada, get):
    found = await get(title="ada_Lovelace", read_mask=FieldMask(paths=["name", "infoboxes", "version.editor.name"]))
    version = {"editor": {"name": "Ada"}}
    assert found.article == Article(name="Ada Lovelace", infoboxes=STRUCTURE.infoboxes, version=version)


@pytest.mark.parametrize("path", ["article_body", "categories", "links", "nme", "sections.name"])
async def test_a_field_that_it_has_not_is_refused_by_its_place(ada, get, path):
    with pytest.raises(InvalidRequestError) as caught:
        await get(page_id=7, read_mask=FieldMask(paths=["name", path]))
    assert [violation.field for violation in caught.value.violations] == ["read_mask.paths[1]"]


async def test_a_redirect_is_followed_and_reported(ada, feed, get):
    feed.redirect("Countess of Lovelace", "Ada Lovelace", 8)
    found = await get(title="countess of Lovelace")
    assert (found.article.identifier, found.redirected_from) == (7, "Countess of Lovelace")


async def test_a_page_of_which_nothing_structured_is_known_comes_without(feed, get):
    feed.publish("Bob", 9, structured=b"")
    article = (await get(title="Bob")).article
    assert (article.name, article.abstract) == ("Bob", "About Bob.")
    assert not article.sections


async def test_an_old_revision_comes_when_asked_for(ada, feed, get):
    feed.publish("Ada Lovelace", 7, structured=b"")
    newest = (await get(page_id=7)).article
    assert not newest.infoboxes
    old = (await get(page_id=7, revision_id=newest.version.identifier - 1)).article
    assert old.infoboxes == STRUCTURE.infoboxes


async def test_what_is_not_there_is_not_found(ada, feed, get):
    with pytest.raises(ProjectNotFoundError):
        await get("xxwiki", title="Ada Lovelace")
    with pytest.raises(ArticleNotFoundError):
        await get(title="Nobody")
    feed.delete("Ada Lovelace", 7)
    with pytest.raises(ArticleDeletedError):
        await get(title="Ada Lovelace")
