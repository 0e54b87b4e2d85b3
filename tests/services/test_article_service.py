"""ArticleService over a real store: what each method answers, and each error that the contract names."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import ErrorInfo

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    ArticleKey,
    BatchGetArticlesRequest,
    BatchGetArticlesResponse,
    GetArticleRequest,
    GetArticleResponse,
    ListArticlesRequest,
    ListArticlesResponse,
    LookupArticlesRequest,
    LookupArticlesResponse,
)
from wikifeed_server.errors import (
    ArticleDeletedError,
    ArticleNotFoundError,
    InvalidRequestError,
    ProjectNotFoundError,
    RedirectTargetNotFoundError,
    WikifeedError,
)

MIB = 1024 * 1024


@pytest.fixture
def get(articles):
    async def get(project="enwiki", **fields):
        return GetArticleResponse.FromString(await articles.GetArticle(GetArticleRequest(project=project, **fields)))

    return get


@pytest.fixture
def batch(articles):
    async def batch(keys, **fields):
        request = BatchGetArticlesRequest(keys=keys, **fields)
        return [BatchGetArticlesResponse.FromString(data) async for data in articles.BatchGetArticles(request)]

    return batch


@pytest.fixture
def lookup(articles):
    async def lookup(title, **fields):
        data = await articles.LookupArticles(LookupArticlesRequest(title=title, **fields))
        return LookupArticlesResponse.FromString(data).matches

    return lookup


@pytest.fixture
def list_page(articles):
    async def list_page(**fields):
        request = ListArticlesRequest(**{"project": "enwiki", **fields})
        return ListArticlesResponse.FromString(await articles.ListArticles(request))

    return list_page


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


async def test_batch_answers_every_key_in_order(feed, batch):
    feed.publish("Ada", 7)
    feed.redirect("Countess", "Ada")
    feed.publish("Gone", 3)
    feed.delete("Gone", 3)
    keys = [
        ArticleKey(project="enwiki", page_id=7),
        ArticleKey(project="enwiki", title="Nobody"),
        ArticleKey(project="enwiki", title="Countess"),
        ArticleKey(project="enwiki", title="Gone"),
        ArticleKey(project="nowiki", title="Ada"),
        ArticleKey(project="enwiki", title="#"),
    ]
    (response,) = await batch(keys, read_mask=FieldMask(paths=["identifier"]))
    assert [outcome.index for outcome in response.outcomes] == list(range(6))
    assert [outcome.article.identifier for outcome in response.outcomes if outcome.HasField("article")] == [7, 7]
    assert response.outcomes[2].redirected_from == "Countess"
    errors = [outcome.error for outcome in response.outcomes if outcome.HasField("error")]
    assert [error.code for error in errors] == [5, 5, 5, 3]
    reasons = []
    for error in errors:
        info = ErrorInfo()
        assert error.details[0].Unpack(info)
        reasons.append(info.reason)
    assert reasons == ["ARTICLE_NOT_FOUND", "ARTICLE_DELETED", "PROJECT_NOT_FOUND", "INVALID_REQUEST"]


async def test_batch_puts_several_outcomes_into_a_response_of_at_most_a_mebibyte(feed, batch):
    for page_id in range(1, 9):
        feed.publish(f"Page {page_id}", page_id, "x" * 300_000)
    responses = await batch([ArticleKey(project="enwiki", page_id=1 + number % 8) for number in range(20)])
    assert all(response.ByteSize() <= MIB for response in responses)
    assert len(responses) == 7
    assert [outcome.index for response in responses for outcome in response.outcomes] == list(range(20))


async def test_batch_sends_an_article_beyond_a_mebibyte_alone(feed, batch):
    feed.publish("Small", 1)
    feed.publish("Huge", 2, "x" * 2 * MIB)
    responses = await batch([ArticleKey(project="enwiki", page_id=page_id) for page_id in (1, 2, 1)])
    assert [len(response.outcomes) for response in responses] == [1, 1, 1]


async def test_batch_of_thousands_of_small_outcomes_is_many_responses(feed, batch):
    responses = await batch([ArticleKey(project="enwiki", page_id=page_id) for page_id in range(1, 1001)])
    assert len(responses) > 5
    assert sum(len(response.outcomes) for response in responses) == 1000


async def test_lookup_finds_a_title_in_all_projects_in_their_order(feed, lookup):
    feed.publish("Berlin", 1, project="hewiktionary")
    feed.publish("Berlin", 2, project="enwiki")
    feed.publish("Hauptstadt", 3, project="dewiki")
    feed._put(feed.write("Berlin", 4, "", project="dewiki", redirect_target="Hauptstadt"))
    matches = await lookup("Berlin")
    assert [match.article.is_part_of.identifier for match in matches] == ["dewiki", "enwiki", "hewiktionary"]
    assert [match.redirected_from for match in matches] == ["Berlin", "", ""]


async def test_lookup_keeps_to_its_filters_and_its_limit(feed, lookup):
    for project in ("dewiki", "enwiki"):
        feed.publish("Berlin", 1, project=project)
    feed.publish("Category:Berlin", 2, namespace=14)
    names = ["is_part_of.identifier"]

    async def projects(title="Berlin", **fields):
        return [
            match.article.is_part_of.identifier for match in await lookup(title, **fields, read_mask={"paths": names})
        ]

    assert await projects() == ["dewiki", "enwiki"]
    assert await projects(limit=1) == ["dewiki"]
    assert await projects(projects=["enwiki", "nowiki"]) == ["enwiki"]
    assert await projects(languages=["de"]) == ["dewiki"]
    assert await projects(namespaces=[14]) == []
    assert await projects("category:berlin", namespaces=[14]) == ["enwiki"]
    assert await projects("Paris") == []


async def test_lookup_returns_three_unless_told(feed, lookup, reader):
    for project in ("dewiki", "enwiki", "hewiktionary"):
        feed.publish("Berlin", 1, project=project)
    assert len(await lookup("Berlin")) == 3


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


@pytest.mark.parametrize("page_id", [2**63 - 1, 1])
async def test_ids_up_to_the_greatest_are_errors_of_their_own_kind(feed, get, page_id):
    with pytest.raises(WikifeedError, match="there is no page"):
        await get(page_id=page_id)
    with pytest.raises(WikifeedError):
        await get(page_id=page_id, revision_id=2**63 - 1)
