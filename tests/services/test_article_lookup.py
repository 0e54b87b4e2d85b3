"""ArticleService: many keys in one call, and one title across projects."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import ErrorInfo

from wikifeed.v1.article_service_pb2 import (
    ArticleKey,
    BatchGetArticlesRequest,
    BatchGetArticlesResponse,
    LookupArticlesRequest,
    LookupArticlesResponse,
)

MIB = 1024 * 1024


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
