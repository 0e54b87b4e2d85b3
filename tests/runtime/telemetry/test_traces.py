"""Traces of calls, as a collector gets them over OTLP/HTTP."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_collector import SPAN, TRACE, TRACED, UNTRACED, attributes, collecting

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.runtime.telemetry import traces
from wikifeed_server.runtime.telemetry.traces import Parent, parse_traceparent, traced_calls
from wikifeed_server.transport.observing import CallEnd

GET = "/wikifeed.v1.ArticleService/GetArticle"


def call(method=GET, code="OK", seconds=0.25, traceparent=""):
    known = {"messages_sent": 3, "bytes_sent": 5000, "caller": "192.0.2.7", "request_id": "r-1"}
    known |= {"method": method, "code": code, "seconds": seconds, "traceparent": traceparent}
    return CallEnd(**known)


async def spans_of(*calls, share=1.0):
    """The spans that a collector got by the time that a worker has ended, after these calls."""
    async with collecting() as (collector, address):
        async with traced_calls(TelemetrySettings(traces=address, traced_share=share)) as observer:
            for each in calls:
                observer.call_began(each.method)
                observer.call_ended(each)
        return collector.spans()


async def test_a_call_is_a_span_of_the_server():
    async with collecting() as (collector, address):
        async with traced_calls(TelemetrySettings(traces=address, traced_share=1.0)) as observer:
            observer.call_ended(call())
        (span,) = collector.spans()
        (resource,) = collector.resources()

    assert span.name == "wikifeed.v1.ArticleService/GetArticle"
    assert span.kind == Span.SPAN_KIND_SERVER
    assert span.end_time_unix_nano - span.start_time_unix_nano == 250_000_000
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert not span.parent_span_id
    assert attributes(span) == {
        "rpc.system.name": "grpc",
        "rpc.method": "wikifeed.v1.ArticleService/GetArticle",
        "rpc.response.status_code": "OK",
        "client.address": "192.0.2.7",
        "wikifeed.messages_sent": 3,
        "wikifeed.bytes_sent": 5000,
        "wikifeed.request_id": "r-1",
    }
    assert resource["service.name"] == "wikifeed"


async def test_a_caller_s_decision_counts_and_its_span_is_the_parent():
    (span,) = await spans_of(call(traceparent=TRACED), call(traceparent=UNTRACED), share=0.0)
    assert span.trace_id.hex() == TRACE
    assert span.parent_span_id.hex() == SPAN
    assert await spans_of(call(traceparent=UNTRACED), share=1.0) == []


async def test_a_share_of_other_calls_is_traced():
    assert await spans_of(*[call()] * 50, share=0.0) == []
    some = await spans_of(*[call()] * 500, share=0.5)
    assert 100 < len(some) < 400
    assert len({span.trace_id for span in some}) == len(some)


async def test_health_is_not_traced():
    assert await spans_of(call("/grpc.health.v1.Health/Watch", traceparent=TRACED)) == []


@pytest.mark.parametrize(
    ("code", "is_fault"),
    [("NOT_FOUND", False), ("RESOURCE_EXHAUSTED", False), ("INTERNAL", True), ("UNAVAILABLE", True)],
)
async def test_only_what_the_server_is_to_blame_for_is_an_error(code, is_fault):
    (span,) = await spans_of(call(code=code))
    assert attributes(span)["rpc.response.status_code"] == code
    assert span.status.code == (Status.STATUS_CODE_ERROR if is_fault else Status.STATUS_CODE_UNSET)
    assert attributes(span).get("error.type") == (code if is_fault else None)


async def test_a_collector_that_hangs_does_not_hold_up_the_end():
    async with collecting() as (collector, address):
        collector.release.clear()
        async with traced_calls(TelemetrySettings(traces=address, traced_share=1.0)) as observer:
            observer.call_ended(call())
        # It has been asked and has not answered, and here the worker goes on to its end.
        assert collector.asked.is_set()
        assert not collector.release.is_set()
        collector.release.set()


async def test_missing_packages_are_named(monkeypatch):
    def find_none(package):
        raise ModuleNotFoundError(package)

    monkeypatch.setattr(traces, "find_spec", find_none)
    with pytest.raises(ConfigError, match="pip install opentelemetry-sdk opentelemetry-exporter"):
        async with traced_calls(TelemetrySettings(traces="http://localhost:4318/v1/traces")):
            pass


def test_nothing_is_loaded_where_traces_are_not_asked_for():
    code = "import sys, wikifeed_server.runtime.telemetry.control; print('opentelemetry' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed == "False\n"


@given(st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1), st.integers(0, 255))
def test_a_traceparent_is_read(trace_id, span_id, flags):
    assert parse_traceparent(f"00-{trace_id:032x}-{span_id:016x}-{flags:02x}") == Parent(trace_id, span_id, flags)
    assert parse_traceparent(f"cc-{trace_id:032x}-{span_id:016x}-{flags:02x}-more") == Parent(trace_id, span_id, flags)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01x",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_what_is_no_traceparent_is_passed_over(text):
    assert parse_traceparent(text) is None


@given(st.text())
def test_any_text_may_come_as_a_traceparent(text):
    assert parse_traceparent(text) is None
