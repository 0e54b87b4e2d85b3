"""Servers that are newer or older than the client."""

import grpc
import pytest
from google.protobuf.unknown_fields import UnknownFieldSet

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed_client import VERSION, SqliteSink, WikifeedError
from wikifeed_client.mirror import Put

# Field 5000, a string, which no article has today, behind the name.
NEWER = Article(name="Ada", identifier=7).SerializeToString() + b"\xc2\xb8\x02\x06future"
CALLS = {
    "ArticleService": lambda client: client.get("enwiki", "Ada"),
    "BatchService": lambda client: anext(aiter(client.batches())),
    "ChangeService": lambda client: anext(aiter(client.changes())),
    "AccountService": lambda client: client.account(),
}


def unknown(article):
    return [(field.field_number, field.data) for field in UnknownFieldSet(article)]


async def test_fields_that_the_client_does_not_know_survive(made_up, connect, tmp_path):
    async def answer(request, context):
        return b"\x0a" + bytes([len(NEWER)]) + NEWER  # GetArticleResponse.article

    handler = grpc.unary_unary_rpc_method_handler(answer, GetArticleRequest.FromString, bytes)
    client = await connect(await made_up("ArticleService", {"GetArticle": handler}))
    article = await client.get("enwiki", "Ada")
    assert unknown(article) == [(5000, b"future")]
    with SqliteSink(tmp_path / "mirror.db") as sink:
        sink.write([Put(article, 1)], 1)
        assert unknown(sink.get(7)) == [(5000, b"future")]


@pytest.mark.parametrize("service", CALLS)
async def test_a_call_that_an_older_server_does_not_know_is_told_as_such(made_up, connect, service):
    client = await connect(await made_up(service, {}))
    with pytest.raises(WikifeedError) as caught:
        await CALLS[service](client)
    assert caught.value.code is grpc.StatusCode.UNIMPLEMENTED
    assert f"it is older than this client ({VERSION})" in caught.value.message
