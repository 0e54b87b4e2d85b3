"""ArticleService over a real store: one article, and each error that the contract names."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    GetArticleRequest,
    GetArticleResponse,
)
from wikifeed_server.errors import (
    ArticleDeletedError,
    ArticleNotFoundError,
    InvalidRequestError,
    ProjectNotFoundError,
    RedirectTargetNotFoundError,
    WikifeedError,
)


@pytest.fixture
def get(articles):
    async def get(project="enwiki", **fields):
        return GetArticleResponse.FromString(await articles.GetArticle(GetArticleRequest(project=project, **fields)))

    return get


async def test_an_article_comes_whole_by_title_and_by_page_id(feed, get):
    offset = feed.publish("Ada Lovelace", 7, "She wrote.")
    by_title, by_id = await get(title="Ada Lovelace"), await get(page_id=7)
    assert by_title == by_id
    article = by_title.article
    assert (article.name, article.identifier, article.article_body.wikitext) == ("Ada Lovelace", 7, "She wrote.")
    assert article.links[0].url == "https://example.org"
    assert (article.event.type, article.event.offset) == ("create", offset)
    assert by_title.redirected_from == ""


@pytest.mark.parametrize(
    "title", ["ada Lovelace", "Ada_Lovelace", " Ada  Lovelace_", ":ada_Lovelace", "Ada Lovelace#Life"]
)
async def test_a_title_is_taken_as_mediawiki_takes_it(feed, get, title):
    feed.publish("Ada Lovelace", 7)
    assert (await get(title=title)).article.identifier == 7


async def test_an_alias_of_a_namespace_stands_for_its_name(feed, get):
    feed.publish("Wikipedia:About", 9, namespace=4)
    assert (await get(title="WP:about")).article.name == "Wikipedia:About"


async def test_the_first_letter_counts_where_the_project_says_so(feed, get):
    feed.publish("ada", 1, project="hewiktionary")
    assert (await get("hewiktionary", title="ada")).article.identifier == 1
    with pytest.raises(ArticleNotFoundError):
        await get("hewiktionary", title="Ada")


async def test_a_mask_cuts_the_article(feed, get):
    feed.publish("Ada", 7)
    cut = await get(title="Ada", read_mask=FieldMask(paths=["name", "version.editor.name", "article_body.wikitext"]))
    assert cut.article == Article(name="Ada", version={"editor": {"name": "Ada"}}, article_body={"wikitext": "text"})


async def test_an_unknown_path_of_a_mask_is_named(feed, get):
    feed.publish("Ada", 7)
    with pytest.raises(InvalidRequestError) as caught:
        await get(title="Ada", read_mask=FieldMask(paths=["name", "abstrct"]))
    assert caught.value.violations[0].field == "read_mask.paths[1]"
    assert "abstract" in caught.value.message


async def test_a_redirect_is_followed_and_reported(feed, get):
    feed.publish("Ada Lovelace", 7)
    feed.redirect("Countess of Lovelace", "Ada Lovelace", 8)
    for key in ({"title": "countess of Lovelace"}, {"page_id": 8}):
        found = await get(**key)
        assert (found.article.identifier, found.redirected_from) == (7, "Countess of Lovelace")
    assert [redirect.name for redirect in found.article.redirects] == ["Countess of Lovelace"]


async def test_a_redirect_to_a_redirect_is_followed_from_the_one_asked_for(feed, get):
    feed.publish("Target", 1)
    for number in range(5):
        feed.redirect(f"R{number}", f"R{number - 1}" if number else "target#Section")
    assert (await get(title="R4")).redirected_from == "R4"


async def test_redirects_in_a_circle_lead_nowhere(feed, get):
    feed.redirect("A", "B")
    feed.redirect("B", "A")
    with pytest.raises(RedirectTargetNotFoundError, match="circle"):
        await get(title="A")


async def test_more_than_five_redirects_lead_nowhere(feed, get):
    feed.publish("Target", 1)
    for number in range(6):
        feed.redirect(f"R{number}", f"R{number - 1}" if number else "Target")
    with pytest.raises(RedirectTargetNotFoundError):
        await get(title="R5")


@pytest.mark.parametrize("target", ["Nowhere", "Gone", ""])
async def test_a_redirect_to_what_is_not_there_names_its_target(feed, get, target):
    feed.publish("Gone", 3)
    feed.delete("Gone", 3)
    feed.redirect("Here", target or "#Section")
    with pytest.raises(RedirectTargetNotFoundError) as caught:
        await get(title="Here")
    assert caught.value.metadata["redirect_target"] == (target or "#Section")


async def test_a_page_that_is_not_there_is_not_found(feed, get):
    with pytest.raises(ArticleNotFoundError, match=r"'No such page' in enwiki.*case-sensitive"):
        await get(title="No such page")
    with pytest.raises(ArticleNotFoundError, match="id 404 in enwiki"):
        await get(page_id=404)


@pytest.mark.parametrize("key", [{"title": "Ada"}, {"page_id": 1}])
async def test_a_project_that_is_not_there_is_not_found(feed, get, key):
    with pytest.raises(ProjectNotFoundError, match="nowiki"):
        await get("nowiki", **key)


@pytest.mark.parametrize("title", ["#", ":", "_", "#Section"])
async def test_a_title_that_names_no_page_is_invalid(feed, get, title):
    with pytest.raises(InvalidRequestError, match="names no page"):
        await get(title=title)


async def test_a_deleted_page_says_since_when(feed, get):
    feed.publish("Gone", 3)
    feed.delete("Gone", 3)
    for key in ({"title": "gone"}, {"page_id": 3}):
        with pytest.raises(ArticleDeletedError) as caught:
            await get(**key)
        assert caught.value.metadata["deleted_at"] == "2023-11-14T22:13:22Z"


async def test_an_old_revision_comes_as_it_was(feed, get):
    feed.publish("Ada", 7, "first")
    feed.publish("Ada", 7, "second")
    assert (await get(title="ada", revision_id=1)).article.article_body.wikitext == "first"
    assert (await get(page_id=7)).article.article_body.wikitext == "second"


async def test_a_revision_of_another_page_is_not_found(feed, get):
    feed.publish("Ada", 7)
    feed.publish("Grace", 8)
    with pytest.raises(ArticleNotFoundError, match="page 'Ada' in enwiki has no revision 2"):
        await get(title="Ada", revision_id=2)


async def test_a_redirect_page_asked_for_by_revision_is_answered_as_it_stands(feed, get):
    feed.publish("Ada Lovelace", 7)
    feed.redirect("Ada", "Ada Lovelace", 8)
    found = await get(title="Ada", revision_id=2)
    assert (found.article.identifier, found.redirected_from) == (8, "")


async def test_no_revision_of_a_deleted_page_is_shown(feed, get):
    feed.publish("Gone", 3)
    feed.delete("Gone", 3)
    for revision_id in (1, 2, 99):
        with pytest.raises(ArticleDeletedError):
            await get(page_id=3, revision_id=revision_id)


@pytest.mark.parametrize("page_id", [2**63 - 1, 1])
async def test_ids_up_to_the_greatest_are_errors_of_their_own_kind(feed, get, page_id):
    with pytest.raises(WikifeedError, match="there is no page"):
        await get(page_id=page_id)
    with pytest.raises(WikifeedError):
        await get(page_id=page_id, revision_id=2**63 - 1)
