"""The contract's articles as Enterprise's JSON, and back."""

import base64
import gzip
import math
import os
from pathlib import Path

import orjson
import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from made_up_messages import FIRST_YEAR, LAST_YEAR, messages

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.change_pb2 import EVENT_TYPE_VISIBILITY_CHANGE, Change
from wikifeed.v1.revision_pb2 import Delta, Diff, Revision, Scores
from wikifeed.v1.snapshot_pb2 import Chunk, Snapshot
from wikifeed_server.contract.json import (
    JsonError,
    article_bytes_to_json,
    article_from_json,
    article_to_json,
    message_to_object,
)
from wikifeed_server.contract.wire import length_field, varint_field


@pytest.fixture(scope="module")
def enterprise_articles() -> list[bytes]:
    """Articles as Wikimedia Enterprise sent them."""
    folder = Path(os.environ.get("WIKIFEED_SHARED", Path(__file__).parents[2] / "../shared")) / "data/enterprise"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real articles are not at {folder}: set WIKIFEED_SHARED")
        pytest.skip(f"no real articles at {folder}")
    return [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*.json.gz"))]


def test_enterprises_own_articles_come_back_as_they_were(enterprise_articles):
    assert enterprise_articles
    for data in enterprise_articles:
        stored = article_from_json(data).SerializeToString()
        assert orjson.loads(article_bytes_to_json(stored)) == orjson.loads(data)


# Any article

articles = st.deferred(lambda: messages(Article.DESCRIPTOR))


@given(articles)
def test_every_article_survives_the_way_there_and_back(article):
    assert article_from_json(article_to_json(article)) == article


@given(st.lists(articles, min_size=1, max_size=3))
def test_joined_fragments_are_written_on_one_line_as_their_merge(fragments):
    whole = Article()
    for fragment in fragments:
        whole.MergeFrom(fragment)
    data = b"".join(fragment.SerializeToString() for fragment in fragments)
    line = article_bytes_to_json(data)
    assert orjson.loads(line) == message_to_object(whole)
    assert b"\n" not in line


@given(articles)
def test_fields_of_a_newer_contract_are_left_out(article):
    newer = varint_field(999, 1) + length_field(1000, b"new")
    data = newer + article.SerializeToString() + length_field(Article.VERSION_FIELD_NUMBER, newer) + newer
    article.version.SetInParent()
    assert orjson.loads(article_bytes_to_json(data)) == message_to_object(article)


@pytest.mark.parametrize("data", [b"\xff", b"\x0a\x05name", b"\x0a\x01\xff", length_field(16, b"\x0a\x01\xff")])
def test_bytes_that_are_no_article_are_refused(data):
    with pytest.raises(DecodeError):
        article_bytes_to_json(data)


@pytest.mark.parametrize("message_type", [Article, Change, Snapshot, Chunk, Batch])
@given(data=st.data())
def test_it_says_what_protobufs_own_json_says_but_for_the_documented_differences(message_type, data):
    message = data.draw(messages(message_type.DESCRIPTOR))
    theirs = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert without_zeros(message_to_object(message), message.DESCRIPTOR) == as_enterprise(theirs, message.DESCRIPTOR)


EVENT_WORDS = {
    "EVENT_TYPE_CREATE": "create",
    "EVENT_TYPE_UPDATE": "update",
    "EVENT_TYPE_DELETE": "delete",
    "EVENT_TYPE_VISIBILITY_CHANGE": "visibility-change",
}


def as_enterprise(value: dict, descriptor) -> dict:
    """protobuf's JSON with int64 as numbers, Enterprise's words, times to the digits that matter, and rows as lists."""
    if descriptor.full_name == "wikifeed.v1.TableRow":
        return [as_enterprise(cell, descriptor.fields_by_name["cells"].message_type) for cell in value.get("cells", [])]
    out = {}
    for name, content in value.items():
        field = descriptor.fields_by_name[name]
        convert = lambda item, field=field: as_enterprise_value(item, field)  # noqa: E731 - one line, used twice
        out[name] = [convert(item) for item in content] if isinstance(content, list) else convert(content)
    return out


def as_enterprise_value(value, field: FieldDescriptor):
    if field.type in {FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64}:
        return int(value)
    if field.enum_type is not None:
        return EVENT_WORDS.get(value, value)
    if field.message_type is None or field.message_type.GetOptions().map_entry:
        return value
    if field.message_type.full_name == "google.protobuf.Timestamp":
        whole, point, fraction = value.removesuffix("Z").partition(".")
        return f"{whole}{point}{fraction.rstrip('0')}Z"
    return as_enterprise(value, field.message_type)


def without_zeros(value, descriptor):
    """Without the zeros that Enterprise writes and protobuf does not; fields with presence keep theirs."""
    if not isinstance(value, dict):
        return [without_zeros(item, descriptor.fields_by_name["cells"].message_type) for item in value]
    out = {}
    for name, content in value.items():
        field = descriptor.fields_by_name[name]
        child = field.message_type
        if child is None and not field.has_presence and not content:
            continue
        if child is None or isinstance(content, str) or child.GetOptions().map_entry:
            out[name] = content
        elif field.is_repeated:
            out[name] = [without_zeros(item, child) for item in content]
        else:
            out[name] = without_zeros(content, child)
    return out


# What Enterprise does


def written(**fields) -> dict:
    return orjson.loads(article_to_json(Article(**fields)))


def test_empty_fields_are_left_out_and_present_empty_messages_are_not():
    assert written(name="", categories=[], version=Revision(maintenance_tags={})) == {
        "version": {"maintenance_tags": {}}
    }


def test_fields_that_enterprise_always_writes_are_written_with_their_message():
    delta = {"increase": 0, "decrease": 0, "sum": 0, "proportional_increase": 0, "proportional_decrease": 0}
    version = Revision(
        diff=Diff(dictionary_words=Delta()), scores=Scores(referencerisk={}, referenceneed={"reference_need_score": 0})
    )
    assert written(namespace={}, visibility={"text": True}, version=version) == {
        "namespace": {"identifier": 0},
        "visibility": {"text": True, "editor": False, "comment": False},
        "version": {
            "diff": {"dictionary_words": delta},
            "scores": {"referencerisk": {"reference_risk_score": 0}, "referenceneed": {"reference_need_score": 0}},
        },
    }


def test_zero_is_written_where_absent_means_something_else():
    assert written(watchers_count=0, event={"partition": 0}) == {"watchers_count": 0, "event": {"partition": 0}}


def test_whole_numbers_have_no_point():
    assert b'{"value":230521,' in article_to_json(Article(version={"size": {"value": 230521.0, "unit_text": "B"}}))
    assert b'"value":0.001' in article_to_json(Article(version={"size": {"value": 0.001}}))


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (Timestamp(seconds=1738190740, nanos=180_640_000), "2025-01-29T22:45:40.18064Z"),
        (Timestamp(seconds=1738190740), "2025-01-29T22:45:40Z"),
        (Timestamp(), "1970-01-01T00:00:00Z"),
        (Timestamp(seconds=-1, nanos=500_000_000), "1969-12-31T23:59:59.5Z"),
        (Timestamp(seconds=FIRST_YEAR), "0001-01-01T00:00:00Z"),
        (Timestamp(seconds=LAST_YEAR, nanos=999_999_000), "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_times_have_the_fraction_that_is_there(time, text):
    assert written(date_modified=time) == {"date_modified": text}
    assert article_from_json(orjson.dumps({"date_modified": text})).date_modified == time


def test_times_of_other_zones_become_utc():
    article = article_from_json('{"date_modified": "2025-01-29T23:45:40+01:00"}')
    assert article.date_modified.ToJsonString() == "2025-01-29T22:45:40Z"


def test_a_tables_rows_are_lists_of_cells():
    data = {"tables": [{"headers": [[{"value": "a"}], []], "rows": [[{"nested_table": {"rows": [[{}]]}}]]}]}
    article = article_from_json(orjson.dumps(data))
    assert article.tables[0].headers[0].cells[0].value == "a"
    assert orjson.loads(article_to_json(article)) == data


def test_event_types_are_enterprises_words_and_other_enums_their_names():
    change = Change(
        event_type=EVENT_TYPE_VISIBILITY_CHANGE, article=Article(extraction=Extraction(state=Extraction.STATE_FAILED))
    )
    assert message_to_object(change) == {
        "event_type": "visibility-change",
        "article": {"extraction": {"state": "STATE_FAILED"}},
    }


def test_a_number_that_an_enum_of_a_newer_contract_has_stays_a_number():
    assert message_to_object(Change(event_type=77)) == {"event_type": 77}


def test_unknown_fields_and_nulls_are_dropped():
    assert article_from_json('{"name": "A", "new_thing": [1], "version": null}') == Article(name="A")


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        (b'{"name": "A"', "", "not valid JSON"),
        (b"[]", "", "expected an object, found []"),
        (b'{"name": "\\ud800"}', "", "not valid JSON"),
        (b'{"name": 5}', "name", "expected a text, found 5"),
        (b'{"identifier": "5"}', "identifier", 'expected a whole number, found "5"'),
        (b'{"identifier": 1.5}', "identifier", "expected a whole number"),
        (b'{"identifier": true}', "identifier", "expected a whole number"),
        (b'{"identifier": 9223372036854775808}', "identifier", "from -9223372036854775808 to 9223372036854775807"),
        (b'{"categories": {}}', "categories", "expected a list"),
        (b'{"categories": [{"name": "a"}, {"name": []}]}', "categories[1].name", "expected a text"),
        (b'{"categories": [null]}', "categories[0]", "expected an object"),
        (b'{"version": {"is_minor_edit": 1}}', "version.is_minor_edit", "expected true or false"),
        (b'{"version": {"size": {"value": "1"}}}', "version.size.value", "expected a number"),
        (b'{"version": {"tags": ["a", 1]}}', "version.tags[1]", "expected a text"),
        (b'{"date_created": "yesterday"}', "date_created", "RFC 3339"),
        (b'{"date_created": "2025-01-29"}', "date_created", "RFC 3339"),
        (b'{"date_created": "2025-01-29T22:45:40"}', "date_created", "RFC 3339"),
        (b'{"date_created": "0001-01-01T00:00:00+01:00"}', "date_created", "RFC 3339"),
        (b'{"date_created": 1738190740}', "date_created", "RFC 3339"),
        (b'{"tables": [{"rows": [[], [{"value": 1}]]}]}', "tables[0].rows[1][0].value", "expected a text"),
        (b'{"references": [{"metadata": {"pages": 7}}]}', "references[0].metadata.pages", "expected a text"),
        (b'{"extraction": {"state": "BAD"}}', "extraction.state", "expected one of STATE_UNSPECIFIED"),
    ],
)
def test_an_error_names_the_field_and_what_is_wrong(data, path, problem):
    with pytest.raises(JsonError) as caught:
        article_from_json(data)
    assert caught.value.path == path
    assert problem in caught.value.problem


def test_sections_nested_too_deep_to_be_read_again_are_refused():
    def nested(levels: int) -> bytes:
        return b'{"sections": ' + b'[{"has_parts": ' * levels + b"[]" + b"}]" * levels + b"}"

    Article.FromString(article_from_json(nested(85)).SerializeToString())
    with pytest.raises(JsonError, match="nested deeper than 90 levels"):
        article_from_json(nested(300))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=5,
    )
)
def test_junk_in_a_field_is_an_error_or_a_value_but_nothing_else(junk):
    try:
        data = orjson.dumps(dict.fromkeys(("name", "version", "tables", "date_created", "identifier"), junk))
        article_from_json(data)
    except (JsonError, orjson.JSONEncodeError):
        return


@given(st.binary(max_size=40))
def test_junk_bytes_are_an_error(junk):
    with pytest.raises(JsonError):
        article_from_json(b"{" + base64.b64encode(junk))


def test_numbers_that_json_has_not_are_null():
    assert written(version={"size": {"value": math.inf}}) == {"version": {"size": {"value": None}}}
