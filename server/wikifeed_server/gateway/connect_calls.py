"""Methods as connectrpc's endpoints: bytes in, bytes out, errors as Connect tells them, with google.rpc's details."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any, TypeAlias

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from connectrpc.code import Code
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf import descriptor_pool, json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc.status_pb2 import Status
from protobuf.wkt import Any as AnyDetail

from wikifeed_server.accounts import Caller
from wikifeed_server.errors import FieldViolation, InvalidRequestError
from wikifeed_server.gateway.connect_exchange import Exchange
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.peers import peer_of
from wikifeed_server.gateway.queries import read_bytes
from wikifeed_server.transport.admission import Admission
from wikifeed_server.transport.methods import Method, methods_of, outcome
from wikifeed_server.transport.request_ids import REQUEST_ID, request_id_of
from wikifeed_server.transport.status import DETAILS_KEY

_GRPC = "application/grpc"
_LARGE_BYTES = 1 << 16  # of a message; JSON of such is made beside the loop
_Context: TypeAlias = RequestContext[bytes, bytes]
_Endpoint: TypeAlias = Any  # one of four classes, whose names the package keeps to itself

_EXCHANGE: ContextVar[Exchange] = ContextVar("exchange")  # the request that the current task answers


def routes(parts: Parts) -> list[web.RouteDef]:
    """A route for each method of the services."""
    calls = _Calls(Admission(parts.guard))
    endpoints = {method.path: calls.endpoint(method) for method in methods_of(parts.services)}
    answer = _answering(_Application(endpoints), parts)
    return [web.post(path, answer) for path in endpoints]


def _answering(application: "_Application", parts: Parts) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.content_type == _GRPC or request.content_type.startswith(f"{_GRPC}+"):
            raise HttpError(415, "this address answers Connect and gRPC-Web; gRPC itself is answered at --listen")
        exchange = Exchange(request, await read_bytes(request, parts.read_seconds), parts.stalled_seconds)
        _EXCHANGE.set(exchange)
        await application(exchange.scope, exchange.receive, exchange.send)
        return await exchange.finish()

    return answer


class _Application(ConnectASGIApplication[None]):
    """All endpoints behind one application. Bodies are bounded before they come here."""

    path = "/"

    def __init__(self, endpoints: Mapping[str, _Endpoint]) -> None:
        codecs = [_Untouched("proto"), _Untouched("json")]
        super().__init__(
            service=None, endpoints=lambda _: endpoints, codecs=codecs, compressions=(), read_max_bytes=None
        )


class _Untouched:
    """A codec that leaves messages as they are."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    def encode(self, message: bytes) -> bytes:
        return message

    def decode(self, data: bytes | bytearray, message_class: object) -> bytes:
        del message_class
        return bytes(data)


class _Form:
    """The messages of a method as a request has them: as they are, or as JSON."""

    def __init__(self, method: Method) -> None:
        contract = descriptor_pool.Default().FindMethodByName(method.path[1:].replace("/", "."))
        self._input = GetMessageClass(contract.input_type)
        self._output = GetMessageClass(contract.output_type)

    def read(self, data: bytes, exchange: Exchange) -> bytes:
        """The request's bytes. Raises InvalidRequestError."""
        if not _is_json(exchange):
            return data
        try:
            return json_format.Parse(data, self._input(), ignore_unknown_fields=True).SerializeToString()
        except (json_format.ParseError, UnicodeDecodeError) as error:
            problem = f"the request's JSON is no {self._input.DESCRIPTOR.full_name}: {error}"
            raise InvalidRequestError([FieldViolation("", problem)]) from error

    async def written(self, response: bytes, exchange: Exchange) -> bytes:
        """The response as it is sent."""
        if not _is_json(exchange):
            return response
        if len(response) < _LARGE_BYTES:
            return self._json(response)
        return await asyncio.to_thread(self._json, response)

    def _json(self, response: bytes) -> bytes:
        return json_format.MessageToJson(self._output.FromString(response), indent=None).encode()


def _is_json(exchange: Exchange) -> bool:
    return exchange.request.content_type.endswith(("/json", "+json"))


class _Calls:
    """Makes connectrpc's endpoints of methods. Its functions run in the task of the request."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def endpoint(self, method: Method) -> _Endpoint:
        """The endpoint of one method."""
        _, service, name = method.path.split("/")

        def info(kind: StreamType) -> MethodInfo[bytes, bytes]:
            return MethodInfo(
                name=name,
                service_name=service,
                input=bytes,
                output=bytes,
                idempotency_level=IdempotencyLevel.UNKNOWN,
                stream_type=kind,
            )

        if method.client_streaming:
            return Endpoint.bidi_stream(info(StreamType.BIDI_STREAM), _refused(method))
        if method.server_streaming:
            return Endpoint.server_stream(info(StreamType.SERVER_STREAM), self._stream(method))
        return Endpoint.unary(info(StreamType.UNARY), self._unary(method))

    def _unary(self, method: Method) -> Callable[[bytes, _Context], Awaitable[bytes]]:
        form = _Form(method)

        async def answer(data: bytes, context: _Context) -> bytes:
            del context
            exchange = _EXCHANGE.get()
            try:
                caller = await self._caller(method, exchange)
                request = await self._admission.admit(caller, method.path, method.read(form.read(data, exchange)))
                return await form.written(await method.answer(request), exchange)
            except Exception as error:
                raise _told(error, method, exchange) from error

        return answer

    def _stream(self, method: Method) -> Callable[[bytes, _Context], AsyncIterator[bytes]]:
        form = _Form(method)

        async def answer(data: bytes, context: _Context) -> AsyncGenerator[bytes, None]:
            del context
            exchange = _EXCHANGE.get()
            try:
                caller = await self._caller(method, exchange)
                with exchange.request.app[GATE].stream(peer_of(exchange.request), caller.username):
                    async with self._admission.stream(caller, method.path):
                        read = method.read(form.read(data, exchange))
                        request = await self._admission.admit(caller, method.path, read)
                        async with aclosing(method.answer(request)) as responses:
                            async for response in responses:
                                yield await form.written(response, exchange)
                                await exchange.flush()
            except ConnectionError:  # the client is gone, and nobody to tell
                raise
            except Exception as error:
                raise _told(error, method, exchange) from error

        return answer

    async def _caller(self, method: Method, exchange: Exchange) -> Caller:
        """Who calls. Told here and not before, so that errors are told as the protocol does."""
        authorization = exchange.request.headers.get(hdrs.AUTHORIZATION, "")
        caller = await self._admission.shown(method.path, authorization)
        exchange.request[CALLER] = caller
        return caller


def _refused(method: Method) -> Callable[[AsyncIterator[bytes], _Context], AsyncIterator[bytes]]:
    async def answer(requests: AsyncIterator[bytes], context: _Context) -> AsyncGenerator[bytes, None]:
        del requests, context
        raise ConnectError(Code.UNIMPLEMENTED, f"{method.path} streams both ways, which gRPC alone can do")
        yield b""

    return answer


def _told(error: Exception, method: Method, exchange: Exchange) -> ConnectError:
    given = exchange.request.headers.get(REQUEST_ID, "")
    ending = outcome(error, method.path, request_id_of([(REQUEST_ID, given)]))
    status = Status.FromString(dict(ending.trailers)[DETAILS_KEY])
    details = [ErrorDetail(AnyDetail(type_url=each.type_url, value=each.value)) for each in status.details]
    return ConnectError(Code[ending.code.name], ending.message, details)
