"""The guard, as calls of RPCs meet it: credentials are in the metadatum, or header, `authorization`.

Where accounts are not required, a call without credentials passes at the cost of looking for them: with pygrpc-native
here, about 3 µs, and with grpcio where it finds the method, for next to nothing. One that shows some is its account's
there as well: counted, bounded, and refused where they are not good.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Message

from wikifeed_server.accounts import OPEN_CALLER, Caller, Guard
from wikifeed_server.services.calling import CALLER, OPEN_METHODS
from wikifeed_server.transport.request_ids import value_of

AUTHORIZATION = "authorization"
# What plans bound at once.
_STREAMS = frozenset({"/wikifeed.v1.ChangeService/StreamChanges", "/wikifeed.v1.ChangeService/Subscribe"})
# What is a stream to gRPC only, and can take hours.
_FILES = frozenset({"/wikifeed.v1.SnapshotService/ExportSnapshot", "/wikifeed.v1.BatchService/ExportBatch"})
_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class Admission:
    """Lets calls in. Without a guard all of them."""

    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard

    async def caller(self, method: str, context: _Context) -> Caller:
        """Who calls that method, from here on CALLER's value in the call's task. Raises UnauthenticatedError."""
        if self._guard is None:
            return OPEN_CALLER
        return await self.shown(method, value_of(context.invocation_metadata() or (), AUTHORIZATION))

    async def shown(self, method: str, authorization: str) -> Caller:
        """The same of a call that shows these credentials, however they came."""
        guard = self._guard
        if guard is None or method in OPEN_METHODS:
            return OPEN_CALLER
        if not authorization and not guard.required:
            return OPEN_CALLER
        caller = await guard.caller(authorization)
        CALLER.set(caller)
        return caller

    async def admit(self, caller: Caller, method: str, request: Message) -> Message:
        """The request to answer. Raises what `Guard.admit` does."""
        if self._guard is None or caller is OPEN_CALLER:
            return request
        return await self._guard.admit(caller, method, request)

    def stream(self, caller: Caller, method: str) -> AbstractAsyncContextManager[None]:
        """A context for the streaming method's answer. Raises what `Guard.stream` and `Guard.download` do."""
        if self._guard is None or caller is OPEN_CALLER:
            return nullcontext()
        if method in _STREAMS:
            return self._guard.stream(caller)
        return self._guard.download(caller) if method in _FILES else nullcontext()
