"""The stream of changes, for asyncio."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

import grpc

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_client._aio.waiting import is_cancelled, wait_or_closed
from wikifeed_client._checkpoints import CheckpointStore
from wikifeed_client._errors import error_of_call
from wikifeed_client._resuming import ChangeBatch, Resumption

if TYPE_CHECKING:
    from wikifeed.v1.change_service_pb2_grpc import ChangeServiceAsyncStub

_Call = grpc.aio.UnaryStreamCall[StreamChangesRequest, StreamChangesResponse]


class AsyncChangeStream(AsyncIterator[Change]):
    """Changes, one after the other, for ever: an asynchronous iterator and context manager.

    What it promises is in `AsyncClient.changes`. For one task at a time, but for `close`.
    """

    def __init__(
        self,
        stub: "ChangeServiceAsyncStub",
        core: Resumption,
        metadata: tuple[tuple[str, str], ...],
        silence_seconds: float,
        checkpoint: CheckpointStore | None,
    ) -> None:
        self._stub = stub
        self._core = core
        self._metadata = metadata
        self._silence_seconds = silence_seconds
        self._checkpoint = checkpoint
        self._saved: int | None = None
        self._call: _Call | None = None
        self._closed = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def __anext__(self) -> Change:
        while True:
            change = self._core.next_change()
            self._save()
            if change is not None:
                return change
            if not await self._receive():
                raise StopAsyncIteration

    async def batches(self) -> AsyncIterator[ChangeBatch]:
        """The same by batches as they come, those without changes included; a checkpoint is saved once a batch."""
        while True:
            batch = self._core.next_batch()
            self._save()
            if batch is not None:
                yield batch
            elif not await self._receive():
                return

    @property
    def handled_offset(self) -> int | None:
        """The offset through which the caller is done, for it asked for what follows; None before there is one."""
        return self._core.handled

    async def close(self) -> None:
        """End the stream: who waits for a change gets StopAsyncIteration."""
        self._closed.set()
        if self._call is not None:
            self._call.cancel()

    def _save(self) -> None:
        handled = self._core.handled
        if self._checkpoint is not None and handled is not None and handled != self._saved:
            self._checkpoint.save(handled)
            self._saved = handled

    async def _receive(self) -> bool:
        """Have the core take a response; False at the end."""
        while not self._closed.is_set() and not self._core.at_end:
            try:
                async with asyncio.timeout(self._silence_seconds):
                    response = await self._opened().read()
            except TimeoutError:
                wait = self._core.silent()
            except grpc.RpcError as error:
                if self._closed.is_set():
                    break
                wait = self._core.failed(error_of_call(error))
            except asyncio.CancelledError:
                # So ends a read whose call was cancelled by `close`; any other is the caller's own.
                self._hang_up()
                if self._closed.is_set() and not is_cancelled():
                    return False
                raise
            else:
                if isinstance(response, StreamChangesResponse):
                    self._core.received(response)
                    return True
                if self._core.at_end:
                    break
                wait = self._core.ended()
            self._hang_up()
            await wait_or_closed(self._closed, wait)
        self._hang_up()
        return False

    def _opened(self) -> _Call:
        if self._call is None:
            self._call = self._stub.StreamChanges(self._core.request(), metadata=self._metadata)
        return self._call

    def _hang_up(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
