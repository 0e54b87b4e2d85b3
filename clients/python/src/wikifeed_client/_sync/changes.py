"""The stream of changes, for threads."""

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import grpc

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_client._checkpoints import CheckpointStore
from wikifeed_client._errors import error_of_call
from wikifeed_client._resuming import ChangeBatch, Resumption
from wikifeed_client._sync.watching import SilentError, WatchedCall


class ChangeStream(Iterator[Change]):
    """Changes, one after the other, for ever: an iterator and a context manager.

    What it promises is in `Client.changes`. For one thread at a time, but for `close`.
    """

    def __init__(
        self,
        stub: ChangeServiceStub,
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
        self._call: WatchedCall[StreamChangesResponse] | None = None
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __next__(self) -> Change:
        while True:
            change = self._core.next_change()
            self._save()
            if change is not None:
                return change
            if not self._receive():
                raise StopIteration

    def batches(self) -> Iterator[ChangeBatch]:
        """The same by batches as they come, those without changes included; a checkpoint is saved once a batch."""
        while True:
            batch = self._core.next_batch()
            self._save()
            if batch is not None:
                yield batch
            elif not self._receive():
                return

    @property
    def handled_offset(self) -> int | None:
        """The offset through which the caller is done, for it asked for what follows; None before there is one."""
        return self._core.handled

    def close(self) -> None:
        """End the stream, from any thread: who waits for a change gets StopIteration."""
        self._closed.set()
        if self._call is not None:
            self._call.cancel()

    def _save(self) -> None:
        handled = self._core.handled
        if self._checkpoint is not None and handled is not None and handled != self._saved:
            self._checkpoint.save(handled)
            self._saved = handled

    def _receive(self) -> bool:
        """Have the core take a response; False at the end."""
        while not self._closed.is_set() and not self._core.at_end:
            try:
                self._core.received(next(self._opened()))
            except StopIteration:
                if self._core.at_end:
                    break
                wait = self._core.ended()
            except SilentError:
                wait = self._core.silent()
            except grpc.RpcError as error:
                if self._closed.is_set():
                    break
                wait = self._core.failed(error_of_call(error))
            else:
                return True
            self._hang_up()
            self._closed.wait(wait)
        self._hang_up()
        return False

    def _opened(self) -> WatchedCall[StreamChangesResponse]:
        if self._call is None:
            call = self._stub.StreamChanges(self._core.request(), metadata=self._metadata)
            self._call = WatchedCall(call, self._silence_seconds).__enter__()
            if self._closed.is_set():
                self._call.cancel()
        return self._call

    def _hang_up(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None
