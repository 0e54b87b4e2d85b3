"""Who may call, over real channels: accounts of a real store, and a guard before the services."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import grpc
import pytest
from argon2 import PasswordHasher
from calls import detail, failure
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from wikifeed.v1 import account_service_pb2 as account_messages
from wikifeed.v1.account_service_pb2_grpc import AccountServiceStub
from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, SubscribeRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_server.accounts import AccountOptions, Accounts, Plan, StoreGuard, UsageKind
from wikifeed_server.accounts.passwords import PasswordHashing
from wikifeed_server.services.account import AccountService
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.subscription import Subscriptions
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.embedded.subscriptions import EmbeddedSubscriptions
from wikifeed_server.transport.methods import methods_of
from wikifeed_server.transport.options import Limits

PASSWORD = "correct horse battery"
ADA = GetArticleRequest(project="enwiki", page_id=7)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def showing(credentials):
    return [("authorization", f"Bearer {credentials}")]


class AnySnapshot:
    """A service that sends something of every snapshot."""

    async def ExportSnapshot(self, request):
        yield b""

    async def GetSnapshot(self, request):
        return b""

    ListSnapshots = CreateSnapshot = GetSnapshot


class Stubs:
    """Stubs for a server's services."""

    def __init__(self, channel):
        self.channel = channel
        self.articles = ArticleServiceStub(channel)
        self.changes = ChangeServiceStub(channel)
        self.accounts = AccountServiceStub(channel)
        self.catalog = CatalogServiceStub(channel)
        self.snapshots = SnapshotServiceStub(channel)


@pytest.fixture
async def accounts(tmp_path):
    async with Accounts(tmp_path, AccountOptions(look_seconds=0.02), PasswordHashing(CHEAP)) as accounts:
        yield accounts


@pytest.fixture
async def guarded(feed, tmp_path, stopping, serve, accounts, usual):
    """The whole server over the feed's store behind a guard; accounts are required unless a test says not."""
    feed.publish("Ada", 7)
    async with EmbeddedReader.open(tmp_path) as reader, EmbeddedSubscriptions(tmp_path) as names:
        opened = []

        async def guarded(required=True, **options):
            guard = StoreGuard(accounts, required=required)
            opened.append(guard)
            await guard.__aenter__()
            running = await serve(
                ArticleService=ArticleService(reader),
                ChangeService=(ChangeService(reader, stopping, 0.05), Subscriptions(reader, names, stopping, 0.05)),
                CatalogService=CatalogService(reader),
                SnapshotService=AnySnapshot(),
                AccountService=AccountService(accounts),
                guard=guard,
                options=replace(usual, **options),
            )
            opened.append(running)
            channel = grpc.aio.insecure_channel(running.addresses[0])
            opened.append(channel)
            return Stubs(channel)

        yield guarded
        for each in reversed(opened):
            await (each.stop(0) if hasattr(each, "addresses") else each.close())


@pytest.fixture
async def key(accounts):
    """A key of an account with no limits."""
    await accounts.add("ada", PASSWORD, "unlimited")
    _, secret = await accounts.create_key("ada")
    return secret


@pytest.fixture
def key_of(accounts):
    """Makes accounts, each with a plan of its own; their keys."""

    async def key_of(username, **plan):
        await accounts.put_plan(Plan(f"of-{username}", **plan))
        await accounts.add(username, None, f"of-{username}")
        _, secret = await accounts.create_key(username)
        return secret

    return key_of


def refusal(error):
    """A failed call's code and reason."""
    return error.code(), detail(error, ErrorInfo).reason


UNKNOWN = (grpc.StatusCode.UNAUTHENTICATED, "CREDENTIALS_INVALID")


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


