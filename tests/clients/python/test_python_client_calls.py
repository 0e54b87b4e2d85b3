"""Calls that are answered once: what they bring, and the errors they raise."""

from datetime import UTC, datetime

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.rpc.error_details_pb2 import ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from made_up_feed import SECOND, START

from wikifeed.v1.article_service_pb2 import GetArticleRequest, GetArticleResponse
from wikifeed_client import (
    DeadlineExceededError,
    InvalidRequestError,
    NotFoundError,
    QuotaExceededError,
    Since,
    UnavailableError,
    WikifeedError,
)
from wikifeed_client._errors import error_of_status
from wikifeed_client._requests import timestamp


async def test_articles_are_got_by_title_and_page_id_and_cut_to_a_mask(feed, client):
    feed.publish("Ada Lovelace", 7, text="first")
    feed.redirect("Countess", "Ada Lovelace")
    assert (await client.get("enwiki", "Ada Lovelace")).article_body.wikitext == "first"
    assert (await client.get("enwiki", "Countess")).name == "Ada Lovelace"
    masked = await client.get("enwiki", 7, read_mask=["name"])
    assert (masked.name, masked.identifier) == ("Ada Lovelace", 0)
    structured = await client.structured("enwiki", 7)
    assert (structured.abstract, structured.HasField("article_body")) == ("About Ada Lovelace.", False)


async def test_a_revision_is_got(feed, client):
    feed.publish("Ada", 7, text="first")
    revision = (await client.get("enwiki", 7)).version.identifier
    feed.publish("Ada", 7, text="second")
    assert (await client.get("enwiki", 7, revision_id=revision)).article_body.wikitext == "first"


async def test_each_key_of_a_batch_has_an_outcome_of_its_own(feed, client):
    feed.publish("Ada", 7)
    keys = [("enwiki", 7), ("enwiki", "Nobody"), ("enwiki", "Ada")]
    outcomes = [outcome async for outcome in client.batch_get(keys)]
    assert [outcome.key for outcome in outcomes] == keys
    assert [outcome.article is not None for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, NotFoundError)


async def test_a_title_is_looked_up_across_projects(feed, client):
    feed.publish("Ada")
    feed.publish("Ada", project="dewiki")
    matches = await client.lookup("Ada", limit=5)
    assert [match.article.is_part_of.identifier for match in matches] == ["dewiki", "enwiki"]


async def test_a_list_goes_over_all_pages(feed, client):
    for number in range(7):
        feed.publish(f"Page {number}", 10 + number)
    assert [article.identifier async for article in client.list("enwiki", page_size=3)] == list(range(10, 17))
    pages = [page async for page in client.list_pages("enwiki", page_size=3)]
    assert [(len(page.articles), page.offset) for page in pages] == [(3, 7), (3, 7), (1, 7)]


async def test_projects_and_the_log_are_told(feed, client):
    feed.publish("Ada")
    assert [project.identifier for project in await client.projects(languages=["en"])] == ["enwiki"]
    assert (await client.change_log()).newest_offset == 1


async def test_a_deleted_page_tells_when(feed, client):
    feed.publish("Ada", 7)
    feed.delete("Ada", 7)
    with pytest.raises(NotFoundError) as caught:
        await client.get("enwiki", "Ada")
    error = caught.value
    assert (error.reason, error.code) == ("ARTICLE_DELETED", grpc.StatusCode.NOT_FOUND)
    assert error.deleted_at == datetime.fromtimestamp((START + 2 * SECOND) / 1e6, UTC)


async def test_a_wrong_request_names_its_fields(feed, client):
    with pytest.raises(InvalidRequestError) as caught:
        await client.get("en wiki", "Ada")
    assert [violation.field for violation in caught.value.violations] == ["project"]
    with pytest.raises(InvalidRequestError):
        await client.get("enwiki", "Ada", read_mask=["nonsense"])


async def test_no_server_is_unavailable(connect):
    client = await connect("127.0.0.1:1", timeout_seconds=20)
    with pytest.raises(UnavailableError):
        await client.get("enwiki", "Ada")


def article_handler(behaviour):
    return grpc.unary_unary_rpc_method_handler(
        behaviour, GetArticleRequest.FromString, GetArticleResponse.SerializeToString
    )


async def test_a_call_that_finds_no_server_is_tried_again(made_up, connect):
    calls = []

    async def behaviour(request, context):
        calls.append(dict(context.invocation_metadata()))
        if len(calls) < 4:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "not yet")
        return GetArticleResponse(article={"name": "Ada"})

    client = await connect(await made_up("ArticleService", {"GetArticle": article_handler(behaviour)}), key="secret")
    assert (await client.get("enwiki", "Ada")).name == "Ada"
    assert len(calls) == 4
    assert calls[0]["authorization"] == "Bearer secret"
    assert calls[0]["user-agent"].startswith("wikifeed-python/0.1.0 ")


async def test_a_call_without_an_answer_ends_at_its_deadline(made_up, connect):
    async def behaviour(request, context):
        await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "late")

    client = await connect(await made_up("ArticleService", {"GetArticle": article_handler(behaviour)}))
    with pytest.raises(DeadlineExceededError):
        await client.get("enwiki", "Ada")


def status(code, message, *details):
    made = Status(code=code, message=message)
    for detail in details:
        packed = Any()
        packed.Pack(detail)
        made.details.append(packed)
    return made


def test_a_quota_tells_when_there_is_more():
    retry = RetryInfo(retry_delay={"seconds": 90})
    info = ErrorInfo(reason="QUOTA_EXCEEDED", domain="wikifeed", metadata={"limit": "10"})
    error = error_of_status(status(8, "no more", info, retry, RequestInfo(request_id="r1")))
    assert isinstance(error, QuotaExceededError)
    assert (error.retry_after_seconds, error.metadata, error.request_id) == (90, {"limit": "10"}, "r1")
    assert str(error) == "no more (QUOTA_EXCEEDED)"


def test_reasons_of_another_domain_are_not_ours():
    error = error_of_status(status(11, "beyond", ErrorInfo(reason="OFFSET_EXPIRED", domain="example.org")))
    assert (type(error), error.reason) == (WikifeedError, "")


def test_a_time_must_name_its_zone():
    with pytest.raises(ValueError, match="names no time zone"):
        timestamp(datetime(2026, 1, 1))
    assert timestamp(datetime(2026, 1, 1, tzinfo=UTC)).seconds == 1767225600


async def test_a_stream_starts_at_a_time(feed, client):
    feed.publish("Ada", 7)
    feed.time += 60_000_000
    feed.publish("Ada", 7)
    since = datetime.fromtimestamp(feed.time / 1e6, UTC)
    async with client.changes(start=Since(since)) as stream:
        assert (await anext(stream)).offset == 2
