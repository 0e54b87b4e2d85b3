"""How streams over Connect and gRPC-Web end: credentials revoked, the server stopped, clients that take nothing."""

import asyncio
import socket

import pytest
from connect_calls import CONNECT_STREAM, GRPC_WEB, call, enveloped
from gateway_client import http_client
from google.rpc.error_details_pb2 import ErrorInfo
from raw_client import request

from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.accounts import Caller, Plan, StoreGuard
from wikifeed_server.gateway import GatewayOptions
from wikifeed_server.transport.options import Limits

CHANGES = "ChangeService/StreamChanges"
FROM_OLDEST = StreamChangesRequest(after_offset=0)
FORMS = pytest.mark.parametrize("form", [CONNECT_STREAM, GRPC_WEB])
UNAUTHENTICATED, UNAVAILABLE, EXHAUSTED = {"unauthenticated", "16"}, {"unavailable", "14"}, {"resource_exhausted", "8"}
PATIENCE_SECONDS = 20
ARTICLES, ARTICLE_BYTES = 200, 100_000


class Heard:
    """Keeps the calls that ended."""

    def __init__(self):
        self.calls = []
        self.ended = asyncio.Event()

    def call_began(self, method):
        del method

    def call_ended(self, call):
        self.calls.append(call)
        self.ended.set()


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def much(feed):
    """More than a socket holds."""
    feed.publish_many([feed.write(f"Page {number}", text="x" * ARTICLE_BYTES) for number in range(ARTICLES)])


@pytest.fixture
def known(guard):
    """Whoever calls is Ada."""
    guard.who = Caller("ada", Plan("free"))
    return guard


@pytest.fixture
async def closed(accounts, tmp_path):
    """A guard that wants an account."""
    async with StoreGuard(accounts, required=True) as guard:
        yield guard


@pytest.fixture
async def key(accounts):
    """The identifier of an account's key, and the headers that show it."""
    await accounts.put_plan(Plan("unlimited"))
    await accounts.add("ada", "correct horse battery", "unlimited")
    made, text = await accounts.create_key("ada")
    return made.identifier, {"Authorization": f"Bearer {text}"}


def open_socket(gateway, form):
    """A stream from the oldest change on, of which nothing is taken."""
    host, _, port = gateway.address.rpartition(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    body = enveloped(FROM_OLDEST.SerializeToString())
    headers = {"Content-Type": form, "Authorization": "Bearer any"}
    client.sendall(request("POST", f"/wikifeed.v1.{CHANGES}", body, **headers))
    return client


@FORMS
async def test_a_stream_ends_when_its_key_is_revoked(start, services, closed, client, accounts, key, form, feed):
    feed.publish("Ada")
    identifier, shown = key
    http = client(await start(guard=closed, services=services))
    async with call(http, CHANGES, FROM_OLDEST, form, **shown) as answer:
        assert StreamChangesResponse.FromString(await answer.next()).changes
        await accounts.revoke_key("ada", identifier)
        _, ended = await answer.rest()
    assert ended.code in UNAUTHENTICATED
    assert ended.reason == "CREDENTIALS_INVALID"


async def test_a_stream_that_waits_for_its_client_is_ended_as_well(start, services, closed, accounts, key, much):
    """The guard cancels it while it writes, and not while it waits for changes."""
    identifier, shown = key
    gateway = await start(guard=closed, services=services)
    async with (
        http_client(gateway, read_bufsize=1 << 12) as http,
        call(http, CHANGES, FROM_OLDEST, GRPC_WEB, **shown) as answer,
    ):
        await answer.next()
        await accounts.revoke_key("ada", identifier)
        messages, ended = await answer.rest()
    assert ended.code in UNAUTHENTICATED
    assert sum(len(StreamChangesResponse.FromString(message).changes) for message in messages) < ARTICLES


@FORMS
async def test_a_server_that_stops_tells_where_to_go_on(rpc, feed, parts, form):
    offset = feed.publish("Ada")
    async with call(rpc, CHANGES, FROM_OLDEST, form) as answer:
        await answer.next()
        parts.stopping.set()
        _, ended = await answer.rest()
    assert ended.code in UNAVAILABLE
    assert ended.reason == "SERVER_STOPPING"
    assert ErrorInfo.FromString(ended.details["google.rpc.ErrorInfo"]).metadata["through_offset"] == str(offset)


@FORMS
async def test_a_client_that_takes_nothing_is_given_up(start, services, known, heard, much, form):
    gateway = await start(services=services, observers=[heard], stalled_seconds=0.1)
    with open_socket(gateway, form):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await heard.ended.wait()
    assert known.streams == 0
    (ended,) = heard.calls
    assert ended.method == f"POST /wikifeed.v1.{CHANGES}"
    assert ended.account == "ada"
    assert 0 < ended.bytes_sent < ARTICLES * ARTICLE_BYTES


async def test_nothing_is_left_of_a_stream_whose_client_went_away(start, services, known, heard, much):
    gateway = await start(services=services, observers=[heard])
    open_socket(gateway, CONNECT_STREAM).close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await heard.ended.wait()
    assert known.streams == 0


async def test_a_call_that_takes_too_long_ends_at_its_deadline(rpc):
    async with call(rpc, CHANGES, StreamChangesRequest(), CONNECT_STREAM, **{"Connect-Timeout-Ms": "50"}) as answer:
        assert (await answer.rest())[1].code == "deadline_exceeded"


async def test_streams_at_once_are_bounded(start, services, client):
    http = client(await start(GatewayOptions(limits=Limits(caller_streams=1)), services=services))
    async with call(http, CHANGES, StreamChangesRequest(), GRPC_WEB) as first:
        await first.next()
        async with call(http, CHANGES, StreamChangesRequest(), GRPC_WEB) as second:
            assert (await second.rest())[1].code in EXHAUSTED


async def test_a_plans_streams_are_counted(rpc, known):
    async with call(rpc, CHANGES, StreamChangesRequest(), CONNECT_STREAM, Authorization="Bearer any") as answer:
        await answer.next()
        assert known.streams == 1
        assert known.admitted == [f"/wikifeed.v1.{CHANGES}"]
