"""Failed calls, taken apart, and a service to call."""

import asyncio

import grpc
import pytest
from google.rpc.status_pb2 import Status


def status_of(error):
    """The google.rpc.Status in the trailers of a failed call."""
    (data,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    status = Status.FromString(data)
    assert (error.code().value[0], error.details()) == (status.code, status.message)
    return status


def detail(error, kind):
    """The detail of a kind that a failed call carries."""
    for packed in status_of(error).details:
        found = kind()
        if packed.Unpack(found):
            return found
    raise AssertionError(f"no {kind.__name__} in {status_of(error)}")


async def failure(call, received=None):
    """The error that a call or a stream ends with. A stream's responses are added to `received`."""
    ending = _drained(call, [] if received is None else received) if hasattr(call, "read") else call
    async with asyncio.timeout(60):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ending
    return caught.value


async def _drained(call, received):
    while (response := await call.read()) is not grpc.aio.EOF:
        received.append(response)


class MadeUpChanges:
    """A service whose behaviour a test decides."""

    def __init__(self, info=None, stream=None, subscribe=None):
        if info:
            self.GetChangeLogInfo = info
        if stream:
            self.StreamChanges = stream
        if subscribe:
            self.Subscribe = subscribe

    async def GetChangeLogInfo(self, request):
        return b""

    GetSubscription = ListSubscriptions = DeleteSubscription = GetChangeLogInfo

    async def Subscribe(self, requests):
        async for _ in requests:
            yield b""

    async def StreamChanges(self, request):
        yield b""
