"""What callers may have at once, how streams end that nobody reads, and what a call is known by."""

import asyncio
from dataclasses import replace

import grpc
import pytest
import structlog
from calls import MadeUpChanges, detail, failure
from google.rpc.error_details_pb2 import ErrorInfo, QuotaFailure, RequestInfo, RetryInfo
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest, StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.errors import LimitExceededError, SubscriberStalledError
from wikifeed_server.transport.gate import Gate, caller_of
from wikifeed_server.transport.observing import AccessLog
from wikifeed_server.transport.options import Limits
from wikifeed_server.transport.request_ids import request_id_of

PIECE = StreamChangesResponse(changes=[{"previous_name": "x" * 60_000}], through_offset=1).SerializeToString()


@pytest.fixture
def limited(serve, usual):
    """A server of made-up changes with options, and stubs for it."""

    async def limited(methods, observers=(), **options):
        server = await serve(
            ChangeService=MadeUpChanges(**methods), options=replace(usual, **options), observers=observers
        )
        channel = grpc.aio.insecure_channel(server.addresses[0])
        return ChangeServiceStub(channel), health_pb2_grpc.HealthStub(channel)

    return limited


async def endless(_request):
    yield b""
    await asyncio.Event().wait()


async def opened(stub):
    """A stream that the server has begun to answer."""
    call = stub.StreamChanges(StreamChangesRequest())
    await call.read()
    return call


async def code_of(call):
    """The status that a call ends with."""
    return await call.code()


async def test_a_call_too_many_is_refused_with_the_limit_and_health_is_not(limited):
    changes, health = await limited({"stream": endless}, limits=Limits(calls=2))
    calls = [await opened(changes) for _ in range(2)]
    error = await failure(changes.GetChangeLogInfo(GetChangeLogInfoRequest()))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert detail(error, ErrorInfo).metadata == {"limit": "2", "subject": "server"}
    assert detail(error, RetryInfo).retry_delay.seconds > 0
    assert (await health.Check(health_pb2.HealthCheckRequest())).status == health_pb2.HealthCheckResponse.SERVING
    calls[0].cancel()
    while await code_of(changes.GetChangeLogInfo(GetChangeLogInfoRequest())) is grpc.StatusCode.RESOURCE_EXHAUSTED:
        pass


async def test_a_caller_has_no_more_streams_than_it_may(limited):
    changes, _ = await limited({"stream": endless}, limits=Limits(caller_streams=3))
    calls = [await opened(changes) for _ in range(3)]
    error = await failure(changes.StreamChanges(StreamChangesRequest()))
    assert detail(error, QuotaFailure).violations[0].subject == "ipv4:127.0.0.1"
    # What is no stream goes on.
    await changes.GetChangeLogInfo(GetChangeLogInfoRequest())
    del calls


def test_a_caller_has_no_more_connections_than_it_may():
    gate = Gate(Limits(caller_connections=2))
    with gate.stream("ipv4:192.0.2.1:1"), gate.stream("ipv4:192.0.2.1:2"), gate.stream("ipv4:192.0.2.1:1"):
        with pytest.raises(LimitExceededError), gate.stream("ipv4:192.0.2.1:3"):
            pass
        with gate.stream("ipv4:192.0.2.2:3"):
            pass
    with gate.stream("ipv4:192.0.2.1:3"), gate.stream("ipv4:192.0.2.1:4"):
        pass


@given(st.sampled_from(("ipv4:192.0.2.1:{}", "ipv6:%5B::1%5D:{}")), st.integers(1, 65535))
def test_a_caller_is_the_same_from_every_port(shape, port):
    assert caller_of(shape.format(port)) == caller_of(shape.format(1))


async def test_a_stream_that_nobody_reads_ends_with_where_to_go_on(limited):
    sent = 0

    async def stream(_request):
        nonlocal sent
        try:
            while True:
                sent += 1
                yield PIECE
        except SubscriberStalledError as error:
            raise SubscriberStalledError("read on", {"through_offset": str(sent)}) from error

    changes, _ = await limited({"stream": stream}, stalled_seconds=0.2)
    call = changes.StreamChanges(StreamChangesRequest())
    await call.read()
    before = -1
    while before != sent:  # until it stands still, for longer than it may
        before = sent
        await asyncio.sleep(0.5)
    assert sent * len(PIECE) < 8 << 20
    error = await failure(call, received := [])
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    info = detail(error, ErrorInfo)
    assert (info.reason, info.metadata["through_offset"]) == ("SUBSCRIBER_STALLED", str(sent))
    assert 1 + len(received) == sent  # what was on its way arrives before the status does


async def test_a_slow_reader_is_not_a_stalled_one(limited):
    async def stream(_request):
        for _ in range(30):
            yield PIECE

    changes, _ = await limited({"stream": stream}, stalled_seconds=0.5)
    call = changes.StreamChanges(StreamChangesRequest())
    received = 0
    while await call.read() is not grpc.aio.EOF:
        received += 1
        await asyncio.sleep(0.05)  # three times as long in all as a stalled one may take
    assert received == 30


async def test_a_service_that_makes_nothing_of_a_stall_is_ended_too(limited):
    told = asyncio.Event()

    async def stream(_request):
        while True:
            try:
                yield PIECE
            except SubscriberStalledError:
                told.set()

    changes, _ = await limited({"stream": stream}, stalled_seconds=0.2)
    call = await opened(changes)
    async with asyncio.timeout(20):
        await told.wait()
        error = await failure(call)
    assert detail(error, ErrorInfo).reason == "SUBSCRIBER_STALLED"


