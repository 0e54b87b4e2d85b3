"""Pages of other servers: which may call, and what they may read."""

import pytest
from connect_calls import GRPC_WEB, call, unary

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed_server.accounts import StoreGuard
from wikifeed_server.gateway import GatewayOptions

APP, OTHER = "https://app.example", "https://other.example"
PATHS = ("/wikifeed.v1.ArticleService/GetArticle", "/v2/projects", "/v1/login", "/nowhere", "/")
ALLOWED, READABLE = "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"


@pytest.fixture
async def open_to(start, services, client):
    """Makes a client of a gateway that pages of these origins may call."""

    async def make(*origins, **changed):
        return client(await start(GatewayOptions(origins=origins), services=services, **changed))

    return make


def asked_before(origin):
    """What a browser asks before a call."""
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,connect-protocol-version,content-type",
    }


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_that_may_call_is_told_so_before(open_to, path):
    http = await open_to("http://localhost:5173", APP)
    async with http.options(path, headers=asked_before(APP)) as answer:
        assert (answer.status, answer.headers[ALLOWED]) == (204, APP)
        assert answer.headers["Access-Control-Allow-Headers"] == "authorization,connect-protocol-version,content-type"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origins", [(), (APP,)])
@pytest.mark.parametrize("origin", [OTHER, "null", "https://app.example.evil.example", "http://app.example", "*", ""])
@pytest.mark.parametrize("path", PATHS)
async def test_others_are_told_nothing(open_to, path, origins, origin):
    http = await open_to(*origins)
    async with http.options(path, headers=asked_before(origin)) as answer:
        assert answer.status in {404, 405}
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
    async with http.get(path, headers={"Origin": origin}) as answer:
        assert ALLOWED not in answer.headers


async def test_all_may_be_let_in(open_to):
    http = await open_to("*")
    async with http.options("/v2/projects", headers=asked_before(OTHER)) as answer:
        assert (answer.status, answer.headers[ALLOWED]) == (204, "*")
        assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_no_credentials_are_needed_to_ask_before(open_to, accounts):
    async with StoreGuard(accounts, required=True) as guard:
        http = await open_to(APP, guard=guard)
        async with http.options("/v2/projects", headers=asked_before(APP)) as answer:
            assert answer.status == 204
        async with http.get("/v2/projects", headers={"Origin": APP}) as answer:  # a page must be able to read why
            assert (answer.status, answer.headers[ALLOWED]) == (401, APP)
            assert "WWW-Authenticate" in answer.headers[READABLE]


async def test_answers_of_all_kinds_may_be_read(open_to, feed):
    feed.publish("Ada")
    http = await open_to(APP)
    asked = GetArticleRequest(project="enwiki", title="Ada")
    assert (await unary(http, "ArticleService/GetArticle", asked, Origin=APP))[0] == 200
    async with call(http, "ChangeService/StreamChanges", StreamChangesRequest(), GRPC_WEB, Origin=APP) as answer:
        assert answer.response.headers[ALLOWED] == APP
        assert {"Grpc-Status", "Grpc-Message"} < set(answer.response.headers[READABLE].split(", "))
    for path in ("/v2/articles/Ada", "/v2/articles/Nobody", "/healthz"):
        async with http.get(path, headers={"Origin": APP}) as answer:
            assert answer.headers[ALLOWED] == APP


async def test_what_is_no_call_of_a_page_is_answered_as_ever(open_to):
    http = await open_to(APP)
    async with http.options("/v2/projects", headers={"Origin": APP}) as answer:
        assert answer.status == 405
    async with http.get("/healthz") as answer:
        assert answer.status == 200
        assert ALLOWED not in answer.headers
