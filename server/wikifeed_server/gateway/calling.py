"""Calls of services on behalf of a request."""

from typing import TypeVar

from aiohttp import web
from google.protobuf.message import Message

from wikifeed_server.gateway.parts import CALLER, Parts

Request = TypeVar("Request", bound=Message)


async def admitted(parts: Parts, request: web.Request, method: str, asked: Request) -> Request:
    """The request of an RPC as the caller may have it answered. Raises PermissionDeniedError, QuotaExceededError."""
    narrowed = await parts.guard.admit(request[CALLER], method, asked)
    if not isinstance(narrowed, type(asked)):
        raise TypeError(f"{method} was admitted with a {type(narrowed).__name__}")
    return narrowed
