"""Many keys at once: each has one outcome, however often calls are cut off."""

import asyncio

import grpc
import pytest
from live_server import CuttingProxy

from wikifeed.v1.article_service_pb2 import BatchGetArticlesRequest, BatchGetArticlesResponse
from wikifeed_client import NotFoundError, PermissionDeniedError, Reconnecting, UnavailableError

KEYS = [("enwiki", 100 + number) for number in range(20)]
ENDS = [grpc.StatusCode.UNAVAILABLE, None]


class Batches:
    """A server that answers so many keys in each call, and ends the call then."""

    def __init__(self, counts, end):
        self._counts = iter(counts)
        self._end = end
        self.asked = []

    def methods(self):
        handler = grpc.unary_stream_rpc_method_handler(
            self._answer, BatchGetArticlesRequest.FromString, BatchGetArticlesResponse.SerializeToString
        )
        return {"BatchGetArticles": handler}

    async def _answer(self, request, context):
        self.asked.append(len(request.keys))
        for index, key in enumerate(request.keys[: next(self._counts)]):
            yield BatchGetArticlesResponse(outcomes=[outcome(index, key.page_id)])
        if self._end is not None:
            await context.abort(self._end, "gone")


def outcome(index, page_id):
    if page_id % 2:
        return {"index": index, "error": {"code": 5, "message": "nothing there"}}
    return {"index": index, "article": {"identifier": page_id}}


async def batch(client):
    return [outcome async for outcome in client.batch_get(KEYS)]


@pytest.mark.parametrize("end", ENDS)
async def test_what_a_cut_left_unanswered_is_asked_for_again(made_up, connect, end):
    server = Batches([7, 0, 1, 0, 30], end)
    client = await connect(await made_up("ArticleService", server.methods()))
    outcomes = await batch(client)
    assert [each.key for each in outcomes] == KEYS
    assert [each.article.identifier for each in outcomes if each.article] == list(range(100, 120, 2))
    assert all(isinstance(each.error, NotFoundError) for each in outcomes if each.article is None)
    assert server.asked == [20, 13, 13, 12, 12]


async def test_a_connection_that_is_cut_leaves_nothing_out_and_brings_nothing_twice(feed, server, connect):
    feed.publish_many([feed.write(f"Page {page_id}", page_id, text="x" * 30_000) for _, page_id in KEYS])
    async with CuttingProxy(server.address, iter([150_000, 90_000, 200_000])) as proxy:
        client = await connect(proxy.address)
        assert [each.article.identifier for each in await batch(client)] == [page_id for _, page_id in KEYS]
        assert proxy.cut_off == 3


async def test_four_calls_in_a_row_that_bring_nothing_are_an_error(made_up, connect):
    server = Batches([5, 0, 0, 0, 20], grpc.StatusCode.UNAVAILABLE)
    client = await connect(await made_up("ArticleService", server.methods()))
    with pytest.raises(UnavailableError):
        await batch(client)
    assert server.asked == [20, 15, 15, 15]


async def test_what_does_not_pass_is_not_tried_again(made_up, connect):
    server = Batches([5, 20], grpc.StatusCode.PERMISSION_DENIED)
    client = await connect(await made_up("ArticleService", server.methods()))
    with pytest.raises(PermissionDeniedError):
        await batch(client)
    assert server.asked == [20]


async def test_a_server_that_falls_silent_is_asked_again(made_up, connect):
    asked = []

    async def answer(request, context):
        asked.append(len(request.keys))
        if len(asked) == 1:
            yield BatchGetArticlesResponse(outcomes=[outcome(0, 100)])
            await asyncio.Event().wait()
        for index, key in enumerate(request.keys):
            yield BatchGetArticlesResponse(outcomes=[outcome(index, key.page_id)])

    handler = grpc.unary_stream_rpc_method_handler(
        answer, BatchGetArticlesRequest.FromString, BatchGetArticlesResponse.SerializeToString
    )
    address = await made_up("ArticleService", {"BatchGetArticles": handler})
    client = await connect(address, reconnecting=Reconnecting(silence_seconds=0.2))
    assert [each.key for each in await batch(client)] == KEYS
    assert asked == [20, 19]
