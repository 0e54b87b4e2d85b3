"""Clients of the realtime stream."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed_server.store.framing import PARTITIONS, page_hash

PATH = "/v2/articles"
EVENT_STREAM = {"Accept": "text/event-stream"}
_PATIENCE_SECONDS = 10


class Stream:
    """An open stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def line(self) -> bytes:
        """The next line, with its end."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await self.response.content.readline()

    async def article(self) -> dict[str, Any]:
        """The next article of NDJSON."""
        value: dict[str, Any] = orjson.loads(await self.line())
        return value

    async def articles(self, count: int) -> list[dict[str, Any]]:
        """So many of them."""
        return [await self.article() for _ in range(count)]

    async def event(self) -> dict[str, str]:
        """The fields of the next server-sent event; of a comment with the empty name."""
        fields: dict[str, str] = {}
        while (line := (await self.line()).decode()) != "\n":
            name, _, value = line.removesuffix("\n").partition(":")
            fields[name] = value.removeprefix(" ")
        return fields

    async def offsets(self, count: int) -> list[int]:
        """The offsets of the next articles."""
        return [article["event"]["offset"] for article in await self.articles(count)]


@asynccontextmanager
async def realtime(
    http: aiohttp.ClientSession, headers: dict[str, str] | None = None, **parameters: Any
) -> AsyncIterator[Stream]:
    """A stream with those parameters."""
    async with http.post(PATH, json=parameters, headers=headers) as response:
        assert response.status == 200, await response.text()
        yield Stream(response)


async def refusal(
    http: aiohttp.ClientSession, headers: dict[str, str] | None = None, **parameters: Any
) -> tuple[int, str]:
    """The status and the message that a request is refused with."""
    async with asyncio.timeout(_PATIENCE_SECONDS), http.post(PATH, json=parameters, headers=headers) as response:
        assert response.status != 200
        told = orjson.loads(await response.read())
        assert told["status"] == response.status
        return response.status, told["message"]


def partition_of(page_id: int, project: str = "enwiki") -> int:
    """The partition of a page."""
    return page_hash(project, page_id) % PARTITIONS


def from_oldest(partitions: Iterable[int] = range(PARTITIONS)) -> dict[str, int]:
    """The parameter `offsets` for all there is."""
    return dict.fromkeys(map(str, partitions), 1)


def rfc3339(microseconds: int) -> str:
    """A time in microseconds since 1970 as JSON has it."""
    time = Timestamp()
    time.FromMicroseconds(microseconds)
    return time.ToJsonString()
