"""The file that runs a server of grpcio, or of pygrpc-native, which has its API: health, reflection, start and stop.

Services are handed requests and give bytes; nothing of gRPC reaches them. With grpcio all methods are bound through one
generic handler and none is registered by name: after each call grpc.aio waits anew for the next call of every method
that is, which costs as much as a small answer. pygrpc-native serves by itself only what is registered.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha.reflection import aio as reflection_aio

from wikifeed_server.accounts import Guard
from wikifeed_server.transport.admission import AUTHORIZATION
from wikifeed_server.transport.gate import Gate
from wikifeed_server.transport.handlers import Handlers, plain_handlers, service_handlers
from wikifeed_server.transport.listening import cannot_listen, refuse_taken_port
from wikifeed_server.transport.native import native_server
from wikifeed_server.transport.observing import CallObserver
from wikifeed_server.transport.options import ServerOptions
from wikifeed_server.transport.reflecting import ReflectedDescriptors
from wikifeed_server.transport.stalls import StallWatch
from wikifeed_server.transport.tls import server_credentials

_HEALTH = "grpc.health.v1.Health"
_REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
_REFLECTION_V1 = "grpc.reflection.v1.ServerReflection"  # the same messages under the name that clients ask for first


class RunningServer:
    """A server that listens on `addresses` ("host:port" with the port in fact taken)."""

    def __init__(
        self,
        server: grpc.aio.Server,
        addresses: tuple[str, ...],
        health: health_aio.HealthServicer,
        gate: Gate,
        watch: StallWatch,
        stopping: asyncio.Event,
        *,
        native: bool,
    ) -> None:
        self.addresses = addresses
        self._native = native
        self._server = server
        self._health = health
        self._gate = gate
        self._watch = watch
        self._stopping = stopping

    async def stop(self, grace_seconds: float) -> None:
        """Drain and stop: whoever watches health hears of it, streams end resumably, calls in flight finish.

        Calls that take longer than `grace_seconds` are cut off.
        """
        await self._health.enter_graceful_shutdown()
        self._stopping.set()
        async with asyncio.TaskGroup() as tasks:
            # grpcio takes no connection from here on; pygrpc-native does until it has stopped, which nothing hastens.
            waiting = asyncio.sleep(grace_seconds) if self._native else self._server.stop(grace_seconds)
            drained = tasks.create_task(waiting)
            idle = tasks.create_task(self._gate.none_left())
            await asyncio.wait({drained, idle}, return_when=asyncio.FIRST_COMPLETED)
            idle.cancel()
            if self._native:
                drained.cancel()
            # Watches of health and reflection never end by themselves, and nothing is lost with them.
            await self._server.stop(None)
        await self._watch.close()

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        await self._server.wait_for_termination()


async def start_server(
    services: Mapping[str, object],
    addresses: Sequence[str],
    options: ServerOptions,
    stopping: asyncio.Event,
    observers: Sequence[CallObserver] = (),
    guard: Guard | None = None,
) -> RunningServer:
    """Serve `services`, by the full names of their contracts ("wikifeed.v1.ArticleService"), on `addresses`.

    `guard` says who may call; without one, and for health and reflection, everybody may.
    `stopping` is set when the server is told to stop; services end their streams then. A service whose stream is
    ended because its client takes nothing has SubscriberStalledError thrown into it, and raises one that tells where to
    go on. Raises ConfigError when an address can't be listened on or a certificate can't be used, KeyError when the
    contract has no such service, AttributeError when a service lacks one of its methods.
    """
    gate, watch = Gate(options.limits), StallWatch(options.stalled_seconds)
    health = health_aio.HealthServicer()
    reflection = reflection_aio.ReflectionServicer(
        (*services, _HEALTH, _REFLECTION_V1, _REFLECTION), pool=ReflectedDescriptors()
    )
    contract = descriptor_pool.Default().FindServiceByName
    handlers = service_handlers(services, gate, watch, observers, guard)
    handlers |= plain_handlers(contract(_HEALTH), _HEALTH, health)
    handlers |= plain_handlers(contract(_REFLECTION), _REFLECTION, reflection)
    handlers |= plain_handlers(contract(_REFLECTION), _REFLECTION_V1, reflection)
    # Where nobody needs to show who calls, those who do not are not looked at again.
    anonymous = handlers
    if guard is not None and not guard.required:
        anonymous = handlers | service_handlers(services, gate, watch, observers)
    server = _server(options, handlers, anonymous, addresses)
    credentials = server_credentials(options.tls) if options.tls else None
    listening = tuple(_listen(server, address, options, credentials) for address in addresses)
    await server.start()
    for name in services:
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    return RunningServer(server, listening, health, gate, watch, stopping, native=options.native)


def _server(
    options: ServerOptions, handlers: Handlers, anonymous: Handlers, addresses: Sequence[str]
) -> grpc.aio.Server:
    if options.native:
        return native_server(options, handlers, addresses)
    server = grpc.aio.server(options=options.as_channel_arguments())
    server.add_generic_rpc_handlers((_AllHandlers(handlers, anonymous),))
    return server


def _listen(
    server: grpc.aio.Server, address: str, options: ServerOptions, credentials: grpc.ServerCredentials | None
) -> str:
    if not options.reuse_port:
        refuse_taken_port(address)
    try:
        if credentials is not None:
            port = server.add_secure_port(address, credentials)
        else:
            port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise cannot_listen(address, str(error)) from error
    return f"{address.removesuffix(':0')}:{port}" if address.endswith(":0") else address


class _AllHandlers(grpc.GenericRpcHandler):
    """`anonymous` are the handlers of calls that show no credentials."""

    def __init__(self, handlers: Handlers, anonymous: Handlers) -> None:
        self._handlers = handlers
        self._anonymous = anonymous

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any] | None":
        for key, _ in handler_call_details.invocation_metadata:
            if key == AUTHORIZATION:
                return self._handlers.get(handler_call_details.method)
        return self._anonymous.get(handler_call_details.method)
