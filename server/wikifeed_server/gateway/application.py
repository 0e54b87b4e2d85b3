"""The gateway's paths, and what all of them have in common: who calls, limits, observers, errors, headers."""

import time
from collections.abc import Callable, Sequence

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from wikifeed_server.errors import WikifeedError, only_error
from wikifeed_server.gateway import (
    articles,
    batches,
    catalog,
    connect,
    health,
    openapi,
    pages,
    realtime,
    sessions,
    snapshots,
    ticker,
)
from wikifeed_server.gateway.errors import HttpError, error_response, http_error
from wikifeed_server.gateway.options import GatewayOptions
from wikifeed_server.gateway.origins import answering_preflights, telling_origins
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.patience import sending
from wikifeed_server.gateway.peers import is_local_name, peer_of
from wikifeed_server.services.calling import CALLER as SERVICES_CALLER
from wikifeed_server.transport.gate import Gate, caller_of
from wikifeed_server.transport.observing import CallEnd, CallObserver
from wikifeed_server.transport.request_ids import REQUEST_ID, TRACEPARENT, request_id_of

_ROOMS: Sequence[Callable[[Parts], list[web.RouteDef]]] = (
    health.routes,
    openapi.routes,
    sessions.routes,
    catalog.routes,
    articles.routes,
    snapshots.routes,
    batches.routes,
    realtime.routes,
    ticker.routes,
    connect.routes,
    pages.routes,
)
_REQUEST_ID = web.RequestKey("request id", str)
_OPEN_BELOW_V2 = frozenset({"/v2/status"})
_CLIENT_GONE = 499  # as proxies write it
_CLOSED_ELSEWHERE = ("/v1/get-user", "/v1/change-password", "/status/")


def gateway_application(
    parts: Parts, options: GatewayOptions, observers: Sequence[CallObserver] = ()
) -> web.Application:
    """The application that answers all paths."""
    middlewares = [
        sending(parts.stalled_seconds),
        _observing(observers),
        _telling_errors,
        _refusing_strangers(options),
        answering_preflights(options.origins),
        _knowing_callers(parts),
    ]
    application = web.Application(middlewares=middlewares, client_max_size=options.body_bytes)
    application[GATE] = Gate(options.limits)
    for routes in _ROOMS:
        application.router.add_routes(routes(parts))
    application.on_response_prepare.append(_set_headers)
    if options.origins:
        application.on_response_prepare.append(telling_origins(options.origins))
    return application


def _observing(observers: Sequence[CallObserver]) -> Middleware:
    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not observers:
            return await handler(request)
        resource = request.match_info.route.resource
        method = f"{request.method} {resource.canonical if resource else 'elsewhere'}"
        began, code, sent = time.perf_counter(), "CANCELLED", 0
        for observer in observers:
            observer.call_began(method)
        try:
            response = await handler(request)
            code, sent = str(response.status), _length(response)
        finally:
            call = CallEnd(
                method,
                code,
                time.perf_counter() - began,
                1,
                sent,
                caller_of(peer_of(request)),
                _known_by(request),
                request.headers.get(TRACEPARENT, ""),
                request[CALLER].username if CALLER in request else "",
            )
            for observer in observers:
                observer.call_ended(call)
        return response

    return observe


def _length(response: web.StreamResponse) -> int:
    """The bytes of a body that was sent, or is whole and will be."""
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        return len(response.body)
    return response.body_length


@web.middleware
async def _telling_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What goes wrong, as Enterprise tells it. Requests beyond the bound on calls are refused."""
    gate = request.app[GATE]
    try:
        gate.enter()
        try:
            return await handler(request)
        finally:
            gate.calls -= 1
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            raise
        # The router's own: no such path, or not with this method.
        allow = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
        return error_response(HttpError(error.status, f"{request.method} {request.path[:256]}: {error.reason}", allow))
    except Exception as error:  # noqa: BLE001 - the outermost border: whatever it is becomes a status
        return _error_response(error, request)


def _known_by(request: web.Request) -> str:
    """The caller's id for the request, or one made here; the same each time."""
    if _REQUEST_ID not in request:
        given = request.headers.get(REQUEST_ID, "")
        request[_REQUEST_ID] = request_id_of([(REQUEST_ID, given)])
    return request[_REQUEST_ID]


def _error_response(error: Exception, request: web.Request) -> web.Response:
    if isinstance(error, ExceptionGroup):
        error = only_error(error)
    request_id = _known_by(request)
    if isinstance(error, WikifeedError):
        error = http_error(error)
    if isinstance(error, ConnectionError) and (request.transport is None or request.transport.is_closing()):
        error = HttpError(_CLIENT_GONE, "the client is gone")  # which observers are told, as nobody else is there
    if not isinstance(error, HttpError):
        path = request.rel_url.raw_path  # as it came: decoded it could hold what a terminal obeys
        structlog.get_logger().error("call_failed", method=path, error_id=request_id, exc_info=error)
        error = HttpError(500, f"internal error {request_id}: the server's log says more under this id")
    response = error_response(error)
    response.headers[REQUEST_ID] = request_id
    return response


def _refusing_strangers(options: GatewayOptions) -> Middleware:
    """Where anybody on this machine may read, a page of the wide web must not: it could have its own name lead here."""

    @web.middleware
    async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
        if options.local_names_only and not is_local_name(request.host):
            message = (
                f"this server is asked for as {request.host[:128]!r} and answers on this machine's own names alone, "
                "since it asks nobody for an account; --accounts yes or --accounts no lifts this"
            )
            raise HttpError(421, message)
        return await handler(request)

    return refuse


def _knowing_callers(parts: Parts) -> Middleware:
    @web.middleware
    async def know(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        if (path.startswith("/v2/") and path not in _OPEN_BELOW_V2) or path.startswith(_CLOSED_ELSEWHERE):
            caller = await parts.guard.caller(request.headers.get(hdrs.AUTHORIZATION, ""))
            request[CALLER] = caller
            SERVICES_CALLER.set(caller)
        return await handler(request)

    return know


async def _set_headers(request: web.Request, response: web.StreamResponse) -> None:
    del request
    response.headers[hdrs.SERVER] = "wikifeed"
    response.headers["X-Content-Type-Options"] = "nosniff"
