"""Who may call, over real channels: accounts of a real store, and a guard before the services."""

import asyncio

import grpc
import pytest
import structlog
from calls import detail, failure
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from guarded import PASSWORD, UNKNOWN, refusal, showing

from wikifeed.v1 import account_service_pb2 as account_messages
from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, SubscribeRequest
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest
from wikifeed_server.accounts import UsageKind
from wikifeed_server.services.account import AccountService
from wikifeed_server.transport.methods import methods_of
from wikifeed_server.transport.observing import AccessLog

ADA = GetArticleRequest(project="enwiki", page_id=7)


async def test_a_password_gives_tokens_that_let_in(guarded, key):
    server = await guarded()
    tokens = await server.accounts.CreateSession(
        account_messages.CreateSessionRequest(username="ada", password=PASSWORD)
    )
    assert (await server.articles.GetArticle(ADA, metadata=showing(tokens.access_token))).article.name == "Ada"
    fresh = await server.accounts.RefreshSession(
        account_messages.RefreshSessionRequest(refresh_token=tokens.refresh_token),
        metadata=showing("what-has-expired"),
    )
    await server.catalog.ListProjects(ListProjectsRequest(), metadata=showing(fresh.access_token))
    await server.accounts.DeleteSession(account_messages.DeleteSessionRequest(refresh_token=tokens.refresh_token))
    for token in (tokens.access_token, fresh.access_token):
        assert refusal(await failure(server.articles.GetArticle(ADA, metadata=showing(token)))) == UNKNOWN


async def test_a_key_lets_in_until_it_is_revoked(guarded, accounts, key):
    server = await guarded()
    assert (await server.articles.GetArticle(ADA, metadata=showing(key))).article.name == "Ada"
    (kept,) = await accounts.list_keys("ada")
    await accounts.revoke_key("ada", kept.identifier)
    assert refusal(await failure(server.articles.GetArticle(ADA, metadata=showing(key)))) == UNKNOWN


async def test_an_export_ends_when_its_key_is_revoked(guarded, accounts, key):
    server = await guarded()
    call = server.snapshots.ExportSnapshot(ExportSnapshotRequest(identifier="endless"), metadata=showing(key))
    await call.read()
    (kept,) = await accounts.list_keys("ada")
    await accounts.revoke_key("ada", kept.identifier)
    assert refusal(await failure(call)) == UNKNOWN


async def test_without_credentials_nobody_learns_even_what_is_wrong_with_a_request(guarded):
    server = await guarded()
    wrong = GetArticleRequest(project="no such name")
    for call in (
        server.articles.GetArticle(ADA),
        server.articles.GetArticle(wrong),
        server.accounts.ListPlans(account_messages.ListPlansRequest()),
        server.changes.StreamChanges(StreamChangesRequest()),
        server.changes.Subscribe(iter([SubscribeRequest(open={"name": "mine"})])),
    ):
        assert refusal(await failure(call)) == UNKNOWN


@pytest.mark.parametrize("required", [True, False])
async def test_forged_credentials_are_refused_even_where_none_are_needed(guarded, key, required):
    server = await guarded(required)
    turned = key[:-1] + ("A" if key[-1] != "A" else "B")
    token = (
        await server.accounts.CreateSession(account_messages.CreateSessionRequest(username="ada", password=PASSWORD))
    ).access_token
    head, claims, signature = token.split(".")
    for forged in (turned, f"{head}.{claims}.{signature[::-1]}", f"{head}.{claims}.", "nonsense"):
        assert refusal(await failure(server.articles.GetArticle(ADA, metadata=showing(forged)))) == UNKNOWN
    basic = [("authorization", "Basic YWRhOmFkYQ==")]
    assert refusal(await failure(server.articles.GetArticle(ADA, metadata=basic))) == UNKNOWN


