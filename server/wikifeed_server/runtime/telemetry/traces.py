"""Traces of calls by OpenTelemetry, sent over HTTP by a thread of their own.

A span is made when its call has ended, from what is known of it then: gRPC's interceptors, by which OpenTelemetry's own
instrumentation goes, break watching health. Calls that are not traced cost the drawing of a number.
"""

import asyncio
import os
import random
import re
import socket
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from wikifeed_server import __version__
from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.transport.observing import CallEnd

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_INSTALLED = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"
_END_SECONDS = 1.5
_SAMPLED = 1  # the bit of a traceparent's flags: https://www.w3.org/TR/trace-context/#sampled-flag
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?:-.*)?"
)
# Of which codes a server is at fault: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
_FAULTS = frozenset({"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"})


class Parent(NamedTuple):
    """The span that a caller made for its side of a call."""

    trace_id: int
    span_id: int
    flags: int


def check_traces(settings: TelemetrySettings) -> None:
    """Raise ConfigError where traces are asked for and the packages that send them are missing."""
    if settings.traces and not all(_is_there(package) for package in _PACKAGES):
        raise ConfigError(
            f"telemetry.traces needs packages that are not installed: pip install {_INSTALLED}, or leave it unset",
            {"setting": "telemetry.traces"},
        )


@asynccontextmanager
async def traced_calls(settings: TelemetrySettings) -> AsyncGenerator["TracedCalls", None]:
    """A context with an observer of calls that sends traces to `settings.traces`.

    Raises ConfigError where the packages for it are missing. What is not sent within moments of its end is dropped.
    """
    check_traces(settings)
    provider = await asyncio.to_thread(_provider, settings.traces)
    try:
        yield TracedCalls(provider.get_tracer("wikifeed", __version__), settings.traced_share)
    finally:
        # A collector that hangs must not hold up the end of a worker: the thread is left behind then.
        ending = threading.Thread(target=provider.shutdown, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, _END_SECONDS)


class TracedCalls:
    """Observes calls (transport's CallObserver): `share` of those whose callers did not decide are traced."""

    def __init__(self, tracer: "Tracer", share: float) -> None:
        self._tracer = tracer
        self._share = share
        self._draw = random.Random().random  # noqa: S311 - who guesses what is traced gains nothing

    def call_began(self, method: str) -> None:
        """Nothing: all is known at the end."""

    def call_ended(self, call: CallEnd) -> None:
        """Trace the call if it is to be."""
        parent = parse_traceparent(call.traceparent) if call.traceparent else None
        is_traced = parent.flags & _SAMPLED if parent else self._draw() < self._share
        if is_traced and not call.method.startswith("/grpc."):
            self._trace(call, parent)

    def _trace(self, call: CallEnd, parent: Parent | None) -> None:
        # Only here: the package is optional.
        from opentelemetry.trace import (  # noqa: PLC0415
            NonRecordingSpan,
            SpanContext,
            SpanKind,
            Status,
            StatusCode,
            TraceFlags,
            set_span_in_context,
        )

        context = None
        if parent:
            remote = SpanContext(parent.trace_id, parent.span_id, is_remote=True, trace_flags=TraceFlags(parent.flags))
            context = set_span_in_context(NonRecordingSpan(remote))
        end = time.time_ns()
        span = self._tracer.start_span(
            call.method[1:],
            context,
            SpanKind.SERVER,
            _attributes(call),
            start_time=end - int(call.seconds * 1e9),
        )
        if call.code in _FAULTS:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)


def parse_traceparent(text: str) -> Parent | None:
    """What a caller's traceparent tells (https://www.w3.org/TR/trace-context/); None where it is not one."""
    found = _TRACEPARENT.fullmatch(text)
    if found is None:
        return None
    return Parent(int(found["trace"], 16), int(found["span"], 16), int(found["flags"], 16))


def _attributes(call: CallEnd) -> dict[str, str | int]:
    """What tells of a call, under the names of https://opentelemetry.io/docs/specs/semconv/rpc/ where it has them."""
    attributes: dict[str, str | int] = {
        "rpc.system.name": "grpc",
        "rpc.method": call.method[1:],
        "rpc.response.status_code": call.code,
        "client.address": call.caller,
        "wikifeed.messages_sent": call.messages_sent,
        "wikifeed.bytes_sent": call.bytes_sent,
        "wikifeed.request_id": call.request_id,
    }
    if call.code in _FAULTS:
        attributes["error.type"] = call.code
    return attributes


def _provider(collector: str) -> "TracerProvider":
    """What sends to a collector. The exporter heeds OpenTelemetry's environment variables, so for headers."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415

    resource = Resource.create(
        {
            "service.name": "wikifeed",
            "service.version": __version__,
            "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        }
    )
    # Which calls are traced is decided before a span is made.
    provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(collector)))
    return provider


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # the package that it is part of
        return False
