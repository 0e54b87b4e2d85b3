"""Whatever comes, the gateway answers or closes the connection, tells nothing of itself, and goes on serving."""

import gzip
import logging

import pytest
from raw_client import answer_to, connected, request
from structlog.testing import capture_logs

from wikifeed_server.gateway.options import GatewayOptions

BODY_BYTES = 100_000
OK = request("GET", "/healthz")
POST_HEAD = b"POST /v2/projects HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
async def gateway(start, feed):
    """One that has little patience, and an article."""
    feed.publish("Ada Lovelace", page_id=7)
    return await start(GatewayOptions(body_bytes=BODY_BYTES, keepalive_seconds=0.3), read_seconds=0.2)


@pytest.fixture(autouse=True)
async def goes_on_serving(gateway, caplog):
    """After each test the gateway serves as before, and nothing that a client did stands in the log as a fault."""
    with capture_logs() as events:
        yield
    answer = await answer_to(gateway, OK)
    assert answer is not None
    assert answer.status == 200
    assert not [event for event in events if event["log_level"] == "error"]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


# Paths


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v2/projects/../../etc/passwd", 404),
        ("/v2/projects/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
        ("/v2/snapshots/..%2f..%2faccounts.db/download", 404),
        ("/v2/snapshots/%2e%2e/chunks/%2e%2e_chunk_0/download", 404),
        ("/v2/snapshots/enwiki_namespace_0/chunks/x_chunk_-1", 404),
        ("/v2/snapshots/enwiki_namespace_0/chunks/x_chunk_99999999999999999999", 404),
        ("/v2/batches/%2e%2e/%2e%2e/accounts.db/download", 404),
        ("/v2/batches/2026-13-45/99", 404),
        ("/v2/batches/0000-00-00/00", 404),
        ("/v2/batches/\u0662026-01-01/00", 400),
        ("/v2/batches/%d9%a2026-01-01/00", 404),
        ("/v2/batches/2026-01-01%00/00", 404),
        ("/assets/%2e%2e%2f__init__", 404),
        ("/v2/projects/en%00wiki", 404),
        ("/v2/articles/Ada%00Lovelace", 404),
        ("/v2/articles/%c0%ae%c0%ae%c0%afAda", 404),
        ("/v2/articles/%ed%a0%80", 404),
        ("/v2/articles/%zz%", 404),
        ("/v2/articles/" + "a" * 2000, 422),
        ("/v2/articles/" + "%F0%9F%A6%86" * 500, 422),
        ("/v2/articles/" + "a" * 9000, 400),
        ("/v2/namespaces/--5", 422),
        ("/v2/namespaces/99999999999999999999", 422),
        ("/v2/languages/" + "x" * 4000, 404),
        ("/v2/projects?limit=--5", 422),
        ("/v2/projects?fields=", 200),
        ("/v2/projects?fields=identifier&fields=%00", 422),
        ("/v2/projects?filters=%7B", 422),
        ("/v2/projects?filters=%7B%22field%22:%22name%22%7D", 422),
        ("/v2/articles?since=yesterday", 422),
        ("/v2/articles?since=9999-12-31T23:59:59Z", 422),
        ("/v2/articles?parts=10", 422),
        ("/v2/articles?parts=0&since=2026-01-01T00:00:00Z", 422),
        ("/v2/articles?offsets=%7B%2250%22:1%7D", 422),
        ("/v2/articles?offsets=%7B%220%22:99999999999999999999999%7D", 422),
        ("/v2/articles?since_per_partition=%7B%220%22:7%7D", 422),
        ("/status/article?project=enwiki", 422),
        ("/status/article?project=%00&title=%00", 422),
        ("//evil.example/v2/projects", 404),
        ("*", 400),
    ],
)
async def test_paths_and_query_strings(gateway, path, status):
    answer = await answer_to(gateway, request("GET", path.encode().decode("latin-1")))
    assert answer is not None
    assert answer.status == status
    if status not in {200, 400}:
        assert answer.error


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"])
async def test_methods_that_a_path_does_not_have(gateway, method):
    answer = await answer_to(gateway, request(method, "/v2/projects", Cookie="secret"))
    assert answer is not None
    assert (answer.status, answer.error["status"]) == (405, 405)
    assert b"Allow: GET,HEAD,POST" in answer.head
    assert b"secret" not in answer.body


@pytest.mark.parametrize("path", ["/v2/articles", "/status/changes"])
async def test_streams_have_no_head_that_could_be_asked_for(gateway, path):
    async with connected(gateway) as connection:
        await connection.send(request("HEAD", path, Connection="close"))
        head, _, body = (await connection.rest()).partition(b"\r\n\r\n")
        assert (head[:12], body) == (b"HTTP/1.1 405", b"")


# Bodies

