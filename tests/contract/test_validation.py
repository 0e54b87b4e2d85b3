"""The contract's rules on requests, as validation reports them."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from protovalidate import Validator

from wikifeed.v1.article_service_pb2 import ArticleKey, BatchGetArticlesRequest, GetArticleRequest, ListArticlesRequest
from wikifeed.v1.change_pb2 import EVENT_TYPE_CREATE
from wikifeed.v1.change_service_pb2 import Share, StreamChangesRequest
from wikifeed_server.contract.validation import validate
from wikifeed_server.errors import InvalidRequestError


@pytest.fixture(scope="module")
def validator():
    return Validator()


def fields(validator, request):
    with pytest.raises(InvalidRequestError) as caught:
        validate(validator, request)
    return [violation.field for violation in caught.value.violations]


@pytest.mark.parametrize(
    "request_",
    [
        GetArticleRequest(project="enwiki", title="Ada Lovelace"),
        GetArticleRequest(project="zh-min-nan_wiki", page_id=2**63 - 1, revision_id=1),
        BatchGetArticlesRequest(keys=[ArticleKey(project="enwiki", page_id=1)]),
        ListArticlesRequest(project="enwiki", page_size=1000),
        StreamChangesRequest(after_offset=2**64 - 1, until_offset=2**64 - 1),
        StreamChangesRequest(share=Share(index=1023, count=1024), event_types=[EVENT_TYPE_CREATE]),
        StreamChangesRequest(no_body=True),
    ],
)
def test_good_requests_pass(validator, request_):
    validate(validator, request_)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (GetArticleRequest(title="Ada"), "project"),
        (GetArticleRequest(project="en wiki", title="Ada"), "project"),
        (GetArticleRequest(project="enwiki"), "key"),
        (GetArticleRequest(project="enwiki", title=""), "title"),
        (GetArticleRequest(project="enwiki", title="é" * 513), "title"),
        (GetArticleRequest(project="enwiki", page_id=0), "page_id"),
        (GetArticleRequest(project="enwiki", page_id=1, revision_id=-1), "revision_id"),
        (GetArticleRequest(project="enwiki", page_id=1, read_mask=FieldMask(paths=["name"] * 256)), "read_mask"),
        (BatchGetArticlesRequest(), "keys"),
        (ListArticlesRequest(project="enwiki", page_size=1001), "page_size"),
        (StreamChangesRequest(share=Share(index=2, count=2)), "share"),
        (StreamChangesRequest(share=Share(index=0, count=0)), "share.count"),
        (StreamChangesRequest(event_types=[1, 0]), "event_types[1]"),
        (StreamChangesRequest(no_body=True, read_mask=FieldMask(paths=["name"])), ""),
        (StreamChangesRequest(max_batch_size=1001), "max_batch_size"),
        (StreamChangesRequest(position=9), "position"),
    ],
)
def test_a_broken_rule_is_named_by_its_field(validator, request_, field):
    assert field in fields(validator, request_)


def test_fields_of_lists_are_named_with_their_place(validator):
    request = BatchGetArticlesRequest(keys=[ArticleKey(project="x", page_id=1), ArticleKey(project="x", page_id=-1)])
    assert fields(validator, request) == ["keys[1].page_id"]


def test_an_id_of_two_to_the_63rd_is_refused(validator):
    # A writer without sign puts 2**63 on the wire; int64 reads it as a negative number.
    data = GetArticleRequest(project="enwiki").SerializeToString() + b"\x18" + b"\x80" * 9 + b"\x01"
    assert fields(validator, GetArticleRequest.FromString(data)) == ["page_id"]


def test_a_request_that_breaks_a_rule_thousands_of_times_gets_a_short_answer(validator):
    request = BatchGetArticlesRequest(keys=[ArticleKey(project="?", page_id=1)] * 10000)
    assert len(fields(validator, request)) == 16
