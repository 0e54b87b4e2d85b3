"""The one file that binds services to grpc.aio: handlers, health, reflection, start and stop.

Services are handed requests and give bytes; nothing of gRPC reaches them. All methods are bound through one generic
handler and none is registered by name: after each call grpc.aio waits anew for the next call of every method that is,
which costs as much as a small answer. For the same reason errors become statuses in a wrapper around each method and
not in an interceptor.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import grpc
import structlog
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha.reflection import aio as reflection_aio
from protovalidate import Validator

from wikifeed_server.contract.validation import validate
from wikifeed_server.errors import FieldViolation, InvalidRequestError, WikifeedError
from wikifeed_server.transport.listening import cannot_listen, refuse_taken_port
from wikifeed_server.transport.status import Outcome, internal_outcome, outcome_of

_HEALTH = "grpc.health.v1.Health"
_REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
_REFLECTION_V1 = "grpc.reflection.v1.ServerReflection"  # the same messages under the name that clients ask for first
_QUIET_SECONDS = 1.0  # the last answers have left by then, and calls accepted just before the stop were answered too
_REMEMBERED_REQUESTS, _REMEMBERED_BYTES = 4096, 256  # a request and its bytes take half a kilobyte

# Quoted, since these classes are generic in their stubs only.
_Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
_Handlers: TypeAlias = "dict[str, grpc.RpcMethodHandler[Any, Any]]"
_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Settings of the listening side. Times are in seconds, sizes in bytes."""

    reuse_port: bool = False  # for several processes on one port; with it a second server starts silently
    max_request_bytes: int = 16 * 1024 * 1024  # a BatchGetArticles of 10,000 titles, each as long as may be, has room
    keepalive_seconds: int = 60  # an idle connection is pinged so often; below the minutes that NATs keep one
    keepalive_timeout_seconds: int = 20
    min_client_ping_seconds: int = 10  # a client that pings more often is disconnected

    def as_channel_arguments(self) -> list[tuple[str, int]]:
        """The options as gRPC names them."""
        return [
            ("grpc.so_reuseport", int(self.reuse_port)),
            ("grpc.max_receive_message_length", self.max_request_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.keepalive_time_ms", self.keepalive_seconds * 1000),
            ("grpc.keepalive_timeout_ms", self.keepalive_timeout_seconds * 1000),
            ("grpc.http2.min_ping_interval_without_data_ms", self.min_client_ping_seconds * 1000),
        ]


class RunningServer:
    """A server that listens on `addresses` ("host:port" with the port in fact taken)."""

    def __init__(
        self,
        server: grpc.aio.Server,
        addresses: tuple[str, ...],
        health: health_aio.HealthServicer,
        calls: "_CallsInFlight",
        stopping: asyncio.Event,
    ) -> None:
        self.addresses = addresses
        self._server = server
        self._health = health
        self._calls = calls
        self._stopping = stopping

    async def stop(self, grace_seconds: float) -> None:
        """Drain and stop: whoever watches health hears of it, streams end resumably, calls in flight finish.

        Calls that take longer than `grace_seconds` are cut off.
        """
        await self._health.enter_graceful_shutdown()
        self._stopping.set()
        async with asyncio.TaskGroup() as tasks:
            drained = tasks.create_task(self._server.stop(grace_seconds))
            idle = tasks.create_task(self._calls.none_left())
            await asyncio.wait({drained, idle}, return_when=asyncio.FIRST_COMPLETED)
            idle.cancel()
            # Watches of health and reflection never end by themselves, and nothing is lost with them.
            await self._server.stop(None)

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        await self._server.wait_for_termination()


class _CallsInFlight:
    """Counts the calls that services work on; those of health and reflection are none of them."""

    def __init__(self) -> None:
        self.count = 0

    async def none_left(self) -> None:
        """Wait until there was no call for a while."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < _QUIET_SECONDS:
            await asyncio.sleep(_QUIET_SECONDS / 10)
            if self.count:
                quiet_since = time.monotonic()


async def start_server(
    services: Mapping[str, object],
    addresses: Sequence[str],
    options: ServerOptions,
    stopping: asyncio.Event,
) -> RunningServer:
    """Serve `services`, by the full names of their contracts ("wikifeed.v1.ArticleService"), on `addresses`.

    `stopping` is set when the server is told to stop; services end their streams then. Raises ConfigError when an
    address can't be listened on, KeyError when the contract has no such service, AttributeError when a service lacks
    one of its methods.
    """
    calls = _CallsInFlight()
    health = health_aio.HealthServicer()
    server = grpc.aio.server(options=options.as_channel_arguments())
    reflection = reflection_aio.ReflectionServicer((*services, _HEALTH, _REFLECTION_V1, _REFLECTION))
    contract = descriptor_pool.Default().FindServiceByName
    bind = _Binder(Validator(), calls)
    handlers: _Handlers = {}
    for name, service in services.items():
        handlers |= bind.service(contract(name), service)
    handlers |= _plain_handlers(contract(_HEALTH), _HEALTH, health)
    handlers |= _plain_handlers(contract(_REFLECTION), _REFLECTION, reflection)
    handlers |= _plain_handlers(contract(_REFLECTION), _REFLECTION_V1, reflection)
    server.add_generic_rpc_handlers((_AllHandlers(handlers),))

    listening = tuple(_listen(server, address, options) for address in addresses)
    await server.start()
    for name in services:
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    return RunningServer(server, listening, health, calls, stopping)


def _listen(server: grpc.aio.Server, address: str, options: ServerOptions) -> str:
    if not options.reuse_port:
        refuse_taken_port(address)
    try:
        port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise cannot_listen(address, str(error)) from error
    return f"{address.removesuffix(':0')}:{port}" if address.endswith(":0") else address


class _AllHandlers(grpc.GenericRpcHandler):
    def __init__(self, handlers: _Handlers) -> None:
        self._handlers = handlers

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "_Handler | None":
        return self._handlers.get(handler_call_details.method)


class _Binder:
    """Makes gRPC's handlers of a service's methods."""

    def __init__(self, validator: Validator, calls: _CallsInFlight) -> None:
        self._validator = validator
        self._calls = calls
        self._log = structlog.get_logger()

    def service(self, contract: ServiceDescriptor, service: object) -> _Handlers:
        """Handlers for all methods of `service`, by their paths."""
        return {
            f"/{contract.full_name}/{method.name}": self._method(method, getattr(service, method.name))
            for method in contract.methods
            if hasattr(service, method.name)
        }

    def _method(self, contract: MethodDescriptor, method: Callable[[Any], Any]) -> _Handler:
        if contract.server_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(contract, method))
        return grpc.unary_unary_rpc_method_handler(self._unary(contract, method))

    def _unary(
        self, contract: MethodDescriptor, method: Callable[[Message], Awaitable[bytes]]
    ) -> Callable[[bytes, _Context], Awaitable[bytes]]:
        calls, read = self._calls, self._reader(contract)
        # Popular articles are asked for over and over, and to parse and check a request costs half as much as to find
        # an article. Services change no request, so the same one may be handed out again.
        read_again = lru_cache(_REMEMBERED_REQUESTS)(read)

        async def handle(data: bytes, context: _Context) -> bytes:
            calls.count += 1
            try:
                return await method(read_again(data) if len(data) <= _REMEMBERED_BYTES else read(data))
            except Exception as error:  # noqa: BLE001 - the outermost border: whatever it is becomes a status
                outcome = self._outcome(error, contract)
            finally:
                calls.count -= 1
            return await context.abort(*outcome)

        return handle

    def _stream(
        self, contract: MethodDescriptor, method: Callable[[Message], AsyncGenerator[bytes, None]]
    ) -> Callable[[bytes, _Context], Awaitable[None]]:
        calls, read = self._calls, self._reader(contract)

        async def handle(data: bytes, context: _Context) -> None:
            calls.count += 1
            try:
                async with aclosing(method(read(data))) as responses:
                    async for response in responses:
                        await context.write(response)
            except grpc.aio.BaseError:  # the connection is gone, and nobody to tell
                raise
            except Exception as error:  # noqa: BLE001 - as above
                # Not `context.abort`: on a stream whose reader does not read it never comes back.
                outcome = self._outcome(error, contract)
                context.set_code(outcome.code)
                context.set_details(outcome.message)
                context.set_trailing_metadata(outcome.trailers)
            finally:
                calls.count -= 1

        return handle

    def _reader(self, contract: MethodDescriptor) -> Callable[[bytes], Message]:
        parse = GetMessageClass(contract.input_type).FromString
        validator = self._validator

        def read(data: bytes) -> Message:
            try:
                request = parse(data)
            except DecodeError as error:
                problem = f"the request's bytes are no {contract.input_type.full_name}: {error}"
                raise InvalidRequestError([FieldViolation("", problem)]) from error
            validate(validator, request)
            return request

        return read

    def _outcome(self, error: Exception, contract: MethodDescriptor) -> Outcome:
        if isinstance(error, WikifeedError):
            return outcome_of(error)
        error_id = secrets.token_hex(8)
        self._log.error("call_failed", method=contract.full_name, error_id=error_id, exc_info=error)
        return internal_outcome(error_id)


def _plain_handlers(contract: ServiceDescriptor, name: str, servicer: object) -> _Handlers:
    """Handlers for a servicer of gRPC's own kind, under the service name given."""
    handlers: _Handlers = {}
    for method in contract.methods:
        call = getattr(servicer, method.name)
        parse = GetMessageClass(method.input_type).FromString
        kinds = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }
        make = kinds[method.client_streaming, method.server_streaming]
        handlers[f"/{name}/{method.name}"] = make(
            call,
            request_deserializer=parse,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
    return handlers