async def test_streams_that_never_wait_do_not_outlive_their_clients(limited):
    async def stream(_request):
        while True:
            yield PIECE

    changes, _ = await limited({"stream": stream})
    async with asyncio.timeout(60):
        for _ in range(50):  # whether a client goes while its stream waits or writes is chance
            call = await opened(changes)
            call.cancel()
        await changes.GetChangeLogInfo(GetChangeLogInfoRequest())


async def test_a_deadline_that_passes_ends_the_work_as_well(limited):
    asked, streamed = asyncio.Event(), asyncio.Event()

    async def info(_request):
        try:
            await asyncio.Event().wait()
        finally:
            asked.set()

    async def stream(_request):
        try:
            yield b""
            await asyncio.Event().wait()
        finally:
            streamed.set()

    changes, _ = await limited({"info": info, "stream": stream})
    for call in (
        changes.GetChangeLogInfo(GetChangeLogInfoRequest(), timeout=0.2),
        changes.StreamChanges(StreamChangesRequest(), timeout=0.2),
    ):
        assert (await failure(call)).code() is grpc.StatusCode.DEADLINE_EXCEEDED
    async with asyncio.timeout(20):
        await asked.wait()
        await streamed.wait()


async def test_a_request_too_large_is_refused(limited):
    changes, _ = await limited({}, max_request_bytes=1000)
    request = StreamChangesRequest(projects=["x" * 100] * 20)
    error = await failure(changes.StreamChanges(request))
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in error.details()


async def test_a_connection_has_no_more_streams_than_it_may(limited):
    begun = 0

    async def stream(_request):
        nonlocal begun
        begun += 1
        yield b""
        await asyncio.Event().wait()

    changes, _ = await limited({"stream": stream}, connection_streams=2)
    calls = [changes.StreamChanges(StreamChangesRequest()) for _ in range(3)]
    reads = [asyncio.ensure_future(call.read()) for call in calls]
    async with asyncio.timeout(20):
        done, (waiting,) = await wait_for_two(reads)
        assert (len(done), begun) == (2, 2)
        calls[reads.index(done.pop())].cancel()
        await waiting
    assert begun == 3


async def wait_for_two(tasks):
    """Tasks that are done, two or more, and those that are not."""
    done, waiting = set(), set(tasks)
    while len(done) < 2:
        more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    return done, waiting


@pytest.mark.parametrize("usual", ["grpcio"], indirect=True)  # the other ends no connections for their age
async def test_a_connection_too_old_is_ended_and_its_client_goes_on_from_what_it_has(limited):
    given = 0

    async def stream(request):
        nonlocal given
        given += 1
        for number in range(1, 10_000):
            yield StreamChangesResponse(through_offset=request.after_offset + number).SerializeToString()
            await asyncio.sleep(0.01)

    options = {"connection_age_seconds": 0.2, "connection_grace_seconds": 0.2}
    changes, _ = await limited({"stream": stream}, **options)
    through = 0
    for _ in range(2):
        error = await failure(changes.StreamChanges(StreamChangesRequest(after_offset=through)), received := [])
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        offsets = [response.through_offset for response in received]
        assert offsets == list(range(through + 1, through + 1 + len(offsets)))
        through = offsets[-1]
    assert given == 2


async def test_an_error_and_the_access_log_have_the_id_that_the_caller_gave(limited):
    async def info(_request):
        raise LimitExceededError("things", "nobody", 1)

    with structlog.testing.capture_logs() as logs:
        changes, _ = await limited({"info": info}, observers=[AccessLog()])
        metadata = (("x-request-id", "mine-1"),)
        error = await failure(changes.GetChangeLogInfo(GetChangeLogInfoRequest(), metadata=metadata))
    assert detail(error, RequestInfo).request_id == "mine-1"
    assert dict(error.trailing_metadata())["x-request-id"] == "mine-1"
    (logged,) = [entry for entry in logs if entry["event"] == "call"]
    assert logged["request_id"] == "mine-1"
    assert logged["code"] == "RESOURCE_EXHAUSTED"
    assert logged["method"] == "/wikifeed.v1.ChangeService/GetChangeLogInfo"
    assert logged["caller"] == "ipv4:127.0.0.1"


async def test_the_access_log_counts_what_a_stream_sent(limited):
    async def stream(_request):
        for _ in range(3):
            yield PIECE

    with structlog.testing.capture_logs() as logs:
        changes, _ = await limited({"stream": stream}, observers=[AccessLog()])
        assert len([response async for response in changes.StreamChanges(StreamChangesRequest())]) == 3
        await changes.GetChangeLogInfo(GetChangeLogInfoRequest())
    streamed, asked = [entry for entry in logs if entry["event"] == "call"]
    assert (streamed["code"], streamed["messages_sent"], streamed["bytes_sent"]) == ("OK", 3, 3 * len(PIECE))
    assert (asked["code"], asked["messages_sent"]) == ("OK", 1)


@pytest.mark.parametrize("given_id", ["", "x" * 129, "two words", "tab\there", "naïve"])
def test_an_id_that_no_log_should_hold_is_replaced(given_id):
    made = request_id_of([("x-request-id", given_id)])
    assert len(made) == 16
    assert made != given_id
