"""Ordinary answers are sent here, so that clients that take nothing are given up, as those of streams are.

Left to aiohttp, what such a client does not take stays in memory until the client ends the connection.
"""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_SLOWEST_BYTES_A_SECOND = 16 << 10


def sending(stalled_seconds: float) -> Middleware:
    """Sends what handlers did not send themselves. The client has `stalled_seconds` and a second for each 16 KiB."""

    @web.middleware
    async def send(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if response.prepared:
            return response
        seconds = stalled_seconds + (response.content_length or 0) / _SLOWEST_BYTES_A_SECOND
        try:
            async with asyncio.timeout(seconds):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        except ConnectionError:
            return response  # the client is gone, as aiohttp sees itself
        return response

    return send