async def test_a_project_that_the_plan_does_not_show_is_refused_and_left_out_of_streams(feed, guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", projects=("dewiki",)))
    error = await failure(server.articles.GetArticle(ADA, metadata=shown))
    assert refusal(error) == (grpc.StatusCode.PERMISSION_DENIED, "PLAN_DOES_NOT_ALLOW")
    assert detail(error, ErrorInfo).metadata["project"] == "enwiki"
    last = feed.publish("Ada", 8, project="dewiki")
    request = StreamChangesRequest(after_offset=0, until_offset=last, no_body=True)
    seen = [
        change.article.is_part_of.identifier
        async for response in server.changes.StreamChanges(request, metadata=shown)
        for change in response.changes
    ]
    assert seen == ["dewiki"]


async def test_a_filter_that_is_changed_later_does_not_get_around_the_plan(guarded, key_of):
    server = await guarded()
    call = server.changes.Subscribe(metadata=showing(await key_of("grace", projects=("dewiki",))))
    await call.write(SubscribeRequest(open={"name": "mine", "filter": {"projects": ["dewiki"]}, "credit": 10}))
    await call.read()
    await call.write(SubscribeRequest(filter={"projects": ["enwiki"]}))
    assert refusal(await failure(call)) == (grpc.StatusCode.PERMISSION_DENIED, "PLAN_DOES_NOT_ALLOW")


async def test_a_plan_without_realtime_has_no_streams(guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", realtime=False))
    for call in (
        server.changes.StreamChanges(StreamChangesRequest(), metadata=shown),
        server.changes.Subscribe(iter([SubscribeRequest(open={"name": "mine"})]), metadata=shown),
    ):
        assert refusal(await failure(call)) == (grpc.StatusCode.PERMISSION_DENIED, "PLAN_DOES_NOT_ALLOW")


async def test_a_plan_without_streams_may_export_files(guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", realtime=False, streams_at_once=0))
    request = ExportSnapshotRequest(identifier="enwiki_namespace_0")
    assert len([piece async for piece in server.snapshots.ExportSnapshot(request, metadata=shown)]) == 1


async def opened(server, kind, shown):
    """A stream of changes that has begun."""
    if kind == "StreamChanges":
        call = server.changes.StreamChanges(StreamChangesRequest(after_offset=0), metadata=shown)
    else:
        call = server.changes.Subscribe(metadata=shown)
        await call.write(SubscribeRequest(open={"name": "mine", "credit": 10}))
    await call.read()
    return call


async def ending(server, shown):
    """How a stream of what there is already ends."""
    call = server.changes.StreamChanges(StreamChangesRequest(after_offset=0, until_offset=1), metadata=shown)
    with suppress(grpc.aio.AioRpcError):
        assert [response.through_offset async for response in call] == [1]
    return await call.code()


@pytest.mark.parametrize("kind", ["StreamChanges", "Subscribe"])
async def test_a_stream_ends_when_its_key_is_revoked(guarded, accounts, key, kind):
    server = await guarded()
    call = await opened(server, kind, showing(key))
    (kept,) = await accounts.list_keys("ada")
    await accounts.revoke_key("ada", kept.identifier)
    async with asyncio.timeout(20):
        assert refusal(await failure(call)) == UNKNOWN


async def test_streams_at_once_are_bounded_by_the_plan(guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", streams_at_once=1))
    first = await opened(server, "StreamChanges", shown)
    error = await failure(server.changes.StreamChanges(StreamChangesRequest(), metadata=shown))
    assert refusal(error) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_EXCEEDED")
    first.cancel()
    while (code := await ending(server, shown)) is grpc.StatusCode.RESOURCE_EXHAUSTED:
        pass
    assert code is grpc.StatusCode.OK


async def test_a_processs_bound_on_streams_is_one_of_each_account_and_not_of_its_address(guarded, key_of):
    server = await guarded(limits=Limits(caller_streams=1))
    grace, alan = [showing(await key_of(name)) for name in ("grace", "alan")]
    calls = [await opened(server, "StreamChanges", shown) for shown in (grace, alan)]
    error = await failure(server.changes.StreamChanges(StreamChangesRequest(), metadata=grace))
    assert detail(error, QuotaFailure).violations[0].subject == "grace"
    del calls


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
