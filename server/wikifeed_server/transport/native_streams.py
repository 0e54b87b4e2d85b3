"""pygrpc-native's server, with streams that hold up nobody but themselves.

Its own (`Server._send` of 0.5.0) waits for a client that is behind in a thread of the loop's pool: as many such clients
as the pool has threads, six on two cores, and nothing that needs a thread goes on, even after their calls were ended.
What is written to a client that has gone it drops without a pause, so that a stream that never waits keeps the loop for
ever.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import grpc
from pygrpc_native import STREAM_CLOSED, STREAM_FULL
from pygrpc_native.aio import Server

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"

_FIRST_PAUSE_SECONDS, _PAUSE_GROWTH, _LONGEST_PAUSE_SECONDS = 0.0005, 1.5, 0.1


class PatientServer(Server):
    """The package's server. A write comes back when the message is taken, and always lets others have a turn."""

    def __init__(self, options: list[tuple[str, int]]) -> None:
        super().__init__(options=options)
        self._untaken: dict[int, bytes] = {}  # by call: a message whose write was given up

    def patient(self, handler: Handler) -> Handler:
        """The handler, such that its call ends only after all that it wrote was taken.

        A stream ended for its stalled client names the last message as delivered, as grpcio delivers it.
        """
        answer: Any = handler.unary_stream  # a coroutine that writes, where the stubs know iterators alone
        if answer is None:
            return handler
        return grpc.unary_stream_rpc_method_handler(
            self._flushed(answer), handler.request_deserializer, handler.response_serializer
        )

    def _flushed(self, answer: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def handle(request: object, context: Any) -> None:
            call_id = context._call.call_id  # nothing public tells which call it is
            try:
                await answer(request, context)
                if call_id in self._untaken:
                    await self._put(call_id, self._untaken[call_id])
            finally:
                self._untaken.pop(call_id, None)

        return handle

    async def _send(self, call: Any, context: Any, response: object) -> bool:
        """What the package calls for each message of a stream; False where it can't be encoded."""
        data = self._encode(call, context, response)
        if data is None:
            return False
        context._initial_sent = True
        try:
            await self._put(call.call_id, data)
        except asyncio.CancelledError:
            self._untaken[call.call_id] = data
            raise
        return True

    async def _put(self, call_id: int, data: bytes) -> None:
        """Wait until the message is taken. Raises CancelledError when the client has gone."""
        front = self._front
        if front is None:
            raise RuntimeError("a server that does not listen has no streams")
        pause = _FIRST_PAUSE_SECONDS
        while (state := front.stream_try_send(call_id, data)) == STREAM_FULL:
            await asyncio.sleep(pause)
            pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE_SECONDS)
        if state == STREAM_CLOSED:
            raise asyncio.CancelledError("the client has gone")
        await asyncio.sleep(0)
