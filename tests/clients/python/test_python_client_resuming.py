"""What the stream's core decides, against a model of the log: no server, no clock."""

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_client import CursorExpiredError, Reconnecting, UnavailableError, WikifeedError
from wikifeed_client._reconnecting import is_passing
from wikifeed_client._resuming import Resumption

GONE = UnavailableError("gone", grpc.StatusCode.UNAVAILABLE)
STEADY = Reconnecting(jitter=lambda: 0.0)


class ModelLog:
    """A log of which each offset passes the filter or does not, read by calls that end when they are told to."""

    def __init__(self, passes):
        self._passes = passes
        self._at = 0

    def open(self, request):
        assert request.HasField("after_offset")
        self._at = request.after_offset

    def respond(self, size, repeated):
        """The next offsets, and before them some that were sent already, as a server may that is wrong."""
        first = max(self._at - repeated, 0)
        self._at = min(self._at + size, len(self._passes))
        offsets = [offset for offset in range(first + 1, self._at + 1) if self._passes[offset - 1]]
        return StreamChangesResponse(changes=[Change(offset=each) for each in offsets], through_offset=self._at)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("respond"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.sampled_from(["fail", "fall silent", "end"]), st.just(0), st.just(0)),
    )
)


@given(passes=st.lists(st.booleans(), max_size=30), steps=STEPS, by_batch=st.booleans(), start=st.integers(0, 30))
def test_each_change_that_passes_comes_once_and_in_order(passes, steps, by_batch, start):
    start = min(start, len(passes))
    log, core = ModelLog(passes), Resumption(StreamChangesRequest(after_offset=start), STEADY)
    seen = []

    def drain():
        """Take what there is, as a caller that asks for the next item until it has to wait."""
        handled_before = core.handled
        if by_batch:
            while (batch := core.next_batch()) is not None:
                seen.extend(change.offset for change in batch.changes)
        else:
            while (change := core.next_change()) is not None:
                seen.append(change.offset)
                assert core.handled is None or core.handled < change.offset
        assert handled_before is None or core.handled >= handled_before

    drain()
    log.open(core.request())
    for step, size, repeated in [*steps, ("respond", len(passes), 0)]:
        match step:
            case "respond":
                core.received(log.respond(size, repeated))
                drain()
            case "fail":
                assert core.failed(GONE) > 0
            case "fall silent":
                assert core.silent() > 0
            case "end":
                assert core.ended() > 0
        if step != "respond":
            log.open(core.request())
    assert seen == [offset for offset, passing in enumerate(passes, 1) if passing and offset > start]
    assert core.handled == max(len(passes), start)


@given(offsets=st.lists(st.integers(1, 50), min_size=1, unique=True).map(sorted), taken=st.integers(0, 50))
def test_a_crash_between_items_repeats_only_the_item_in_hand(offsets, taken):
    core = Resumption(StreamChangesRequest(after_offset=0), STEADY)
    core.received(StreamChangesResponse(changes=[Change(offset=each) for each in offsets], through_offset=60))
    taken = min(taken, len(offsets))
    for _ in range(taken):
        core.next_change()
    resumed_after = core.handled or 0
    again = [offset for offset in offsets[:taken] if offset > resumed_after]
    assert again == offsets[taken - 1 : taken] if taken else again == []


def test_waits_double_to_their_bound_and_begin_anew_when_something_came():
    core = Resumption(StreamChangesRequest(after_offset=0), STEADY)
    assert [core.failed(GONE) for _ in range(9)] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    core.received(StreamChangesResponse(through_offset=1))
    assert core.silent() == 0.1


@given(jitter=st.floats(0, 1))
def test_jitter_shortens_a_wait_by_half_at_most(jitter):
    core = Resumption(StreamChangesRequest(), Reconnecting(jitter=lambda: jitter))
    assert 0.05 <= core.failed(GONE) <= 0.1


def test_a_stream_that_never_heard_of_the_log_asks_as_it_did_first():
    core = Resumption(StreamChangesRequest(position="START_POSITION_OLDEST"), STEADY)
    core.failed(GONE)
    assert core.request().WhichOneof("start") == "position"


def failure(code, message="", reason=""):
    return WikifeedError(message, code, reason)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (GONE, True),
        (failure(grpc.StatusCode.RESOURCE_EXHAUSTED, reason="SUBSCRIBER_STALLED"), True),
        (failure(grpc.StatusCode.RESOURCE_EXHAUSTED, reason="ACKNOWLEDGEMENT_OVERDUE"), True),
        (failure(grpc.StatusCode.RESOURCE_EXHAUSTED, reason="QUOTA_EXCEEDED"), False),
        (failure(grpc.StatusCode.INTERNAL, "Received RST_STREAM with error code 2"), True),
        (failure(grpc.StatusCode.CANCELLED, "Received RST_STREAM with error code 8"), True),
        (failure(grpc.StatusCode.CANCELLED, "CANCELLED"), True),
        (failure(grpc.StatusCode.CANCELLED, "Channel closed!"), False),
        (failure(grpc.StatusCode.INTERNAL, "RST_STREAM", "INTERNAL"), False),
        (failure(grpc.StatusCode.INTERNAL, "the server's own"), False),
        (CursorExpiredError("too old", grpc.StatusCode.OUT_OF_RANGE, "OFFSET_EXPIRED"), False),
    ],
)
def test_which_errors_pass(error, passes):
    assert is_passing(error) is passes
