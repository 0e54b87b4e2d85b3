"""Clients that vanish or take nothing, and what nobody foresaw."""

import asyncio
import socket
from contextlib import suppress

import pytest
from raw_client import answer_to, connected, request
from structlog.testing import capture_logs


@pytest.fixture
def events():
    """What is logged."""
    with capture_logs() as events:
        yield events


async def test_clients_that_vanish_leave_nothing(gateway, guard, feed, events):
    feed.publish("Ada Lovelace", page_id=7)
    beginnings = (
        request("GET", "/v2/articles"),
        request("GET", "/status/changes"),
        request("POST", "/v2/articles", Content_Length="100"),
        request("GET", "/v2/articles/Ada%20Lovelace"),
        b"GET /hea",
    )
    for data in beginnings * 10:
        async with connected(gateway) as connection:
            await connection.send(data)
            if data is beginnings[0]:
                await connection.answer()
    async with asyncio.timeout(20):
        while guard.streams:  # noqa: ASYNC110 - nobody tells when the server has seen that a client is gone
            await asyncio.sleep(0.01)
    served = await answer_to(gateway, request("GET", "/healthz"))
    assert served is not None
    assert served.status == 200
    assert not [event for event in events if event["log_level"] == "error"]


async def test_clients_that_take_nothing_are_given_up(start, feed):
    feed.publish("Long", page_id=8, text="x" * 100_000)
    impatient = await start(stalled_seconds=0.1)
    host, _, port = impatient.address.rpartition(":")
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((host, int(port)))
        client.sendall(request("GET", "/v2/articles/Long") * 100)
        client.setblocking(False)
        await asyncio.wait_for(ending(client), 60)


async def ending(client: socket.socket) -> None:
    """Wait until the server has ended a connection: what is then written to it is answered with a reset."""
    with suppress(ConnectionError):
        while client.send(b"\r\n"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def test_what_nobody_foresaw_is_told_by_an_id_alone(start, events):
    class Broken:
        async def GetProject(self, request):
            raise RuntimeError("the secret of /var/lib/wikifeed")

    broken = await start(catalog=Broken())
    answer = await answer_to(broken, request("GET", "/v2/projects/%1B[31m", X_Request_Id="the-id"))
    assert answer is not None
    assert answer.status == 500
    assert answer.error["message"] == "internal error the-id: the server's log says more under this id"
    assert b"secret" not in answer.head
    (event,) = events
    assert (event["event"], event["error_id"]) == ("call_failed", "the-id")
    assert event["method"].isprintable()
