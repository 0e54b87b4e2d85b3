"""Files over HTTP: what a download's head says, and what becomes of preconditions and ranges."""

import asyncio
import hashlib
from email.utils import formatdate

import aiohttp
import orjson
import pytest
from gateway_client import http_client
from stored_files import noise

from wikifeed_server.accounts.model import UsageKind
from wikifeed_server.errors import QuotaExceededError

PATH = "/v2/snapshots/enwiki_namespace_0/download"


@pytest.fixture
async def status(stored):
    """A snapshot of some hundred kilobytes."""
    stored.feed.publish("Long", text=noise(500_000))
    return await stored.snapshot()


@pytest.fixture
def content(status):
    """What its file holds."""
    return (status.folder / "enwiki_namespace_0.tar.gz").read_bytes()


async def got(http, method="GET", path=PATH, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.request(method, path, headers=named) as response:
        return response, await response.read()


async def test_a_download_is_the_file_with_all_that_is_known_of_it(http, status, content, guard):
    response, data = await got(http)
    assert (response.status, data) == (200, content)
    headers = response.headers
    assert headers["ETag"] == f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
    assert headers["Last-Modified"] == formatdate(status.manifest.finished // 1_000_000, usegmt=True)
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Length"] == str(len(content))
    assert headers["Content-Type"] == "application/gzip"
    assert headers["Content-Disposition"] == 'attachment; filename="enwiki_namespace_0.tar.gz"'
    assert "Content-Encoding" not in headers
    assert guard.downloads == [(UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", f"enwiki_namespace_0@{status.spec.offset}")]


async def test_head_is_gets_without_the_file_and_counts_nothing(http, content, guard):
    head, nothing = await got(http, "HEAD", Accept_Encoding="gzip", Range="bytes=0-1")
    assert (head.status, nothing, guard.downloads) == (200, b"", [])
    get, data = await got(http, Accept_Encoding="gzip")
    assert data == content
    for headers in (head.headers, get.headers):
        assert "Date" in headers
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}


@pytest.mark.parametrize("count", [1, 7, 20])
async def test_ranges_at_once_make_up_the_file(http, content, guard, count):
    size = -(-len(content) // count)

    async def part(number):
        first = number * size
        response, data = await got(http, Range=f"bytes={first}-{first + size - 1}")
        last = min(first + size, len(content)) - 1
        assert response.status == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
        assert response.headers["Content-Length"] == str(len(data))
        return data

    assert b"".join(await asyncio.gather(*map(part, range(count)))) == content
    assert len(set(guard.downloads)) == 1


async def test_ranges_as_clients_write_them(http, content):
    size = len(content)
    for asked, first, last in (
        ("bytes=0-0", 0, 0),
        (f"bytes=0-{size}", 0, size - 1),
        ("bytes=100-", 100, size - 1),
        ("bytes=-10", size - 10, size - 1),
        (f"bytes=-{size + 5}", 0, size - 1),
    ):
        response, data = await got(http, Range=asked)
        assert response.status == 206
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert data == content[first : last + 1]


async def test_several_ranges_give_the_whole_file(http, content):
    response, data = await got(http, Range="bytes=0-1,4-5")
    assert (response.status, data) == (200, content)
    assert "Content-Range" not in response.headers


async def test_a_range_beyond_the_end_is_refused_with_the_size(http, content, guard):
    response, data = await got(http, Range=f"bytes={len(content)}-")
    assert response.status == 416
    assert response.headers["Content-Range"] == f"bytes */{len(content)}"
    assert orjson.loads(data)["status"] == 416
    assert guard.downloads == []


async def test_if_range_gives_the_whole_of_another_file(http, content):
    response, _ = await got(http, "HEAD")
    etag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    for same in (etag, modified):
        response, data = await got(http, Range="bytes=0-9", If_Range=same)
        assert (response.status, data) == (206, content[:10])
    response, data = await got(http, Range="bytes=0-9", If_Range='"other"')
    assert (response.status, data) == (200, content)


async def test_what_the_client_has_is_not_sent_again(http, content, guard):
    head, _ = await got(http, "HEAD")
    for method in ("GET", "HEAD"):
        for given in (
            {"If_None_Match": head.headers["ETag"]},
            {"If_None_Match": "*"},
            {"If_Modified_Since": head.headers["Last-Modified"]},
        ):
            response, data = await got(http, method, **given)
            assert (response.status, data) == (304, b"")
            assert response.headers["ETag"] == head.headers["ETag"]
    assert guard.downloads == []
    response, data = await got(http, If_None_Match='"other"')
    assert (response.status, data) == (200, content)


async def test_another_file_than_expected_is_refused(http, content, guard):
    for method in ("GET", "HEAD"):
        response, data = await got(http, method, If_Match='"other"')
        assert response.status == 412
    assert guard.downloads == []
    response, data = await got(http, If_Match=(await got(http, "HEAD"))[0].headers["ETag"])
    assert (response.status, data) == (200, content)


@pytest.mark.usefixtures("status")
async def test_a_quota_that_is_used_up_refuses_downloads(http, guard):
    guard.spent = QuotaExceededError("15 snapshots a month are downloaded", "ada", 15, 3600)
    assert (await got(http, "HEAD"))[0].status == 200
    for headers in ({}, {"Range": "bytes=0-9"}):
        response, data = await got(http, **headers)
        assert (response.status, response.headers["Retry-After"]) == (429, "3600")
        assert orjson.loads(data)["message"] == "15 snapshots a month are downloaded"


async def test_a_connection_serves_on_after_a_download(gateway, content):
    made = []
    trace = aiohttp.TraceConfig()

    @trace.on_connection_create_end.append
    async def count(*_):
        made.append(1)

    async with http_client(gateway, trace_configs=[trace]) as http:
        for _ in range(3):
            assert (await got(http))[1] == content
            assert (await got(http, "HEAD"))[0].status == 200
            assert (await got(http, Range="bytes=9-"))[1] == content[9:]
            assert (await got(http, Range="bytes=-0"))[0].status == 416
            assert (await got(http, path="/v2/status"))[0].status == 200
    assert made == [1]


async def test_odd_paths_are_never_paths_of_files(gateway, status):
    async def answer(path):
        reader, writer = await asyncio.open_connection(*gateway.address.split(":"))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        try:
            return (await reader.read()).split(b" ", 2)[1]
        finally:
            writer.close()
            await writer.wait_closed()

    offset = status.spec.offset
    for identifier in (
        "..",
        "%2e%2e",
        "..%2f..",
        f"enwiki_namespace_0%2F{offset}",
        "enwiki_namespace_0%00",
        ".claims.lock",
        "%ff%fe",
        "a" * 300,
        "%F0%9F%A6%86",
    ):
        assert await answer(f"/v2/snapshots/{identifier}/download") == b"404", identifier
        assert await answer(f"/v2/snapshots/structured-contents/{identifier}/download") == b"404", identifier
        assert await answer(f"/v2/snapshots/enwiki_namespace_0/chunks/{identifier}/download") == b"404", identifier
        assert await answer(f"/v2/batches/2026-01-01/00/{identifier}/download") == b"404", identifier
        assert await answer(f"/v2/batches/{identifier}/00/x/download") == b"404", identifier
