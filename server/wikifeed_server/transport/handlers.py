"""Methods as handlers of gRPC's Python API, which grpcio and pygrpc-native share.

Errors become statuses in a wrapper around each method and not in an interceptor, which would cost as much as a small
answer. What a call tells observers is gathered only where there are any.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from typing import Any, TypeAlias

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from wikifeed_server.accounts import Caller, Guard
from wikifeed_server.errors import SubscriberStalledError
from wikifeed_server.services.calling import CALLER
from wikifeed_server.transport.admission import Admission
from wikifeed_server.transport.gate import Gate, caller_of
from wikifeed_server.transport.methods import Method, methods_of, outcome
from wikifeed_server.transport.observing import CallEnd, CallObserver
from wikifeed_server.transport.request_ids import REQUEST_ID, TRACEPARENT, request_id_of, value_of
from wikifeed_server.transport.stalls import StallWatch, Writing
from wikifeed_server.transport.status import Outcome

# Quoted, since these classes are generic in their stubs only.
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Handlers: TypeAlias = "dict[str, grpc.RpcMethodHandler[Any, Any]]"
_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_Begin: TypeAlias = Callable[[Caller], Awaitable[AsyncGenerator[bytes, None]]]


def service_handlers(
    services: Mapping[str, object],
    gate: Gate,
    watch: StallWatch,
    observers: Sequence[CallObserver],
    guard: Guard | None = None,
) -> Handlers:
    """Handlers for all methods of `services`, by their paths. Raises what `methods_of` does."""
    binder = _Binder(gate, watch, observers, guard)
    return {method.path: binder.handler(method) for method in methods_of(services)}


def plain_handlers(contract: ServiceDescriptor, name: str, servicer: object) -> Handlers:
    """Handlers for a servicer of gRPC's own kind, under the service name given."""
    handlers: Handlers = {}
    kinds = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    for method in contract.methods:
        make = kinds[method.client_streaming, method.server_streaming]
        handlers[f"/{name}/{method.name}"] = make(
            getattr(servicer, method.name),
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
    return handlers


class _Binder:
    """Makes gRPC's handlers of methods."""

    def __init__(self, gate: Gate, watch: StallWatch, observers: Sequence[CallObserver], guard: Guard | None) -> None:
        self._gate = gate
        self._watch = watch
        self._observers = observers
        self._guarded = guard is not None
        self._admission = Admission(guard)

    def handler(self, method: Method) -> Handler:
        """The handler of one method."""
        if method.client_streaming:
            return grpc.stream_stream_rpc_method_handler(self._both(method))
        if method.server_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(method))
        return grpc.unary_unary_rpc_method_handler(
            self._observed_unary(method) if self._observers else self._unary(method)
        )

    def _unary(self, method: Method) -> Callable[[bytes, _Context], Awaitable[bytes]]:
        gate, read, answer, guarded = self._gate, method.read, method.answer, self._guarded

        async def handle(data: bytes, context: _Context) -> bytes:
            try:
                gate.enter()
                try:
                    request = await self._admitted(method, data, context) if guarded else read(data)
                    response: bytes = await answer(request)
                finally:
                    gate.calls -= 1
            except Exception as error:  # noqa: BLE001 - the outermost border: whatever it is becomes a status
                return await context.abort(*_Call(method, context, ()).outcome(error))
            return response

        return handle

    def _observed_unary(self, method: Method) -> Callable[[bytes, _Context], Awaitable[bytes]]:
        gate, read, answer, guarded = self._gate, method.read, method.answer, self._guarded

        async def handle(data: bytes, context: _Context) -> bytes:
            call = _Call(method, context, self._observers)
            try:
                gate.enter()
                try:
                    request = await self._admitted(method, data, context) if guarded else read(data)
                    response: bytes = await answer(request)
                finally:
                    gate.calls -= 1
                call.sent(response)
                call.code = "OK"
            except Exception as error:  # noqa: BLE001 - as above
                return await context.abort(*call.outcome(error))
            finally:
                call.ended()
            return response

        return handle

    async def _admitted(self, method: Method, data: bytes, context: _Context) -> Message:
        """The request to answer. Who may not call does not learn what is wrong with it."""
        caller = await self._admission.caller(method.path, context)
        return await self._admission.admit(caller, method.path, method.read(data))

    def _stream(self, method: Method) -> Callable[[bytes, _Context], Awaitable[None]]:
        async def handle(data: bytes, context: _Context) -> None:
            async def begin(caller: Caller) -> AsyncGenerator[bytes, None]:
                request = await self._admission.admit(caller, method.path, method.read(data))
                responses: AsyncGenerator[bytes, None] = method.answer(request)
                return responses

            await self._send(method, begin, context)

        return handle

    def _both(self, method: Method) -> Callable[[AsyncIterator[bytes], _Context], Awaitable[None]]:
        async def read(requests: AsyncIterator[bytes], caller: Caller) -> AsyncGenerator[Message, None]:
            async for data in requests:  # each of them: a later one may ask for more than the first
                yield await self._admission.admit(caller, method.path, method.read(data))

        async def handle(requests: AsyncIterator[bytes], context: _Context) -> None:
            async def begin(caller: Caller) -> AsyncGenerator[bytes, None]:
                responses: AsyncGenerator[bytes, None] = method.answer(read(requests, caller))
                return responses

            await self._send(method, begin, context)

        return handle

    async def _send(self, method: Method, begin: _Begin, context: _Context) -> None:
        """Send what a streaming method gives, which `begin` begins for who calls, and how it ends."""
        call = _Call(method, context, self._observers)
        try:
            self._gate.enter()
            try:
                caller = await self._admission.caller(method.path, context)
                with self._gate.stream(context.peer(), caller.username):
                    async with self._admission.stream(caller, method.path):
                        await self._send_all(await begin(caller), context, call)
            finally:
                self._gate.calls -= 1
            call.code = "OK"
        except grpc.aio.BaseError:
            # The caller is gone, and nobody to tell. grpc.aio takes for an error what doesn't end as calls do that are
            # cancelled.
            raise asyncio.CancelledError from None
        except Exception as error:  # noqa: BLE001 - as above
            # Not `context.abort`: on a stream whose reader does not read it never comes back.
            ending = call.outcome(error)
            context.set_code(ending.code)
            context.set_details(ending.message)
            context.set_trailing_metadata(ending.trailers)
        finally:
            call.ended()

    async def _send_all(self, responses: AsyncGenerator[bytes, None], context: _Context, call: "_Call") -> None:
        stream = self._watch.begin()
        try:
            async with aclosing(responses):
                async for response in responses:
                    stream.since = time.monotonic()
                    await _write(response, context, stream, responses)
                    stream.since = 0.0
                    call.sent(response)
        finally:
            self._watch.end(stream)


