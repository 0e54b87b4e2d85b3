"""A durable subscription, for asyncio."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

import grpc

from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed.v1.subscription_pb2 import Subscription
from wikifeed_client._aio.waiting import is_cancelled
from wikifeed_client._errors import error_of_call
from wikifeed_client._requests import Changes
from wikifeed_client._subscribing import Delivery, SubscriptionCalls

if TYPE_CHECKING:
    from wikifeed.v1.change_service_pb2_grpc import ChangeServiceAsyncStub

_Call = grpc.aio.StreamStreamCall[SubscribeRequest, SubscribeResponse]
# How long closing waits for the server to store what was acknowledged.
_FAREWELL_SECONDS = 5.0


class AsyncSubscriptionStream(AsyncIterator[Delivery]):
    """Deliveries of a subscription, for ever: an asynchronous iterator and context manager.

    What it promises is in `AsyncClient.subscribe`. For one task at a time, but for what sends.
    """

    def __init__(
        self,
        stub: "ChangeServiceAsyncStub",
        core: SubscriptionCalls,
        metadata: tuple[tuple[str, str], ...],
        silence_seconds: float,
    ) -> None:
        self._stub = stub
        self._core = core
        self._metadata = metadata
        self._silence_seconds = silence_seconds
        self._call: _Call | None = None
        # A call takes one message at a time: while credit is on its way an acknowledgement waits.
        self._sending = asyncio.Lock()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def __anext__(self) -> Delivery:
        while not self._is_closed:
            try:
                response = await self._read()
            except TimeoutError:
                wait = self._core.silent()
            except grpc.RpcError as error:
                wait = self._core.failed(error_of_call(error))
            except asyncio.CancelledError:
                self._hang_up()
                raise
            else:
                if response is None:
                    wait = self._core.ended()
                else:
                    delivery = self._core.received(response)
                    if delivery is not None:
                        return delivery
                    continue
            self._hang_up()
            await asyncio.sleep(wait)
        raise StopAsyncIteration

    @property
    def state(self) -> Subscription | None:
        """What the server told last of the subscription; None before it did."""
        return self._core.state

    @property
    def share_count(self) -> int:
        """How many of the 64 shares of the pages this client has."""
        return self._core.share_count

    async def acknowledge(self, delivery: Delivery) -> None:
        """Say that a delivery and all before it were handled.

        Where the call that brought it is cut off before, the delivery comes again.
        """
        request = self._core.acknowledgement(delivery)
        if request is not None:
            await self._send(request)

    async def pause(self) -> None:
        """Hold deliveries back until `resume`; those on their way still come."""
        await self._send(self._core.paused(True))

    async def resume(self) -> None:
        """Let deliveries come again."""
        await self._send(self._core.paused(False))

    async def set_filter(self, changes: Changes) -> None:
        """Replace the subscription's filter, for all of its clients."""
        await self._send(self._core.filtered(changes))

    async def close(self) -> None:
        """Say that this client has said all, and wait until what it acknowledged is stored, 5 seconds at most."""
        self._is_closed = True
        call, self._call = self._call, None
        if call is None:
            return
        try:
            async with asyncio.timeout(min(_FAREWELL_SECONDS, self._silence_seconds)):
                async with self._sending:
                    await call.done_writing()
                while await call.read() is not grpc.aio.EOF:
                    pass
        except (grpc.RpcError, asyncio.InvalidStateError, TimeoutError):
            pass  # what was not stored is delivered again
        except asyncio.CancelledError:
            # So ends a read whose call was cancelled with a task that waited for a delivery.
            if is_cancelled():
                raise
        finally:
            call.cancel()

    async def _read(self) -> SubscribeResponse | None:
        """The next response; None at the end of the call."""
        async with asyncio.timeout(self._silence_seconds):
            if self._call is None:
                self._call = self._stub.Subscribe(metadata=self._metadata)
                for request in self._core.opened():
                    await self._send(request)
            credit = self._core.credit()
            if credit is not None:
                await self._send(credit)
            response = await self._call.read()
        return response if isinstance(response, SubscribeResponse) else None

    async def _send(self, request: SubscribeRequest) -> None:
        """Send, where there is a call. One that is over tells why when it is read from."""
        async with self._sending:
            if self._call is not None and not self._call.done():
                try:
                    await self._call.write(request)
                except (grpc.RpcError, asyncio.InvalidStateError):
                    return

    def _hang_up(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
