"""A request of the gateway as connectrpc meets it: its application speaks ASGI.

What it sends is kept until `flush`, or the end: so nothing waits for a client inside the package, but in the stream of
responses, where the guard can end it, or when the answer is whole.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import hdrs, web

from wikifeed_server.errors import SubscriberStalledError

_OF_PROTOCOL = ("connect-", "grpc-", "content-encoding", "accept-encoding")
# Proxies that buffer answers would keep a stream's from the client.
_OF_STREAM = {hdrs.CACHE_CONTROL: "no-cache", "X-Accel-Buffering": "no"}


class Exchange:
    """A request whose body has been read, and its answer."""

    def __init__(self, request: web.Request, body: bytes, stalled_seconds: float) -> None:
        self.request = request
        self._body: bytes | None = body
        self._stalled_seconds = stalled_seconds
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._waiting: list[bytes] = []
        self._response: web.StreamResponse | None = None

    @property
    def scope(self) -> Mapping[str, Any]:
        """The request's head, of which the protocols' own headers are left."""
        request = self.request
        headers = [(b"content-type", request.content_type.encode())]
        for name, value in request.headers.items():
            if name.lower().startswith(_OF_PROTOCOL):
                headers.append((name.lower().encode(), value.encode(errors="replace")))
        return {
            "type": "http",
            "path": request.path,
            "root_path": "",
            "method": request.method,
            "scheme": request.scheme,
            "headers": headers,
            "query_string": b"",
            "extensions": {},
        }

    async def receive(self) -> Mapping[str, Any]:
        """The body. What comes behind it is that the client goes away, and then the request's task is cancelled."""
        if self._body is None:
            await asyncio.Event().wait()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Keep what is to be sent."""
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        elif message["body"]:
            self._waiting.append(message["body"])

    async def flush(self) -> None:
        """Send what is kept, having begun the answer.

        Raises SubscriberStalledError where the client takes nothing, ConnectionError where it is gone.
        """
        data = b"".join(self._waiting)
        self._waiting.clear()
        if self._response is None:
            self._response = self._head(web.StreamResponse(status=self._status, headers=_OF_STREAM))
            await self._response.prepare(self.request)
        try:
            async with asyncio.timeout(self._stalled_seconds):
                # At once: whatever ends the wait, the message is whole, and how the stream ended can be told behind it.
                await self._response.write(data)
        except TimeoutError:
            if self.request.transport is not None:
                self.request.transport.abort()
            raise SubscriberStalledError(f"the client took nothing for {self._stalled_seconds:g} seconds") from None

    async def finish(self) -> web.StreamResponse:
        """The answer: as a whole where nothing was sent of it yet. Raises what `flush` does."""
        if self._response is None:
            return self._head(web.Response(status=self._status, body=b"".join(self._waiting)))
        await self.flush()
        return self._response

    def _head(self, response: web.StreamResponse) -> web.StreamResponse:
        for name, value in self._headers:
            response.headers[name.decode()] = value.decode()
        return response
