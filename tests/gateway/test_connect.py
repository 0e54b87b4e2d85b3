"""The RPCs as browsers call them: what is answered, in which form, and to whom."""

import orjson
import pytest
from connect_calls import CONNECT_JSON_STREAM, CONNECT_STREAM, GRPC_WEB, call, connect_end, enveloped, unary
from google.protobuf import descriptor_pool
from google.rpc.error_details_pb2 import BadRequest, RequestInfo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wikifeed.v1.account_service_pb2 import CreateSessionRequest, CreateSessionResponse
from wikifeed.v1.article_service_pb2 import (
    ArticleKey,
    BatchGetArticlesRequest,
    BatchGetArticlesResponse,
    GetArticleRequest,
    GetArticleResponse,
)
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.accounts import Caller, Plan, StoreGuard
from wikifeed_server.errors import PermissionDeniedError, QuotaExceededError
from wikifeed_server.gateway import connect
from wikifeed_server.services.catalog import CatalogService

GET = "ArticleService/GetArticle"
ASKED = GetArticleRequest(project="enwiki", title="Ada Lovelace")
NOBODY = GetArticleRequest(project="enwiki", title="Nobody")
SHOWN = {"Authorization": "Bearer any"}
CHANGES = "ChangeService/StreamChanges"
FORMS = pytest.mark.parametrize("form", [CONNECT_STREAM, GRPC_WEB])


@pytest.fixture
def ada(feed):
    """The page that is asked for."""
    feed.publish("Ada Lovelace", page_id=7, text="long " * 100)


@pytest.fixture
async def bytes_of_ada(ada, services):
    """What gRPC answers."""
    return await services["wikifeed.v1.ArticleService"].GetArticle(ASKED)


# What is answered


async def test_connect_answers_the_bytes_that_grpc_does(rpc, bytes_of_ada):
    assert await unary(rpc, GET, ASKED) == (200, bytes_of_ada, "application/proto")


async def test_grpc_web_answers_the_bytes_that_grpc_does(rpc, bytes_of_ada):
    async with call(rpc, GET, ASKED, GRPC_WEB) as answer:
        messages, ended = await answer.rest()
    assert (messages, ended.code) == ([bytes_of_ada], "")


async def test_json_has_the_contracts_names(rpc, ada):
    asked = orjson.dumps({"project": "enwiki", "title": "Ada Lovelace", "read_mask": "name,identifier,namespace"})
    status, body, kind = await unary(rpc, GET, asked)
    assert (status, kind) == (200, "application/json")
    assert orjson.loads(body)["article"] == {"name": "Ada Lovelace", "identifier": "7", "namespace": {}}


async def test_json_with_a_charset_is_json(rpc, ada):
    asked = orjson.dumps({"project": "enwiki", "title": "Ada Lovelace"})
    assert (await unary(rpc, GET, asked, **{"Content-Type": "application/json; charset=utf-8"}))[0] == 200


async def test_large_articles_come_whole_in_json(rpc, feed):
    feed.publish("Long", page_id=8, text="ü" * 200_000)
    _, body, _ = await unary(rpc, GET, b'{"project": "enwiki", "title": "Long"}')
    assert orjson.loads(body)["article"]["article_body"]["wikitext"] == "ü" * 200_000


@FORMS
async def test_streams_have_every_message_in_its_envelope(rpc, ada, form):
    asked = BatchGetArticlesRequest(
        keys=[ArticleKey(project="enwiki", title=title) for title in ("Ada Lovelace", "Nobody")]
    )
    async with call(rpc, "ArticleService/BatchGetArticles", asked, form) as answer:
        messages, ended = await answer.rest()
    found = [each for message in messages for each in BatchGetArticlesResponse.FromString(message).outcomes]
    assert len(found) == 2
    assert ended.code == ""


