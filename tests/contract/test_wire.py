"""The joins of contract.wire against protobuf's own encoder and parser."""

import pytest
from google.protobuf.wrappers_pb2 import BytesValue, UInt64Value
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleResponse
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotResponse
from wikifeed_server.contract.wire import fixed32_tag, length_field, length_tag, varint, varint_field, varint_tag


@given(st.integers(0, 2**64 - 1))
def test_varint_field_is_what_protobuf_writes(value):
    assert varint_field(1, value) == UInt64Value(value=value).SerializeToString()


@given(st.binary(min_size=1, max_size=300))
def test_length_field_is_what_protobuf_writes(content):
    assert length_field(1, content) == BytesValue(value=content).SerializeToString()


@pytest.mark.parametrize("value", [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 2**63, 2**64 - 1])
def test_varint_reads_back(value):
    data = varint_tag(1) + varint(value)
    assert UInt64Value.FromString(data).value == value


def test_zero_is_left_out():
    assert varint_field(3, 0) == b""


def test_fixed32_tag_makes_a_field():
    data = fixed32_tag(3) + (0xDEADBEEF).to_bytes(4, "little")
    assert ExportSnapshotResponse.FromString(data).crc32c == 0xDEADBEEF


@given(st.text(), st.integers(1, 2**63 - 1), st.text(), st.lists(st.text(), max_size=5))
def test_joined_pieces_of_a_message_parse_as_their_merge(name, identifier, html, categories):
    pieces = [
        Article(name="overwritten", identifier=identifier),
        Article(name=name or "x", categories=[{"name": category} for category in categories]),
        Article(article_body={"html": html}),
        Article(article_body={"wikitext": "== A =="}, categories=[{"name": "last"}]),
    ]
    merged = Article()
    for piece in pieces:
        merged.MergeFrom(piece)
    assert Article.FromString(b"".join(piece.SerializeToString() for piece in pieces)) == merged


def test_a_message_field_may_come_in_pieces_behind_one_length():
    pieces = [Article(name="Ada").SerializeToString(), Article(identifier=7).SerializeToString()]
    data = b"".join((length_tag(1), varint(sum(map(len, pieces))), *pieces))
    assert GetArticleResponse.FromString(data).article == Article(name="Ada", identifier=7)
