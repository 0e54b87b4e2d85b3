"""Calls over a real connection, as metrics and traces hear of them."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import grpc
import pytest
from counted_files import read
from otlp_collector import SPAN, TRACE, TRACED, attributes, collecting

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.runtime.telemetry.metrics import CallMetrics, StoreMetrics
from wikifeed_server.runtime.telemetry.tallies import TallyFiles
from wikifeed_server.runtime.telemetry.timed_reader import TimedReader
from wikifeed_server.runtime.telemetry.traces import traced_calls
from wikifeed_server.services.article import ArticleService
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

GET = "/wikifeed.v1.ArticleService/GetArticle"
STREAM = "/wikifeed.v1.ChangeService/StreamChanges"


class EndlessChanges:
    """A ChangeService all of whose methods send one message and never end."""

    def __getattr__(self, name):
        async def answer(request):
            yield StreamChangesResponse(through_offset=3).SerializeToString()
            await asyncio.Event().wait()

        return answer


@asynccontextmanager
async def serving(store, *observers):
    """A channel to an observed server, which has ended at the end of the context."""
    reader = EmbeddedReader.open(store, 1 << 20)
    timed = TimedReader(reader, StoreMetrics())
    stopping = asyncio.Event()
    services = {
        "wikifeed.v1.ArticleService": ArticleService(timed),
        "wikifeed.v1.ChangeService": EndlessChanges(),
    }
    server = await start_server(services, ["127.0.0.1:0"], ServerOptions(), stopping, observers=observers)
    async with grpc.aio.insecure_channel(server.addresses[0]) as channel:
        yield channel
    await server.stop(1.0)
    await reader.close()


async def test_metrics_of_a_server(store, tmp_path):
    metrics = CallMetrics()
    async with serving(store, metrics) as channel:
        articles = ArticleServiceStub(channel)
        for _ in range(3):
            got = await articles.GetArticle(GetArticleRequest(project="enwiki", title="Page 1"))
        with pytest.raises(grpc.aio.AioRpcError):
            await articles.GetArticle(GetArticleRequest(project="enwiki", title="Page 9"))
        stream = ChangeServiceStub(channel).StreamChanges(StreamChangesRequest(after_offset=0, no_body=True))
        first = await stream.read()
        assert metrics.in_flight() == {GET: 0, STREAM: 1}
        stream.cancel()
    assert metrics.in_flight() == {GET: 0, STREAM: 0}

    files = TallyFiles(tmp_path)
    metrics.write(files)
    files.close()

    found = read(tmp_path)
    assert found["wikifeed_rpc_calls_total", "OK", GET] == 3
    assert found["wikifeed_rpc_calls_total", "NOT_FOUND", GET] == 1
    assert found["wikifeed_rpc_calls_total", "CANCELLED", STREAM] == 1
    assert found["wikifeed_rpc_sent_messages_total", GET] == 3
    assert found["wikifeed_rpc_sent_bytes_total", GET] == 3 * got.ByteSize()
    assert found["wikifeed_rpc_sent_bytes_total", STREAM] == first.ByteSize()
    assert found["wikifeed_rpc_seconds_count", GET] == 4


async def test_traces_of_a_server(store):
    settings = TelemetrySettings(traced_share=0.0)
    async with collecting() as (collector, address):
        async with traced_calls(replace(settings, traces=address)) as observer, serving(store, observer) as channel:
            articles = ArticleServiceStub(channel)
            request = GetArticleRequest(project="enwiki", title="Page 1")
            await articles.GetArticle(request)
            await articles.GetArticle(request, metadata=[("traceparent", TRACED), ("x-request-id", "mine")])
        (span,) = collector.spans()
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, SPAN)
    assert "127.0.0.1" in attributes(span)["client.address"]
    assert attributes(span)["wikifeed.request_id"] == "mine"
