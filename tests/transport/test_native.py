"""What the native transport refuses at the start, and that it leaves a worker's threads to others."""

import asyncio
from importlib import metadata
from pathlib import Path

import grpc
import pytest
from calls import MadeUpChanges

from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest, StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions, TlsFiles

NATIVE = ServerOptions(native=True)
PIECE = StreamChangesResponse(changes=[{"previous_name": "x" * 60_000}]).SerializeToString()
STALLED = 40  # more than the loop's pool has threads: min(32, cores + 4)


@pytest.fixture
def usual():
    return NATIVE


async def test_tls_is_refused(stopping):
    options = ServerOptions(native=True, tls=TlsFiles(Path("server.pem"), Path("server.key")))
    with pytest.raises(ConfigError, match="has no TLS: leave out --tls-certificate, or use --transport grpcio"):
        await start_server({}, ["127.0.0.1:0"], options, stopping)


async def test_a_second_address_is_refused(stopping):
    with pytest.raises(ConfigError, match="listens on one address"):
        await start_server({}, ["127.0.0.1:0", "127.0.0.1:0"], NATIVE, stopping)


async def test_a_missing_package_is_told_with_the_command_that_brings_it(stopping, monkeypatch):
    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("wikifeed_server.transport.native.version", version)
    with pytest.raises(ConfigError, match=r"not installed: pip install 'pygrpc-native==0.5.\*'"):
        await start_server({}, ["127.0.0.1:0"], NATIVE, stopping)


@pytest.mark.parametrize("found", ["0.4.9", "0.50.0", "1.0.0"])
async def test_a_release_that_was_never_tried_is_refused(stopping, monkeypatch, found):
    monkeypatch.setattr("wikifeed_server.transport.native.version", lambda _name: found)
    with pytest.raises(ConfigError, match=f"does not fit pygrpc-native {found}"):
        await start_server({}, ["127.0.0.1:0"], NATIVE, stopping)


async def test_a_connections_age_does_not_keep_it_from_starting(serve):
    options = ServerOptions(native=True, connection_age_seconds=60)
    server = await serve(ChangeService=MadeUpChanges(), options=options)
    async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
        await ChangeServiceStub(channel).GetChangeLogInfo(GetChangeLogInfoRequest())


@pytest.mark.parametrize("stalled_seconds", [60, 0.2])
async def test_streams_that_nobody_reads_leave_the_threads_to_others(serve, stalled_seconds):
    begun, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def stream(_request):
        begun.release()
        try:
            while True:
                yield PIECE
        finally:
            ended.release()

    async def info(_request):
        return await asyncio.to_thread(bytes)

    options = ServerOptions(native=True, stalled_seconds=stalled_seconds)
    server = await serve(ChangeService=MadeUpChanges(info=info, stream=stream), options=options)
    # Else the client makes its window greater as long as bytes come fast, and a stream stalls when that is at its most.
    steady = [("grpc.http2.bdp_probe", 0)]
    async with grpc.aio.insecure_channel(server.addresses[0], steady) as channel:
        stub = ChangeServiceStub(channel)
        calls = [stub.StreamChanges(StreamChangesRequest()) for _ in range(STALLED)]
        async with asyncio.timeout(30):
            for call in calls:
                await call.initial_metadata()
                await begun.acquire()
                if stalled_seconds < 1:
                    await ended.acquire()
            for _ in range(100):
                await stub.GetChangeLogInfo(GetChangeLogInfoRequest())
        assert ended.locked()  # none but those
        for call in calls:
            call.cancel()
