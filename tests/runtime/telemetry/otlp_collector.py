"""A tiny OpenTelemetry collector, and what callers send of their traces."""

import asyncio
import gzip
from contextlib import asynccontextmanager

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACED, UNTRACED = f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00"


class Collector:
    """Receives spans by OTLP over HTTP. `release`, where it is not set, lets exporters wait."""

    def __init__(self):
        self.requests = []
        self.asked = asyncio.Event()
        self.release = asyncio.Event()
        self.release.set()

    async def receive(self, request):
        data = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        self.requests.append(ExportTraceServiceRequest.FromString(data))
        self.asked.set()
        await self.release.wait()
        return web.Response(content_type="application/x-protobuf")

    def resources(self):
        return [
            {attribute.key: attribute.value.string_value for attribute in spans.resource.attributes}
            for request in self.requests
            for spans in request.resource_spans
        ]

    def spans(self):
        return [
            span
            for request in self.requests
            for of_resource in request.resource_spans
            for of_scope in of_resource.scope_spans
            for span in of_scope.spans
        ]


@asynccontextmanager
async def collecting():
    collector = Collector()
    application = web.Application()
    application.router.add_post("/v1/traces", collector.receive)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield collector, f"http://127.0.0.1:{runner.addresses[0][1]}/v1/traces"
    finally:
        await runner.cleanup()


def attributes(span):
    return {
        each.key: each.value.string_value if each.value.HasField("string_value") else each.value.int_value
        for each in span.attributes
    }
