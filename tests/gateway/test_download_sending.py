"""Files on their way to clients that are slow, go away, take nothing, or ask while the file is replaced."""

import asyncio
import os
import socket
import ssl
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from gateway_client import http_client
from made_up_certificates import make_certificate
from structlog.testing import capture_logs

from wikifeed_server.accounts import Plan, StoreGuard
from wikifeed_server.gateway import GatewayOptions
from wikifeed_server.transport.options import Limits

PATH = "/v2/snapshots/enwiki_namespace_0/download"
SIZE = 9_000_000  # more than what a connection on loopback holds on its way
FEW_BYTES = 1 << 16


@pytest.fixture
async def big(stored):
    """A snapshot with a big file, and what it holds."""
    return await stored.big_snapshot(SIZE)


class Ends:
    """An observer that waits for calls to end."""

    def __init__(self):
        self.calls = asyncio.Queue()

    def call_began(self, method):
        pass

    def call_ended(self, call):
        self.calls.put_nowait(call)

    async def next(self):
        async with asyncio.timeout(20):
            return await self.calls.get()


@asynccontextmanager
async def slow_client(gateway, *requests, **tls):
    """A connection that has asked, and holds few bytes until its reader is read."""
    host, _, port = gateway.address.rpartition(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, FEW_BYTES)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, (host, int(port)))
    reader, writer = await asyncio.open_connection(sock=connection, limit=FEW_BYTES, **tls)
    writer.write("".join(f"{each} HTTP/1.1\r\nHost: localhost\r\n\r\n" for each in requests).encode())
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def read_head(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return lines[0], {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}


def open_files():
    """What the descriptors of this process are of."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(os.readlink(descriptor))
        except FileNotFoundError:
            continue  # the folder's own
    return sorted(name for name in found if name.endswith(".tar.gz") or name.startswith("socket:"))


async def left_nothing(before):
    """Wait until no more is open than was before: loops close sockets in turns of their own."""
    async with asyncio.timeout(20):
        while open_files() != before:  # noqa: ASYNC110 - nothing else tells of it
            await asyncio.sleep(0)


async def whole(http, **headers):
    async with http.get(PATH, headers=headers) as response:
        return response.status, await response.read()


async def test_many_downloads_at_once_are_whole(big, start):
    gateway = await start()
    async with http_client(gateway) as http:
        answers = await asyncio.gather(*[whole(http) for _ in range(4)], *[http.get("/healthz") for _ in range(4)])
        assert all(answer == (200, big[1]) for answer in answers[:4])
        assert all(answer.status == 200 for answer in answers[4:])


async def test_what_the_kernel_has_not_in_its_cache_is_whole_too(big, start):
    status, content = big
    path = status.folder / "enwiki_namespace_0.tar.gz"
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    async with http_client(await start()) as http:
        assert await whole(http) == (200, content)


async def test_requests_one_behind_the_other_are_answered_in_order(big, start):
    async with slow_client(await start(), f"GET {PATH}", "GET /v2/status", f"HEAD {PATH}") as (reader, _):
        assert (await read_head(reader))[0] == "HTTP/1.1 200 OK"
        assert await reader.readexactly(SIZE) == big[1]
        head = await read_head(reader)
        assert b'"ok"' in await reader.readexactly(int(head[1]["content-length"]))
        assert (await read_head(reader))[1]["content-length"] == str(SIZE)


async def test_a_snapshot_that_is_replaced_meanwhile_is_sent_to_its_end(big, start, stored):
    status, content = big
    gateway = await start()
    async with slow_client(gateway, f"GET {PATH}") as (reader, _), http_client(gateway) as http:
        _, headers = await read_head(reader)
        _, other = await stored.big_snapshot(1000)
        stored.snapshots.drop(status)
        assert not status.folder.exists()
        assert await whole(http) == (200, other)
        assert await whole(http, **{"Range": "bytes=0-9", "If-Range": headers["etag"]}) == (200, other)
        assert (await whole(http, **{"Range": "bytes=0-9", "If-Match": headers["etag"]}))[0] == 412
        assert await reader.readexactly(SIZE) == content


async def test_a_client_that_goes_away_leaves_nothing_behind(big, start):
    ends = Ends()
    gateway = await start(observers=[ends])
    before = open_files()
    for _ in range(3):
        async with slow_client(gateway, f"GET {PATH}") as (reader, writer):
            await read_head(reader)
            assert any(name.endswith(".tar.gz") for name in open_files())
            writer.transport.abort()
        call = await ends.next()
        assert call.code in {"CANCELLED", "200"}
        assert call.bytes_sent < SIZE
    await left_nothing(before)


async def test_a_client_that_takes_nothing_is_cut_off(big, start):
    ends = Ends()
    with capture_logs() as logs:
        gateway = await start(observers=[ends], stalled_seconds=0.1)
        before = open_files()
        async with slow_client(gateway, f"GET {PATH}") as (reader, _):
            await ends.next()
            await read_head(reader)
            assert len(await reader.read()) < SIZE
    (entry,) = [log for log in logs if log["event"] == "download_cut_off"]
    assert entry["reason"] == "the client takes nothing"
    await left_nothing(before)


async def test_a_file_that_is_cut_short_ends_the_connection(big, start):
    status, content = big
    ends = Ends()
    with capture_logs() as logs:
        gateway = await start(observers=[ends])
        async with slow_client(gateway, f"GET {PATH}") as (reader, _):
            await read_head(reader)
            os.truncate(status.folder / "enwiki_namespace_0.tar.gz", SIZE - 1000)
            assert await reader.read() == content[: SIZE - 1000]
            assert (await ends.next()).bytes_sent == SIZE - 1000
    (entry,) = [log for log in logs if log["event"] == "download_cut_off"]
    assert f"ends at byte {SIZE - 1000}" in entry["reason"]


async def test_a_file_of_another_size_than_known_is_not_sent(big, start):
    os.truncate(big[0].folder / "enwiki_namespace_0.tar.gz", SIZE - 1)
    async with http_client(await start()) as http:
        status, data = await whole(http)
    assert status == 500
    assert b"its manifest says" in data


async def test_a_file_that_is_dropped_before_it_is_opened_is_not_found(big, start):
    (big[0].folder / "enwiki_namespace_0.tar.gz").unlink()
    async with http_client(await start()) as http:
        assert (await whole(http))[0] == 404


async def test_a_whole_of_more_files_than_are_held_is_sent(start, stored):
    _, content = await stored.in_chunks(40)
    async with http_client(await start()) as http:
        assert await whole(http) == (200, content)
    assert not any(name.endswith(".tar.gz") for name in open_files())


async def test_a_file_that_is_gone_when_its_turn_comes_ends_the_connection(start, stored):
    status, content = await stored.in_chunks(40)
    pieces = status.manifest.whole.pieces
    (status.folder / pieces[35].file_name).unlink()
    held = sum(piece.length for piece in pieces[:35])
    ends = Ends()
    with capture_logs() as logs:
        gateway = await start(observers=[ends])
        async with slow_client(gateway, f"GET {PATH}") as (reader, _):
            await read_head(reader)
            assert await reader.read() == content[:held]
    assert (await ends.next()).bytes_sent == held
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == ["download_cut_off"]


async def test_downloads_at_once_are_bounded(big, start):
    gateway = await start(GatewayOptions(limits=Limits(caller_streams=1)))
    async with slow_client(gateway, f"GET {PATH}") as (reader, _), http_client(gateway) as http:
        await read_head(reader)
        async with http.get(PATH) as response:
            assert response.status == 429
            assert "Retry-After" in response.headers
        assert await reader.readexactly(SIZE) == big[1]
        assert await whole(http) == (200, big[1])


async def test_a_server_that_stops_ends_downloads_and_closes_all(big, start):
    ends = Ends()
    gateway = await start(observers=[ends])
    async with slow_client(gateway, f"GET {PATH}") as (reader, _):
        await read_head(reader)
        await gateway.stop()
        await ends.next()
        assert len(await reader.read()) < SIZE
    assert not any(name.endswith(".tar.gz") for name in open_files())


async def test_a_unix_socket_serves_downloads(big, start, tmp_path):
    gateway = await start(address=f"unix:{tmp_path}/http")
    connector = aiohttp.UnixConnector(f"{tmp_path}/http")
    async with aiohttp.ClientSession("http://localhost", connector=connector, auto_decompress=False) as http:
        assert await whole(http, Range="bytes=5-") == (206, big[1][5:])
    assert gateway.address.startswith("unix:")


@pytest.fixture
def tls(tmp_path):
    """The server's context for TLS, and a client's that trusts it."""
    make_certificate(tmp_path, "server")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    return server, ssl.create_default_context(cafile=str(tmp_path / "server.pem"))


async def test_downloads_over_tls_are_whole(big, start, tls):
    gateway = await start(GatewayOptions(tls=tls[0]))
    connector = aiohttp.TCPConnector(ssl=tls[1])
    base = f"https://localhost:{gateway.address.rpartition(':')[2]}"
    async with aiohttp.ClientSession(base, connector=connector, auto_decompress=False) as http:
        answers = await asyncio.gather(whole(http), whole(http), whole(http, Range=f"bytes={SIZE - 10}-{SIZE}"))
    assert answers == [(200, big[1]), (200, big[1]), (206, big[1][-10:])]


async def test_a_client_that_takes_nothing_over_tls_is_cut_off(big, start, tls):
    ends = Ends()
    with capture_logs() as logs:
        gateway = await start(GatewayOptions(tls=tls[0]), observers=[ends], stalled_seconds=0.2)
        async with slow_client(gateway, f"GET {PATH}", ssl=tls[1], server_hostname="localhost"):
            assert (await ends.next()).bytes_sent < SIZE
    assert [log["reason"] for log in logs if log["event"] == "download_cut_off"] == ["the client takes nothing"]


async def test_a_download_ends_when_its_key_is_revoked(big, start, accounts, tmp_path):
    await accounts.put_plan(Plan("unlimited"))
    await accounts.add("ada", "correct horse battery", "unlimited")
    key, text = await accounts.create_key("ada")
    async with StoreGuard(accounts, required=True) as guard:
        gateway = await start(guard=guard)
        async with (
            http_client(gateway, read_bufsize=FEW_BYTES) as http,
            http.get(PATH, headers={"Authorization": f"Bearer {text}"}) as response,
        ):
            await accounts.revoke_key("ada", key.identifier)
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