@FORMS
async def test_changes_come_as_they_happen(rpc, feed, form):
    async with call(rpc, CHANGES, StreamChangesRequest(), form) as answer:
        await answer.next()
        offset = feed.publish("Ada Lovelace", page_id=7)
        while not (changes := StreamChangesResponse.FromString(await answer.next()).changes):
            pass
    assert [change.offset for change in changes] == [offset]


async def test_changes_come_in_json(rpc, ada):
    async with call(rpc, CHANGES, b'{"after_offset": "0"}', CONNECT_JSON_STREAM) as answer:
        (change,) = orjson.loads(await answer.next())["changes"]
    assert change["article"]["name"] == "Ada Lovelace"


async def test_every_method_has_a_path(rpc, services):
    for name in services:
        for method in descriptor_pool.Default().FindServiceByName(name).methods:
            async with rpc.post(f"/{name}/{method.name}") as answer:
                assert answer.status == 415, method.full_name  # a body that is none of the forms
    async with rpc.post("/wikifeed.v1.ArticleService/Nothing") as answer:
        assert answer.status == 404


@FORMS
async def test_what_streams_both_ways_is_unimplemented(rpc, form):
    async with call(rpc, "ChangeService/Subscribe", b"", form) as answer:
        assert (await answer.rest())[1].code == ("12" if form == GRPC_WEB else "unimplemented")


async def test_grpc_itself_is_sent_elsewhere(rpc):
    status, body, _ = await unary(rpc, GET, ASKED, **{"Content-Type": "application/grpc"})
    assert (status, orjson.loads(body)["status"]) == (415, 415)


# Errors


async def test_errors_of_connect_have_details(rpc):
    status, body, _ = await unary(rpc, GET, NOBODY, **{"X-Request-Id": "the-id"})
    ended = connect_end(orjson.loads(body))
    assert (status, ended.code, ended.reason) == (404, "not_found", "ARTICLE_NOT_FOUND")
    assert RequestInfo.FromString(ended.details["google.rpc.RequestInfo"]).request_id == "the-id"


async def test_errors_of_grpc_web_have_details(rpc):
    async with call(rpc, GET, NOBODY, GRPC_WEB) as answer:
        messages, ended = await answer.rest()
    assert (messages, ended.code, ended.reason) == ([], "5", "ARTICLE_NOT_FOUND")


@FORMS
async def test_errors_of_streams_have_details(rpc, form):
    async with call(rpc, CHANGES, StreamChangesRequest(after_offset=10**9), form) as answer:
        messages, ended = await answer.rest()
    assert (messages, ended.code, ended.reason) == (
        [],
        "11" if form == GRPC_WEB else "out_of_range",
        "OFFSET_IN_FUTURE",
    )


@pytest.mark.parametrize("asked", [b'{"project": ""}', b'{"project": 7}', b"{", b"", b"[]", b"\xff", b"[" * 100_000])
async def test_wrong_requests_are_told_what_is_wrong(rpc, asked):
    status, body, _ = await unary(rpc, GET, asked)
    ended = connect_end(orjson.loads(body))
    assert (status, ended.code, ended.reason) == (400, "invalid_argument", "INVALID_REQUEST")
    assert BadRequest.FromString(ended.details["google.rpc.BadRequest"]).field_violations