async def test_where_none_are_needed_who_shows_none_has_no_limits_and_who_does_has_theirs(guarded, accounts, key_of):
    server = await guarded(required=False)
    shown = showing(await key_of("grace", monthly={UsageKind.ON_DEMAND: 1}))
    for _ in range(3):
        await server.articles.GetArticle(ADA)
    await server.articles.GetArticle(ADA, metadata=shown)
    assert (await failure(server.articles.GetArticle(ADA, metadata=shown))).code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    error = await failure(server.accounts.GetAccount(account_messages.GetAccountRequest()))
    assert refusal(error) == UNKNOWN


async def test_a_quota_used_up_says_whose_it_is_and_when_there_is_more(guarded, accounts, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", monthly={UsageKind.ON_DEMAND: 3}))
    await server.articles.GetArticle(ADA, metadata=shown)
    three = BatchGetArticlesRequest(keys=[ArticleKey(project="enwiki", page_id=number) for number in (7, 8, 9)])
    error = await failure(server.articles.BatchGetArticles(three, metadata=shown))
    assert refusal(error) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED")
    assert detail(error, ErrorInfo).metadata["limit"] == "3"
    assert detail(error, QuotaFailure).violations[0].subject == "grace"
    assert 0 < detail(error, RetryInfo).retry_delay.seconds <= 31 * 86400
    # What was refused is not counted.
    for _ in range(2):
        await server.articles.GetArticle(ADA, metadata=shown)
    found = await server.accounts.GetAccount(account_messages.GetAccountRequest(), metadata=shown)
    assert (found.used.on_demand, found.left.on_demand, found.left.HasField("on_demand")) == (3, 0, True)


async def test_each_of_many_calls_at_once_is_its_own_callers(guarded, key_of):
    server = await guarded()
    keys = {name: await key_of(name) for name in ("grace", "alan", "edsger")}

    async def asked(name):
        request = account_messages.GetAccountRequest()
        return (await server.accounts.GetAccount(request, metadata=showing(keys[name]))).account.username

    names = [name for name in keys for _ in range(20)]
    assert await asyncio.gather(*map(asked, names)) == names


async def test_health_and_reflection_are_open_to_all(guarded):
    server = await guarded()
    health = health_pb2_grpc.HealthStub(server.channel)
    assert (await health.Check(health_pb2.HealthCheckRequest())).status == health_pb2.HealthCheckResponse.SERVING
    reflection = reflection_pb2_grpc.ServerReflectionStub(server.channel)
    requests = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    (answer,) = [each async for each in reflection.ServerReflectionInfo(requests)]
    assert "wikifeed.v1.AccountService" in {each.name for each in answer.list_services_response.service}


async def test_a_password_that_breaks_a_rule_is_not_repeated_in_the_error(guarded, key):
    server = await guarded()
    request = account_messages.ChangePasswordRequest(old_password=PASSWORD, new_password="hunter2")
    error = await failure(server.accounts.ChangePassword(request, metadata=showing(key)))
    assert [each.field for each in detail(error, BadRequest).field_violations] == ["new_password"]
    assert "hunter2" not in f"{error.details()}{error.trailing_metadata()}"


def test_requests_with_passwords_are_not_remembered(accounts):
    method = next(
        method
        for method in methods_of({"wikifeed.v1.AccountService": AccountService(accounts)})
        if method.path.endswith("/CreateSession")
    )
    data = account_messages.CreateSessionRequest(username="ada", password=PASSWORD).SerializeToString()
    assert method.read(data) is not method.read(data)


async def test_the_access_log_says_whose_call_it_was(guarded, key):
    server = await guarded(observers=[AccessLog()])
    with structlog.testing.capture_logs() as lines:
        await server.articles.GetArticle(ADA, metadata=showing(key))
        await failure(server.articles.GetArticle(ADA))
    told = [(line["account"], line["code"]) for line in lines if line["event"] == "call"]
    assert told == [("ada", "OK"), ("", "UNAUTHENTICATED")]
    assert key not in str(lines)
