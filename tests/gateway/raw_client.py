"""A client that sends what it is told to, byte by byte, be it HTTP or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from wikifeed_server.gateway import RunningGateway

_PATIENCE_SECONDS = 20
_TELLTALES = (b"Traceback", b'File "', b".py", b"site-packages", b"sqlite", b"/tmp/")


@dataclass(frozen=True)
class Answer:
    """A response: its status, its head and its body."""

    status: int
    head: bytes
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """The error that it tells of, having the form of an error."""
        told: dict[str, Any] = orjson.loads(self.body)
        assert set(told) == {"status", "message"}, told
        assert told["status"] == self.status
        assert told["message"]
        return told


class Connection:
    """A connection to a gateway."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Send bytes; the server may have closed the connection before it has them all."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            return

    async def answer(self) -> Answer | None:
        """The next answer, None where the connection was closed. No answer may tell what is inside the server."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = await self._reader.readuntil(b"\r\n\r\n")
                headers = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
                body = await self._reader.readexactly(int(headers.get(b"content-length", b"0")))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        assert not [each for each in _TELLTALES if each in body], body
        return Answer(int(head.split(b" ", 2)[1]), head, body)

    async def rest(self) -> bytes:
        """All that comes until the server closes the connection."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._reader.read()
        except ConnectionError:
            return b""


@asynccontextmanager
async def connected(gateway: RunningGateway) -> AsyncIterator[Connection]:
    """A connection to a gateway on loopback, which vanishes with the context."""
    host, _, port = gateway.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Connection(reader, writer)
    finally:
        writer.transport.abort()


async def answer_to(gateway: RunningGateway, data: bytes) -> Answer | None:
    """What is answered to these bytes on a connection of their own."""
    async with connected(gateway) as connection:
        await connection.send(data)
        return await connection.answer()


def request(method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
    """A request as it should be, but for what it says."""
    lines = {"Host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")
