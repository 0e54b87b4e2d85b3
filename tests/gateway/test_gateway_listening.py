"""What the gateway has whatever is asked: addresses, TLS, names, bounds, observers, its end."""

import asyncio
import ssl

import aiohttp
import pytest
from gateway_client import http_client
from made_up_certificates import make_certificate, use

from wikifeed_server.errors import ConfigError
from wikifeed_server.gateway import GatewayOptions, start_gateway
from wikifeed_server.gateway.tls import following_context
from wikifeed_server.transport.options import Limits, TlsFiles


@pytest.fixture
def certificates(tmp_path):
    """A folder with two certificates, of which the server shows the first."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    for name in ("first", "second"):
        make_certificate(folder, name)
    use(folder, "first")
    return folder


async def status_over_tls(gateway, trusted):
    context = ssl.create_default_context(cafile=trusted)
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"https://{gateway.address}/healthz", ssl=context)
        return answer.status


async def test_tls_shows_the_certificate_and_a_renewed_one_from_then_on(start, certificates):
    files = TlsFiles(certificates / "server.pem", certificates / "server.key")
    gateway = await start(GatewayOptions(tls=following_context(files)))
    assert await status_over_tls(gateway, certificates / "first.pem") == 200
    use(certificates, "second")
    assert await status_over_tls(gateway, certificates / "second.pem") == 200
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await status_over_tls(gateway, certificates / "first.pem")


async def test_a_renewal_that_is_broken_leaves_the_old_certificate(start, certificates):
    files = TlsFiles(certificates / "server.pem", certificates / "server.key")
    gateway = await start(GatewayOptions(tls=following_context(files)))
    (certificates / "server.pem").write_text("nothing of the kind")
    assert await status_over_tls(gateway, certificates / "first.pem") == 200


async def test_clients_must_show_a_certificate_where_an_authority_is_named(start, certificates):
    files = TlsFiles(certificates / "server.pem", certificates / "server.key", certificates / "second.pem")
    gateway = await start(GatewayOptions(tls=following_context(files)))
    context = ssl.create_default_context(cafile=certificates / "first.pem")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"https://{gateway.address}/healthz", ssl=context)
    context.load_cert_chain(certificates / "second.pem", certificates / "second.key")
    async with aiohttp.ClientSession() as session:
        assert (await session.get(f"https://{gateway.address}/healthz", ssl=context)).status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("feed.localhost", 200),
        ("evil.example", 421),
        ("evil.example:8080", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
    ],
)
async def test_pages_of_the_wide_web_can_not_have_their_names_lead_here(start, host, status):
    gateway = await start(GatewayOptions(local_names_only=True))
    async with http_client(gateway) as http:
        answer = await http.get("/healthz", headers={"Host": host})
        assert answer.status == status


async def test_an_address_that_is_taken_is_told(gateway, parts):
    with pytest.raises(ConfigError, match="--http"):
        await start_gateway(parts, gateway.address, GatewayOptions())


async def test_a_socket_in_the_file_system_serves(parts, tmp_path):
    gateway = await start_gateway(parts, f"unix:{tmp_path / 'http.sock'}", GatewayOptions())
    connector = aiohttp.UnixConnector(str(tmp_path / "http.sock"))
    async with aiohttp.ClientSession("http://localhost", connector=connector) as session:
        assert (await session.get("/healthz")).status == 200
    await gateway.stop()


async def test_more_calls_at_once_than_may_be_are_refused(start):
    gateway = await start(GatewayOptions(limits=Limits(calls=0)))
    async with http_client(gateway) as http:
        answer = await http.get("/v2/codes")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0


class Heard:
    """Keeps the calls that ended."""

    def __init__(self):
        self.calls = []

    def call_began(self, method):
        del method

    def call_ended(self, call):
        self.calls.append(call)


async def test_observers_hear_of_paths_and_not_of_titles(parts, feed):
    feed.publish("Ada")
    heard = Heard()
    gateway = await start_gateway(parts, "127.0.0.1:0", GatewayOptions(), [heard])
    async with http_client(gateway) as http:
        for path in ("/v2/articles/Ada", "/v2/articles/Nobody", "/nowhere"):
            await http.get(path, headers={"X-Request-Id": "mine"})
    await gateway.stop()
    assert [(call.method, call.code) for call in heard.calls] == [
        ("GET /v2/articles/{name}", "200"),
        ("GET /v2/articles/{name}", "404"),
        ("GET elsewhere", "404"),
    ]
    assert {call.caller for call in heard.calls} == {"ipv4:127.0.0.1"}
    assert {call.request_id for call in heard.calls} == {"mine"}
    assert heard.calls[0].bytes_sent > 0


async def test_a_method_that_a_path_does_not_know_is_told_with_those_it_knows(http):
    answer = await http.delete("/v2/codes")
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert (await answer.json())["status"] == 405


async def test_what_nobody_foresaw_is_an_id_and_nothing_else(start, reader):
    await reader.close()
    async with http_client(await start()) as http:
        answer = await http.get("/v2/articles/Ada", headers={"X-Request-Id": "mine"})
        told = await answer.json()
    assert answer.status in {500, 503}
    assert answer.headers["X-Request-Id"] == "mine"
    assert "Traceback" not in told["message"]


async def test_health_is_over_when_the_server_stops(http, parts):
    assert (await http.get("/healthz")).status == 200
    parts.stopping.set()
    assert (await http.get("/healthz")).status == 503


async def test_a_request_in_flight_is_answered_before_the_end(parts, feed):
    feed.publish("Ada", text="x" * 1_000_000)
    gateway = await start_gateway(parts, "127.0.0.1:0", GatewayOptions(), drain_seconds=5)
    async with http_client(gateway) as http:
        answer = await http.get("/v2/articles/Ada")
        ending = asyncio.create_task(gateway.stop())
        assert len(await answer.read()) > 1_000_000
        await ending
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get("/healthz")
