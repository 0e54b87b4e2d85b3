"""Cutting serialized articles along their fields."""

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from made_up_messages import messages

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.cutting import field_cutter

FIELDS = sorted(Article.DESCRIPTOR.fields_by_name)


@given(st.deferred(lambda: messages(Article.DESCRIPTOR)), st.sets(st.sampled_from(FIELDS)))
def test_what_is_cut_parses_as_the_article_without_the_other_fields(article, names):
    cut = field_cutter(names)(article.SerializeToString())
    for name in set(FIELDS) - names:
        article.ClearField(name)
    assert Article.FromString(cut) == article


def test_the_pieces_of_a_message_stay_its_merge():
    pieces = Article(version={"identifier": 7}), Article(name="Ada", version={"comment": "edit"})
    cut = field_cutter({"version"})(b"".join(piece.SerializeToString() for piece in pieces))
    assert Article.FromString(cut) == Article(version={"identifier": 7, "comment": "edit"})


def test_what_is_in_a_field_is_not_parsed():
    unparsable = b"\xff\xff"
    infobox = Article.DESCRIPTOR.fields_by_name["infoboxes"].number << 3 | 2
    data = bytes((infobox & 0x7F | 0x80, infobox >> 7, len(unparsable))) + unparsable
    assert field_cutter({"infoboxes"})(data) == data


def test_fields_that_a_newer_contract_knows_are_cut():
    newer = Article(name="Ada").SerializeToString() + b"\xfa\x7f\x01x"  # field 2047
    assert field_cutter({"name"})(newer) == Article(name="Ada").SerializeToString()


def test_what_is_no_message_is_refused():
    with pytest.raises(DecodeError):
        field_cutter({"name"})(b"\xff")