async def _write(response: bytes, context: _Context, stream: Writing, responses: AsyncGenerator[bytes, None]) -> None:
    try:
        await context.write(response)
    except asyncio.CancelledError:
        if not stream.stalled:
            raise
        stream.task.uncancel()
        # The service knows its place in the log, and makes of this the error that tells it.
        stalled = SubscriberStalledError("the client takes nothing")
        with suppress(StopAsyncIteration):
            await responses.athrow(stalled)
        raise stalled from None  # where it makes nothing of it, the stream ends all the same


class _Call:
    """A call, as observers and its caller hear of it."""

    __slots__ = ("_began", "_bytes", "_context", "_messages", "_method", "_observers", "_request_id", "code")

    def __init__(self, method: Method, context: _Context, observers: Sequence[CallObserver]) -> None:
        self.code = "CANCELLED"
        self._method = method
        self._context = context
        self._observers = observers
        self._request_id = ""
        self._messages = self._bytes = 0
        self._began = time.perf_counter()
        for observer in observers:
            observer.call_began(method.path)

    def sent(self, response: bytes) -> None:
        """Count a message."""
        self._messages += 1
        self._bytes += len(response)

    def outcome(self, error: Exception) -> Outcome:
        """How the call ends that raised an error. The caller learns the call's id, which the server's log has too."""
        request_id = self._known_by()
        ending = outcome(error, self._method.path, request_id)
        self.code = ending.code.name
        return ending._replace(trailers=(*ending.trailers, (REQUEST_ID, request_id)))

    def ended(self) -> None:
        """Tell observers."""
        if not self._observers:
            return
        metadata = self._context.invocation_metadata() or ()
        call = CallEnd(
            self._method.path,
            self.code,
            time.perf_counter() - self._began,
            self._messages,
            self._bytes,
            caller_of(self._context.peer()),
            self._known_by(),
            value_of(metadata, TRACEPARENT),
            CALLER.get().username,
        )
        for observer in self._observers:
            observer.call_ended(call)

    def _known_by(self) -> str:
        if not self._request_id:
            self._request_id = request_id_of(self._context.invocation_metadata() or ())
        return self._request_id
