"""Calls over a real channel: answers, errors with their details, streams, and how a server stops."""

import asyncio

import grpc
import pytest
import structlog
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc

from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest, GetArticleResponse
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

GET_ARTICLE = "/wikifeed.v1.ArticleService/GetArticle"
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture
def articles(channel):
    return ArticleServiceStub(channel)


@pytest.fixture
def changes(channel):
    return ChangeServiceStub(channel)


@pytest.fixture
def health(channel):
    return health_pb2_grpc.HealthStub(channel)


def status_of(error):
    """The google.rpc.Status in the trailers of a failed call."""
    (data,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    status = Status.FromString(data)
    assert (error.code().value[0], error.details()) == (status.code, status.message)
    return status


def detail(error, kind):
    """The detail of a kind that a failed call carries."""
    for packed in status_of(error).details:
        found = kind()
        if packed.Unpack(found):
            return found
    raise AssertionError(f"no {kind.__name__} in {status_of(error)}")


async def failure(call):
    """The error that a call or a stream ends with."""
    ending = _drained(call) if hasattr(call, "read") else call
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ending
    return caught.value


async def _drained(call):
    while await call.read() is not grpc.aio.EOF:
        pass


async def test_an_article_is_answered(feed, articles):
    feed.publish("Ada", 7)
    response = await articles.GetArticle(GetArticleRequest(project="enwiki", title="ada"))
    assert (response.article.name, response.article.article_body.wikitext) == ("Ada", "text")


async def test_what_is_not_found_is_said_with_reason_and_resource(articles):
    error = await failure(articles.GetArticle(GetArticleRequest(project="enwiki", title="Nobody – никто")))
    assert error.code() == grpc.StatusCode.NOT_FOUND
    assert "'Nobody – никто'" in error.details()
    info, resource = detail(error, ErrorInfo), detail(error, ResourceInfo)
    assert (info.reason, info.domain) == ("ARTICLE_NOT_FOUND", "wikifeed")
    assert (resource.resource_type, resource.resource_name) == ("article", "enwiki/Nobody – никто")


async def test_a_deleted_page_carries_its_time(feed, articles):
    feed.publish("Gone", 3)
    feed.delete("Gone", 3)
    info = detail(await failure(articles.GetArticle(GetArticleRequest(project="enwiki", page_id=3))), ErrorInfo)
    assert (info.reason, info.metadata["deleted_at"]) == ("ARTICLE_DELETED", "2023-11-14T22:13:22Z")


async def test_a_request_that_breaks_a_rule_names_the_field(articles):
    error = await failure(articles.GetArticle(GetArticleRequest(project="no such name", title="Ada")))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert [violation.field for violation in detail(error, BadRequest).field_violations] == ["project"]


async def test_an_unknown_mask_path_names_the_path(feed, articles):
    feed.publish("Ada", 7)
    request = GetArticleRequest(project="enwiki", page_id=7, read_mask=FieldMask(paths=["name", "nonsense"]))
    error = await failure(articles.GetArticle(request))
    assert detail(error, BadRequest).field_violations[0].field == "read_mask.paths[1]"


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x0a\x7fcut off", b"\x0a\x02\xff\xfe"])
async def test_bytes_that_are_no_request_are_the_callers_fault(channel, data):
    error = await failure(channel.unary_unary(GET_ARTICLE)(data))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "wikifeed.v1.GetArticleRequest" in error.details()


async def test_an_id_of_two_to_the_63rd_is_the_callers_fault(channel):
    # A writer without sign puts 2**63 on the wire as this varint.
    data = GetArticleRequest(project="enwiki").SerializeToString() + b"\x18" + b"\x80" * 9 + b"\x01"
    error = await failure(channel.unary_unary(GET_ARTICLE)(data))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert detail(error, BadRequest).field_violations[0].field == "page_id"


async def test_the_greatest_id_is_merely_not_found(articles):
    error = await failure(articles.GetArticle(GetArticleRequest(project="enwiki", page_id=2**63 - 1)))
    assert error.code() == grpc.StatusCode.NOT_FOUND


async def test_ten_thousand_wrong_keys_get_an_error_that_arrives(articles):
    request = BatchGetArticlesRequest(keys=[ArticleKey(project="?" * 64, title="é" * 512)] * 10_000)
    error = await failure(articles.BatchGetArticles(request))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert status_of(error).ByteSize() < 4096


async def test_a_long_title_in_many_bytes_gets_an_error_that_arrives(articles):
    error = await failure(articles.GetArticle(GetArticleRequest(project="enwiki", title="語" * 341)))
    assert error.code() == grpc.StatusCode.NOT_FOUND
    assert detail(error, ErrorInfo).reason == "ARTICLE_NOT_FOUND"


async def test_a_cursor_beyond_the_log_carries_the_newest_offset(feed, changes):
    feed.publish("Ada")
    error = await failure(changes.StreamChanges(StreamChangesRequest(after_offset=2**64 - 1)))
    assert error.code() == grpc.StatusCode.OUT_OF_RANGE
    info = detail(error, ErrorInfo)
    assert (info.reason, dict(info.metadata)) == ("OFFSET_IN_FUTURE", {"newest_offset": "1"})


async def test_a_cursor_older_than_the_log_carries_the_oldest_offset(feed, changes):
    feed.publish_many([feed.write(f"Page {number}") for number in range(9)])
    feed.trim(4)
    error = await failure(changes.StreamChanges(StreamChangesRequest(after_offset=1)))
    assert error.code() == grpc.StatusCode.OUT_OF_RANGE
    assert detail(error, ErrorInfo).metadata["oldest_offset"] == "4"


async def test_a_stream_has_changes_and_heartbeats(feed, changes):
    feed.publish("Ada", 7)
    call = changes.StreamChanges(StreamChangesRequest(after_offset=0))
    assert [change.article.name for change in (await call.read()).changes] == ["Ada"]
    beat = await call.read()
    assert (len(beat.changes), beat.through_offset) == (0, 1)
    feed.publish("Grace", 8)
    while not (response := await call.read()).changes:
        pass
    assert (response.changes[0].article.name, response.through_offset) == ("Grace", 2)
    call.cancel()


async def test_every_service_is_reached(feed, channel):
    assert len((await CatalogServiceStub(channel).ListProjects(ListProjectsRequest())).projects) == 3
    assert (await ChangeServiceStub(channel).GetChangeLogInfo(GetChangeLogInfoRequest())).newest_offset == 0


async def test_a_method_that_is_not_there_is_unimplemented(channel):
    error = await failure(channel.unary_unary("/wikifeed.v1.ArticleService/Nothing")(b""))
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


class MadeUpChanges:
    """A service whose behaviour a test decides."""

    def __init__(self, info=None, stream=None):
        if info:
            self.GetChangeLogInfo = info
        if stream:
            self.StreamChanges = stream

    async def GetChangeLogInfo(self, request):
        return b""

    async def StreamChanges(self, request):
        yield b""


@pytest.fixture
async def made_up(serve):
    """A server with a made-up ChangeService, and stubs for it."""
    channels = []

    async def made_up(**methods):
        server = await serve(ChangeService=MadeUpChanges(**methods))
        channels.append(grpc.aio.insecure_channel(server.addresses[0]))
        return server, ChangeServiceStub(channels[-1]), health_pb2_grpc.HealthStub(channels[-1])

    yield made_up
    for channel in channels:
        await channel.close()


async def test_what_nobody_foresaw_is_internal_and_tells_only_an_id(made_up):
    async def info(_request):
        raise KeyError("a secret")

    async def stream(_request):
        yield b""
        raise KeyError("a secret")

    with structlog.testing.capture_logs() as logs:
        _, changes, _ = await made_up(info=info, stream=stream)
        errors = [
            await failure(changes.GetChangeLogInfo(GetChangeLogInfoRequest())),
            await failure(changes.StreamChanges(StreamChangesRequest())),
        ]
    for error, logged in zip(errors, logs, strict=True):
        assert error.code() == grpc.StatusCode.INTERNAL
        assert "secret" not in str(status_of(error))
        assert detail(error, ErrorInfo).metadata["error_id"] == logged["error_id"]
        assert isinstance(logged["exc_info"], KeyError)
    assert logs[0]["error_id"] != logs[1]["error_id"]


async def test_a_client_that_goes_away_closes_the_services_stream(made_up):
    closed = asyncio.Event()

    async def stream(_request):
        try:
            while True:
                yield b""
                await asyncio.sleep(0)
        finally:
            closed.set()

    _, changes, _ = await made_up(stream=stream)
    call = changes.StreamChanges(StreamChangesRequest())
    await call.read()
    call.cancel()
    await asyncio.wait_for(closed.wait(), 20)


async def test_a_reader_that_does_not_read_is_not_sent_more_than_a_window(made_up):
    sent = 0
    piece = b"\x7a" + (65536).to_bytes(3, "little") + bytes(65536)

    async def stream(_request):
        nonlocal sent
        while True:
            sent += len(piece)
            yield piece

    _, changes, _ = await made_up(stream=stream)
    call = changes.StreamChanges(StreamChangesRequest())
    await call.initial_metadata()
    for _ in range(300):
        await changes.GetChangeLogInfo(GetChangeLogInfoRequest())
    assert sent < 16 * 1024 * 1024
    call.cancel()


async def test_health_is_told_for_the_server_and_each_service(health):
    for service in ("", "wikifeed.v1.ArticleService", "wikifeed.v1.ChangeService"):
        assert (await health.Check(health_pb2.HealthCheckRequest(service=service))).status == SERVING
    error = await failure(health.Check(health_pb2.HealthCheckRequest(service="wikifeed.v1.Nothing")))
    assert error.code() == grpc.StatusCode.NOT_FOUND


async def test_a_stop_ends_streams_with_the_offset_to_go_on_from(feed, server, changes):
    feed.publish("Ada")
    call = changes.StreamChanges(StreamChangesRequest(after_offset=0))
    await call.read()
    async with asyncio.timeout(20):
        await server.stop(60)
        error = await failure(call)
    assert error.code() == grpc.StatusCode.UNAVAILABLE
    info = detail(error, ErrorInfo)
    assert (info.reason, dict(info.metadata)) == ("SERVER_STOPPING", {"through_offset": "1"})
    assert detail(error, RetryInfo).retry_delay.seconds == 1


async def test_a_stop_tells_watchers_of_health_first_and_lets_calls_finish(made_up):
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def info(_request):
        entered.set()
        await go_on.wait()
        return b"\x10\x05"

    server, changes, health = await made_up(info=info)
    watch = health.Watch(health_pb2.HealthCheckRequest(service="wikifeed.v1.ChangeService"))
    assert (await watch.read()).status == SERVING
    slow = asyncio.ensure_future(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    await entered.wait()
    async with asyncio.timeout(20):
        stop = asyncio.ensure_future(server.stop(60))
        assert (await watch.read()).status == NOT_SERVING
        assert not stop.done()
        go_on.set()
        assert (await slow).newest_offset == 5
        await stop  # the watch, which has no end of its own, does not hold it up


async def test_a_stop_cuts_off_what_takes_longer_than_its_grace(made_up):
    entered = asyncio.Event()

    async def info(_request):
        entered.set()
        await asyncio.Event().wait()

    server, changes, _ = await made_up(info=info)
    call = asyncio.ensure_future(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    await entered.wait()
    async with asyncio.timeout(20):
        await server.stop(0.1)
        await failure(call)


async def test_a_stop_is_not_held_up_by_a_reader_that_does_not_read(feed, server, changes):
    feed.publish_many([feed.write(f"Page {number}", text="x" * 100_000) for number in range(200)])
    call = changes.StreamChanges(StreamChangesRequest(after_offset=0))
    await call.initial_metadata()
    async with asyncio.timeout(20):
        await server.stop(0.3)
    call.cancel()


async def test_a_stopped_server_takes_no_calls(server, articles):
    await server.stop(1)
    await server.wait()
    error = await failure(articles.GetArticle(GetArticleRequest(project="enwiki", title="Ada")))
    assert error.code() == grpc.StatusCode.UNAVAILABLE


async def test_a_stopped_server_may_be_stopped_again(server):
    await server.stop(1)
    await server.stop(1)


async def test_a_unix_socket_serves_as_well(tmp_path, serve):
    server = await serve(f"unix:{tmp_path}/feed.sock", ChangeService=MadeUpChanges())
    async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
        await ChangeServiceStub(channel).GetChangeLogInfo(GetChangeLogInfoRequest())


async def test_a_service_without_one_of_its_methods_is_refused_at_the_start(serve):
    with pytest.raises(AttributeError, match="GetArticle"):
        await serve(ArticleService=MadeUpChanges())


async def test_the_wire_carries_stored_bytes_unchanged(feed, channel):
    feed.publish("Ada", 7)
    request = GetArticleRequest(project="enwiki", page_id=7)
    data = await channel.unary_unary(GET_ARTICLE)(request.SerializeToString())
    assert GetArticleResponse.FromString(data).article.identifier == 7
    assert feed.write("Ada", 7).head[:10] in data