async def test_what_nobody_foresaw_is_told_by_an_id_alone(start, services, client, reader):
    class Broken(CatalogService):
        async def ListProjects(self, request):
            raise RuntimeError("the secret of /var/lib/wikifeed")

    broken = client(await start(services=services | {"wikifeed.v1.CatalogService": Broken(reader)}))
    status, body, _ = await unary(broken, "CatalogService/ListProjects", b"{}", **{"X-Request-Id": "me"})
    assert (status, connect_end(orjson.loads(body)).code) == (500, "internal")
    assert b"me" in body
    assert b"secret" not in body


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=40) | st.binary(max_size=20).map(enveloped),
    kind=st.sampled_from(["application/proto", "application/json", CONNECT_STREAM, CONNECT_JSON_STREAM, GRPC_WEB]),
    patience=st.sampled_from(["", "1000", "-1", "x", "9" * 12, "1S", "ü"]),
    encoding=st.sampled_from(["identity", "br", "x"]),
    method=st.sampled_from([GET, "ArticleService/BatchGetArticles", "ChangeService/Subscribe"]),
)
async def test_no_request_is_the_servers_fault(rpc, body, kind, patience, encoding, method):
    headers = {"Content-Type": kind, "Connect-Timeout-Ms": patience, "Grpc-Timeout": patience}
    headers |= {"Connect-Content-Encoding": encoding, "Grpc-Encoding": encoding}
    async with rpc.post(f"/wikifeed.v1.{method}", data=body, headers=headers) as answer:
        assert answer.status < 500 or answer.status in {501, 504}, await answer.read()
        assert b"internal error" not in await answer.read()


# Who may


async def test_who_shows_no_credentials_is_refused_where_some_are_needed(start, services, accounts, client):
    async with StoreGuard(accounts, required=True) as guard:
        closed = client(await start(guard=guard, services=services))
        status, body, _ = await unary(closed, GET, ASKED)
        assert (status, connect_end(orjson.loads(body)).code) == (401, "unauthenticated")
        async with call(closed, CHANGES, StreamChangesRequest(), GRPC_WEB) as answer:
            assert (await answer.rest())[1].code == "16"


async def test_a_password_opens_the_account_that_calls_are_counted_for(start, services, accounts, client, ada):
    await accounts.put_plan(Plan("unlimited"))
    await accounts.add("ada", "correct horse battery", "unlimited")
    async with StoreGuard(accounts, required=True) as guard:
        closed = client(await start(guard=guard, services=services))
        asked = CreateSessionRequest(username="ada", password="correct horse battery")
        _, body, _ = await unary(closed, "AccountService/CreateSession", asked)
        shown = {"Authorization": f"Bearer {CreateSessionResponse.FromString(body).access_token}"}
        _, body, _ = await unary(closed, GET, ASKED, **shown)
        assert GetArticleResponse.FromString(body).article.name == "Ada Lovelace"
        _, body, _ = await unary(closed, "AccountService/GetAccount", b"{}", **shown)
        assert orjson.loads(body)["account"]["username"] == "ada"


@pytest.fixture
def known(guard):
    """Whoever calls is Ada."""
    guard.who = Caller("ada", Plan("free"))
    return guard


async def test_plans_refuse_as_over_grpc(rpc, known):
    known.refusal = QuotaExceededError("used up", "ada", 10, 3600)
    status, body, _ = await unary(rpc, GET, ASKED, **SHOWN)
    assert (status, connect_end(orjson.loads(body)).code) == (429, "resource_exhausted")
    known.refusal = PermissionDeniedError("not in the plan")
    async with call(rpc, CHANGES, StreamChangesRequest(), CONNECT_STREAM, **SHOWN) as answer:
        assert (await answer.rest())[1].code == "permission_denied"


async def test_a_plan_narrows_a_stream_to_its_projects(rpc, feed, known):
    known.projects = ("dewiki",)
    feed.publish("Ada")
    feed.publish("Ada", project="dewiki")
    async with call(rpc, CHANGES, StreamChangesRequest(after_offset=0), CONNECT_STREAM, **SHOWN) as answer:
        (change,) = StreamChangesResponse.FromString(await answer.next()).changes
    assert change.offset == 2


# The package


async def test_without_the_package_there_are_no_paths(start, services, client, monkeypatch):
    monkeypatch.setattr(connect, "_PACKAGE", "no-such-package")
    assert (await unary(client(await start(services=services)), GET, ASKED))[0] == 404


async def test_another_version_is_not_served(parts, services, monkeypatch):
    monkeypatch.setattr(connect, "version", lambda _: "0.14.0")
    assert connect.routes(parts) == []