BODIES = [
    b"{",
    b"[]",
    b"7",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"[" * 50_000,
    b'{"a":' * 10_000,
    b'{"fields":7,"username":7}',
    b'{"fields":[{}],"username":{}}',
    b'{"fields":["\\u0000"],"username":"\\u0000"}',
    b'{"fields":["\\ud800"]}',
    b'{"fields":["' + b"a." * 200 + b'"]}',
    b'{"fields":["' + b"sections." + b"has_parts." * 9000 + b'name"]}',
    b'{"fields":["no_such_field"]}',
    b'{"filters":[{"field":"no_such_field","value":1}]}',
    b'{"filters":{"field":[],"value":{}}}',
    b'{"filters":[{"field":"name","value":1e999}]}',
    b'{"limit":"many"}',
    b'{"limit":' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("path", ["/v2/projects", "/v2/articles/Ada Lovelace", "/v2/articles", "/v1/login"])
async def test_bodies(gateway, path):
    for body in BODIES:
        answer = await answer_to(gateway, request("POST", path.replace(" ", "%20"), body))
        assert answer is not None, body[:80]
        assert answer.status == 422, body[:80]
        assert answer.error


async def test_bodies_that_are_too_large(gateway):
    large = b" " * (10 << 20)
    bomb = gzip.compress(large)
    assert len(bomb) < BODY_BYTES
    for data in (
        request("POST", "/v2/projects", large),
        request("POST", "/v1/login", large),
        request("POST", "/v2/articles", bomb, Content_Encoding="gzip"),
        CHUNKED + b"".join(b"%x\r\n%b\r\n" % (1 << 16, large[: 1 << 16]) for _ in range(10)) + b"0\r\n\r\n",
    ):
        answer = await answer_to(gateway, data)
        assert answer is not None
        assert (answer.status, answer.error["status"]) == (413, 413)


@pytest.mark.parametrize("body", [b"", b"{", b" " * 1000])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_bodies_that_do_not_come(gateway, method, body):
    answer = await answer_to(gateway, request(method, "/v2/projects", Content_Length="2000") + body)
    assert answer is not None
    assert (answer.status, answer.error["status"]) == (408, 408)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_bodies_in_another_encoding_than_they_say(gateway, encoding):
    answer = await answer_to(gateway, request("POST", "/v2/projects", b"{}", Content_Encoding=encoding))
    assert answer is not None
    assert answer.status == 400


@pytest.mark.parametrize(
    ("chunks", "statuses"),
    [
        (b"2\r\n{}\r\n0\r\n\r\n", {200}),
        (b"zz\r\n{}\r\n0\r\n\r\n", {400}),
        (b"-1\r\n{}\r\n0\r\n\r\n", {400}),
        (b"1\r\n{}\r\n0\r\n\r\n", {400}),
        (b"9\r\n{}\r\n0\r\n\r\n", {400, 408}),
        (b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n", {400}),
        (b"2\r\n{}\r\n", {408}),
        (b"2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n", {200, 400}),
    ],
)
async def test_chunked_bodies_with_lengths_that_are_wrong(gateway, chunks, statuses):
    answer = await answer_to(gateway, CHUNKED + chunks)
    assert answer is not None
    assert answer.status in statuses


# Heads


@pytest.mark.parametrize(
    "data",
    [
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * (1 << 20) + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: a\r\n" * 100_000 + b"\r\n",
        b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /\xc0\xae HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: \x01\xff\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n folded\r\n\r\n",
        b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
        POST_HEAD + b"Content-Length: -1\r\n\r\n",
        POST_HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        POST_HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST_HEAD + b"Transfer-Encoding: nonsense\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
        bytes.fromhex("160301020001000100") + bytes(512),
        bytes(1000),
    ],
    ids=lambda data: repr(data[:24]),
)
async def test_what_is_no_http_is_refused(gateway, data):
    answer = await answer_to(gateway, data)
    assert answer is None or answer.status == 400


async def test_http_0_9_and_1_0_are_answered_and_end(gateway):
    for line in (b"GET /healthz\r\n\r\n", b"GET /healthz HTTP/1.0\r\n\r\n"):
        async with connected(gateway) as connection:
            await connection.send(line)
            answer = await connection.answer()
            assert answer is not None
            assert answer.status == 200
            assert await connection.rest() == b""


@pytest.mark.parametrize("began", [b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: loc"])
async def test_heads_that_do_not_come_are_not_waited_for(gateway, began):
    async with connected(gateway) as connection:
        await connection.send(began)
        assert await connection.rest() == b""


async def test_upgrades_are_not_taken(gateway):
    for protocol in ("h2c", "websocket"):
        answer = await answer_to(gateway, request("GET", "/healthz", Connection="Upgrade", Upgrade=protocol))
        assert answer is not None
        assert answer.status == 200


async def test_pipelined_requests_are_answered_in_their_order(gateway):
    paths = [f"/v2/namespaces/{number}" for number in (0, 14, 99, 1)] * 25
    async with connected(gateway) as connection:
        await connection.send(b"".join(request("GET", path) for path in paths))
        answers = [await connection.answer() for _ in paths]
    assert [answer.status for answer in answers if answer] == [200, 200, 404, 200] * 25
    assert [b'"identifier":14' in answer.body for answer in answers if answer] == [False, True, False, False] * 25


@pytest.mark.parametrize("host", ["evil.example", "", "[", "127.0.0.1.evil.example", "localhost@evil", "127.1", "\xff"])
async def test_a_server_without_accounts_answers_on_its_own_names_alone(start, host):
    local = await start(GatewayOptions(local_names_only=True))
    for path in ("/", "/healthz", "/v2/projects", "/v1/login", "/nowhere"):
        answer = await answer_to(local, request("GET", path, Host=host))
        assert answer is not None
        assert (answer.status, answer.error["status"]) == (421, 421)
    answer = await answer_to(local, request("GET", "http://evil.example/v2/projects", Host="localhost"))
    assert answer is not None
    assert answer.status in {200, 421}
    for name in ("localhost", "localhost:8080", "[::1]:8080", "127.0.0.1", "wiki.localhost"):
        served = await answer_to(local, request("GET", "/v2/projects", Host=name))
        assert served is not None
        assert served.status == 200
