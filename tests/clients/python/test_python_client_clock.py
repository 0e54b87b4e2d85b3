"""Clocks that jump: silence is what passed, whatever a clock shows."""

import asyncio
import itertools
import time

import grpc

from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_client import After, Reconnecting

DAY = 86_400
real_time = time.time


def change_handler(behaviour):
    return grpc.unary_stream_rpc_method_handler(
        behaviour, StreamChangesRequest.FromString, StreamChangesResponse.SerializeToString
    )


async def test_a_clock_that_jumps_ahead_cuts_no_stream_off(made_up, connect, monkeypatch):
    jumped, calls = asyncio.Event(), []

    async def behaviour(request, context):
        calls.append(request.after_offset)
        yield StreamChangesResponse(changes=[{"offset": 1}], through_offset=1)
        await jumped.wait()
        yield StreamChangesResponse(changes=[{"offset": 2}], through_offset=2)

    client = await connect(
        await made_up("ChangeService", {"StreamChanges": change_handler(behaviour)}),
        reconnecting=Reconnecting(silence_seconds=60),
    )
    async with client.changes(start=After(0)) as stream:
        assert (await anext(stream)).offset == 1
        waiting = asyncio.ensure_future(anext(stream))
        monkeypatch.setattr(time, "time", lambda: real_time() + DAY)
        jumped.set()
        assert (await waiting).offset == 2
    assert calls == [0]


async def test_a_clock_that_goes_back_hides_no_silence(made_up, connect, monkeypatch):
    calls = []

    async def behaviour(request, context):
        calls.append(request.after_offset)
        yield StreamChangesResponse(changes=[{"offset": len(calls)}], through_offset=len(calls))
        await asyncio.Event().wait()

    looks = itertools.count()
    monkeypatch.setattr(time, "time", lambda: real_time() - DAY * next(looks))
    client = await connect(
        await made_up("ChangeService", {"StreamChanges": change_handler(behaviour)}),
        reconnecting=Reconnecting(0.001, silence_seconds=0.05),
    )
    async with asyncio.timeout(60), client.changes(start=After(0)) as stream:
        assert [(await anext(stream)).offset for _ in range(3)] == [1, 2, 3]
    assert calls == [0, 1, 2]
