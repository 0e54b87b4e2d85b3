"""Calls over a real channel: answers, errors with their details, streams, and how a server stops."""

import grpc
import pytest
from calls import MadeUpChanges, detail, failure, status_of
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, ResourceInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc

from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest, GetArticleResponse
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

GET_ARTICLE = "/wikifeed.v1.ArticleService/GetArticle"
STREAM_CHANGES = "/wikifeed.v1.ChangeService/StreamChanges"
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture
def health(channel):
    return health_pb2_grpc.HealthStub(channel)


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


async def test_health_is_told_for_the_server_and_each_service(health):
    for service in ("", "wikifeed.v1.ArticleService", "wikifeed.v1.ChangeService"):
        assert (await health.Check(health_pb2.HealthCheckRequest(service=service))).status == SERVING
    error = await failure(health.Check(health_pb2.HealthCheckRequest(service="wikifeed.v1.Nothing")))
    assert error.code() == grpc.StatusCode.NOT_FOUND


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


async def test_callers_who_leave_in_the_middle_are_no_errors(made_up, caplog):
    async def stream(request):
        while True:
            yield bytes(1 << 20)

    server, _, _ = await made_up(stream=stream)
    request = StreamChangesRequest(after_offset=0).SerializeToString()
    for _ in range(30):
        async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
            for _ in range(10):
                call = channel.unary_stream(STREAM_CHANGES)(request)
                assert len(await call.read()) == 1 << 20
                call.cancel()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
