"""A durable subscription, for threads."""

import queue
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import grpc

from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.subscription_pb2 import Subscription
from wikifeed_client._errors import error_of_call
from wikifeed_client._requests import Changes
from wikifeed_client._subscribing import Delivery, SubscriptionCalls
from wikifeed_client._sync.watching import SilentError, WatchedCall

# How long closing waits for the server to store what was acknowledged.
_FAREWELL_SECONDS = 5.0


class SubscriptionStream(Iterator[Delivery]):
    """Deliveries of a subscription, for ever: an iterator and a context manager.

    What it promises is in `Client.subscribe`. For one thread at a time, but for `close`.
    """

    def __init__(
        self,
        stub: ChangeServiceStub,
        core: SubscriptionCalls,
        metadata: tuple[tuple[str, str], ...],
        silence_seconds: float,
    ) -> None:
        self._stub = stub
        self._core = core
        self._metadata = metadata
        self._silence_seconds = silence_seconds
        self._call: WatchedCall[SubscribeResponse] | None = None
        self._outgoing: queue.SimpleQueue[SubscribeRequest | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._reading = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __next__(self) -> Delivery:
        with self._reading:
            return self._next()

    @property
    def state(self) -> Subscription | None:
        """What the server told last of the subscription; None before it did."""
        return self._core.state

    @property
    def share_count(self) -> int:
        """How many of the 64 shares of the pages this client has."""
        return self._core.share_count

    def acknowledge(self, delivery: Delivery) -> None:
        """Say that a delivery and all before it were handled.

        Where the call that brought it is cut off before, the delivery comes again.
        """
        request = self._core.acknowledgement(delivery)
        if request is not None:
            self._send(request)

    def pause(self) -> None:
        """Hold deliveries back until `resume`; those on their way still come."""
        self._send(self._core.paused(True))

    def resume(self) -> None:
        """Let deliveries come again."""
        self._send(self._core.paused(False))

    def set_filter(self, changes: Changes) -> None:
        """Replace the subscription's filter, for all of its clients."""
        self._send(self._core.filtered(changes))

    def close(self) -> None:
        """Say that this client has said all, and wait until what it acknowledged is stored, 5 seconds at most.

        From any thread: who waits for a delivery gets StopIteration.
        """
        self._closed.set()
        call = self._call
        if call is None:
            return
        self._outgoing.put(None)
        farewell = threading.Timer(_FAREWELL_SECONDS, call.cancel)
        farewell.start()
        try:
            with self._reading:
                for _ in call:
                    pass
        except (grpc.RpcError, SilentError):
            pass  # what was not stored is delivered again
        finally:
            farewell.cancel()
            call.cancel()

    def _next(self) -> Delivery:
        while not self._closed.is_set():
            credit = self._core.credit()
            if credit is not None:
                self._send(credit)
            try:
                delivery = self._core.received(next(self._opened()))
            except StopIteration:
                wait = self._core.ended()
            except SilentError:
                wait = self._core.silent()
            except grpc.RpcError as error:
                if self._closed.is_set():
                    break
                wait = self._core.failed(error_of_call(error))
            else:
                if delivery is not None:
                    return delivery
                continue
            self._hang_up()
            self._closed.wait(wait)
        raise StopIteration

    def _send(self, request: SubscribeRequest) -> None:
        if self._call is not None:
            self._outgoing.put(request)

    def _opened(self) -> WatchedCall[SubscribeResponse]:
        if self._call is None:
            outgoing = self._outgoing = queue.SimpleQueue()
            for request in self._core.opened():
                outgoing.put(request)
            call = self._stub.Subscribe(iter(outgoing.get, None), metadata=self._metadata)
            self._call = WatchedCall(call, self._silence_seconds).__enter__()
        return self._call

    def _hang_up(self) -> None:
        if self._call is not None:
            self._outgoing.put(None)
            self._call.cancel()
            self._call = None
