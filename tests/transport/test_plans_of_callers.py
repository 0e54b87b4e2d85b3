"""What plans allow of projects, files and streams, over real channels."""

from contextlib import suppress

import grpc
import pytest
from calls import detail, failure
from google.rpc.error_details_pb2 import ErrorInfo, QuotaFailure
from guarded import NOT_ALLOWED, UNKNOWN, refusal, showing

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.change_service_pb2 import GetSubscriptionRequest, StreamChangesRequest, SubscribeRequest
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest
from wikifeed_server.accounts import Plan
from wikifeed_server.transport.options import Limits

ADA = GetArticleRequest(project="enwiki", page_id=7)


async def test_a_project_that_the_plan_does_not_show_is_refused_and_left_out_of_streams(feed, guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", projects=("dewiki",)))
    error = await failure(server.articles.GetArticle(ADA, metadata=shown))
    assert refusal(error) == NOT_ALLOWED
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
    assert refusal(await failure(call)) == NOT_ALLOWED


@pytest.mark.parametrize(
    ("first", "plan_then", "kept"),
    [
        ({"projects": ["dewiki"], "namespaces": [0]}, ("dewiki", "enwiki"), ["dewiki"]),
        ({"projects": ["dewiki", "enwiki"], "namespaces": [0]}, ("dewiki",), ["dewiki"]),
        ({"projects": ["enwiki"], "namespaces": [0]}, ("dewiki",), ["dewiki"]),
    ],
)
async def test_a_filter_is_kept_as_far_as_the_plan_shows_it(guarded, accounts, key_of, first, plan_then, kept):
    server = await guarded()
    shown = showing(await key_of("grace", projects=("dewiki", "enwiki")))
    await open_once(server, shown, filter=first)
    await accounts.put_plan(Plan("of-grace", projects=plan_then))
    await open_once(server, shown)
    got = await server.changes.GetSubscription(GetSubscriptionRequest(name="mine"), metadata=shown)
    assert (list(got.subscription.filter.projects), list(got.subscription.filter.namespaces)) == (kept, [0])


async def test_a_fresh_subscription_without_a_filter_has_the_plans_projects(guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", projects=("dewiki",)))
    await open_once(server, shown)
    got = await server.changes.GetSubscription(GetSubscriptionRequest(name="mine"), metadata=shown)
    assert list(got.subscription.filter.projects) == ["dewiki"]


async def open_once(server, shown, **options):
    """Open the subscription and leave."""
    opening = SubscribeRequest(open={"name": "mine", **options})
    async for _ in server.changes.Subscribe(iter([opening]), metadata=shown):
        pass


async def test_a_plan_without_realtime_has_no_streams(guarded, key_of):
    server = await guarded()
    shown = showing(await key_of("grace", realtime=False))
    for call in (
        server.changes.StreamChanges(StreamChangesRequest(), metadata=shown),
        server.changes.Subscribe(iter([SubscribeRequest(open={"name": "mine"})]), metadata=shown),
    ):
        assert refusal(await failure(call)) == NOT_ALLOWED


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
