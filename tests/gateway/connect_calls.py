"""Calls of RPCs over HTTP as browsers make them, byte by byte: Connect and gRPC-Web."""

import asyncio
import struct
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import aiohttp
import orjson
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

GRPC_WEB = "application/grpc-web+proto"
CONNECT_STREAM = "application/connect+proto"
CONNECT_JSON_STREAM = "application/connect+json"
_GRPC_WEB_END, _CONNECT_END = 0x80, 0x02
_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Ended:
    """How a call ended: the code by its name, empty where all went well; google.rpc's details by their type."""

    code: str
    message: str
    details: dict[str, bytes]

    @property
    def reason(self) -> str:
        """The reason by which programs know the error."""
        return ErrorInfo.FromString(self.details["google.rpc.ErrorInfo"]).reason


class Stream:
    """The messages of an answer in envelopes."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> bytes | Ended:
        """The next message, or how it ended."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            flags, length = struct.unpack(">BI", await self.response.content.readexactly(5))
            data = await self.response.content.readexactly(length)
        if flags == _CONNECT_END:
            return connect_end(orjson.loads(data).get("error"))
        if flags == _GRPC_WEB_END:
            return _grpc_web_end(data)
        assert flags == 0
        return data

    async def rest(self) -> tuple[list[bytes], Ended]:
        """All messages that are left, and how it ended; nothing comes behind."""
        messages = []
        while isinstance(found := await self.next(), bytes):
            messages.append(found)
        assert await self.response.content.read() == b""
        return messages, found


def connect_end(error: dict[str, Any] | None) -> Ended:
    """How a call ended, from Connect's JSON of an error."""
    if error is None:
        return Ended("", "", {})
    details = {each["type"]: b64decode(each["value"] + "==") for each in error.get("details", ())}
    return Ended(error["code"], error.get("message", ""), details)


def _grpc_web_end(trailers: bytes) -> Ended:
    told = dict(line.split(": ", 1) for line in trailers.decode().splitlines())
    code = told["grpc-status"] if told["grpc-status"] != "0" else ""
    status = Status.FromString(b64decode(told.get("grpc-status-details-bin", "") + "=="))
    details = {each.type_url.rpartition("/")[2]: each.value for each in status.details}
    return Ended(code, unquote(told.get("grpc-message", "")), details)


def enveloped(message: bytes) -> bytes:
    """A message with its flags and length before it."""
    return struct.pack(">BI", 0, len(message)) + message


@asynccontextmanager
async def call(
    http: aiohttp.ClientSession, method: str, asked: Message | bytes, content_type: str, **headers: str
) -> AsyncIterator[Stream]:
    """A call whose messages are in envelopes: "ChangeService/StreamChanges"."""
    body = enveloped(asked if isinstance(asked, bytes) else asked.SerializeToString())
    headers = {"Content-Type": content_type, **headers}
    async with http.post(f"/wikifeed.v1.{method}", data=body, headers=headers) as response:
        assert (response.status, response.content_type) == (200, content_type), await response.text()
        yield Stream(response)


async def unary(
    http: aiohttp.ClientSession, method: str, asked: Message | bytes, **headers: str
) -> tuple[int, bytes, str]:
    """The status, body and content type of a call in Connect, of bytes in JSON and else of a message."""
    is_json = isinstance(asked, bytes)
    data = asked if is_json else asked.SerializeToString()
    headers = {"Content-Type": "application/json" if is_json else "application/proto", **headers}
    async with http.post(f"/wikifeed.v1.{method}", data=data, headers=headers) as response:
        return response.status, await response.read(), response.content_type
