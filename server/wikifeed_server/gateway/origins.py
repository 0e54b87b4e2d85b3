"""Pages of other servers that may call from a browser (CORS), on all paths.

They show credentials as other clients do, by a header: there are no cookies that a page could use without knowing them.
So a page that may call at all may send any header.
"""

from collections.abc import Awaitable, Callable, Collection

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

_ALL = "*"
_METHODS = "GET, HEAD, POST"
_PREFLIGHT_SECONDS = "7200"  # browsers remember no longer
# What pages may read beside what they always may: how a call over gRPC-Web ended, and what other paths say in headers.
_READABLE = (
    "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin, X-Request-Id, Retry-After, WWW-Authenticate, ETag, "
    "Content-Range, Accept-Ranges, Content-Disposition"
)


def answering_preflights(origins: Collection[str]) -> Middleware:
    """Answers what browsers ask before a call, where it comes from one of `origins` ("https://app.example", or "*")."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
        if request.method != hdrs.METH_OPTIONS or asked is None or not _is_allowed(request, origins):
            return await handler(request)
        headers = {
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS, ""),
            hdrs.ACCESS_CONTROL_MAX_AGE: _PREFLIGHT_SECONDS,
        }
        return web.Response(status=204, headers=headers)

    return answer


def telling_origins(origins: Collection[str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Says in each answer whether the page that asked may read it."""

    async def tell(request: web.Request, response: web.StreamResponse) -> None:
        if _ALL not in origins:
            response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if _is_allowed(request, origins):
            allowed = _ALL if _ALL in origins else request.headers[hdrs.ORIGIN]
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = allowed
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _READABLE

    return tell


def _is_allowed(request: web.Request, origins: Collection[str]) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is not None and (_ALL in origins or origin in origins)
