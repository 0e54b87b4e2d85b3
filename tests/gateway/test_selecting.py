"""Fields and filters over articles as JSON."""

from functools import reduce

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.project_pb2 import Namespace
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.contract.masks import read_plan
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.queries import Filter
from wikifeed_server.gateway.selecting import Selection, selection

ARTICLE = {
    "name": "Ada Lovelace",
    "version": {"identifier": 7, "is_minor_edit": True, "editor": {"name": "Grace", "groups": ["bot"]}},
    "categories": [{"name": "Category:Mathematicians", "url": "https://a"}, {"name": "Category:People"}],
    "namespace": {"identifier": 0},
    "date_modified": "2026-01-31T00:00:00Z",
    "tables": [{"identifier": "t1", "rows": [[{"value": "a"}, {"nested_table": {"identifier": "t2"}}]]}],
    "references": [{"identifier": "r1", "metadata": {"title": "Notes"}}],
    "event": {"type": "update"},
}


def cut(*fields: str, **options) -> dict:
    return selection(Article.DESCRIPTOR, fields, **options).cut(ARTICLE)


def passes(field: str, value: object, article: dict = ARTICLE) -> bool:
    return selection(Article.DESCRIPTOR, (), (Filter(field, value),)).passes(article)


def problem(*fields: str, filters: tuple[Filter, ...] = (), strict: bool = False) -> str:
    with pytest.raises(HttpError) as raised:
        selection(Article.DESCRIPTOR, fields, filters, strict)
    assert raised.value.status == 422
    return raised.value.message


# Fields


def test_without_fields_all_of_an_object_stays():
    assert cut() == ARTICLE


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        (["name"], {"name": "Ada Lovelace"}),
        (["version.identifier"], {"version": {"identifier": 7}}),
        (["version.editor.name", "version.identifier"], {"version": {"identifier": 7, "editor": {"name": "Grace"}}}),
        (["version"], {"version": ARTICLE["version"]}),
        (["version.*"], {"version": ARTICLE["version"]}),
        (["version.identifier", "version"], {"version": ARTICLE["version"]}),
        (["version.*", "version.identifier"], {"version": ARTICLE["version"]}),
        (["categories.url"], {"categories": [{"url": "https://a"}, {}]}),
        (["references.metadata"], {"references": [{"metadata": {"title": "Notes"}}]}),
        (["tables.rows.value"], {"tables": [{"rows": [[{"value": "a"}, {}]]}]}),
        (["tables.rows.*"], {"tables": [{"rows": ARTICLE["tables"][0]["rows"]}]}),
        (["abstract", "main_entity.identifier"], {}),
    ],
)
def test_fields_keep_what_they_name(fields, left):
    assert cut(*fields) == left


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nam", "did you mean name?"),
        ("version.nam", "Revision has no field 'nam'"),
        ("name.first", "name has no fields of its own"),
        ("name.*", "ask for name"),
        ("date_modified.seconds", "date_modified has no fields of its own"),
        ("references.metadata.title", "metadata has no fields of its own"),
        ("tables.rows.cells", "TableCell has no field 'cells'"),
        ("*", "no field '*'"),
        ("version..name", "no field ''"),
        ("version.*.name", "no field '*'"),
        (".", "no field ''"),
        ("x" * 200, "x" * 64 + "..."),
    ],
)
def test_a_path_that_leads_nowhere_is_named(path, told):
    assert told in problem("name", path)
    assert problem("name", path).startswith("fields[1]: ")


def test_where_it_is_strict_an_object_is_asked_for_with_a_star():
    assert "version.*" in problem("version", strict=True)
    assert "tables.rows.*" in problem("tables.rows", strict=True)
    assert cut("version.*", "name", strict=True) == {"name": "Ada Lovelace", "version": ARTICLE["version"]}


# Filters


@pytest.mark.parametrize(
    ("field", "value", "does"),
    [
        ("name", "Ada Lovelace", True),
        ("name", "ada lovelace", False),
        ("version.identifier", 7, True),
        ("version.identifier", 7.0, True),
        ("version.identifier", "7", True),
        ("version.identifier", 8, False),
        ("version.is_minor_edit", True, True),
        ("version.is_minor_edit", "true", True),
        ("version.is_minor_edit", False, False),
        ("namespace.identifier", 0, True),
        ("date_modified", "2026-01-31T00:00:00Z", True),
        ("event.type", "update", True),
        ("event.type", "delete", False),
        # JSON leaves out what is empty, false and zero: absent is that, unless the field can tell the two apart.
        ("version.comment", "", True),
        ("version.editor.is_admin", False, True),
        ("abstract", "", True),
        ("watchers_count", 0, False),
        # Of an object that is not there nothing is known.
        ("main_entity.identifier", "", False),
        ("is_part_of.in_language.identifier", "en", False),
    ],
)
def test_a_filter_compares_one_value(field, value, does):
    assert passes(field, value) is does


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("nam", "x", "filters[0].field: 'nam': Article has no field 'nam'"),
        ("categories.name", "x", "filters[0].field: 'categories.name' is no single value"),
        ("references.metadata", "x", "filters[0].field"),
        ("version", "x", "filters[0].field"),
        ("name", 7, "filters[0].value: name is a text"),
        ("date_modified", 7, "filters[0].value: date_modified is a text"),
        ("version.identifier", "seven", "filters[0].value: identifier is a number"),
        ("version.identifier", "nan", "filters[0].value: identifier is a number"),
        ("version.identifier", True, "filters[0].value: identifier is a number"),
        ("version.identifier", "true", "filters[0].value: identifier is a number"),
        ("version.is_minor_edit", 1, "filters[0].value: is_minor_edit is true or false"),
        ("version.is_minor_edit", "yes", "filters[0].value: is_minor_edit is true or false"),
    ],
)
def test_a_filter_that_can_never_pass_is_refused(field, value, told):
    assert problem(filters=(Filter(field, value),)).startswith(told)


def test_values_that_equal_each_other_in_python_stay_apart():
    assert passes("namespace.identifier", 0)
    assert "is a number" in problem(filters=(Filter("namespace.identifier", False),))
    assert passes("version.is_minor_edit", True)
    assert "true or false" in problem(filters=(Filter("version.is_minor_edit", 1),))


def test_all_filters_must_pass_and_what_is_left_is_cut():
    other = {"name": "Grace Hopper", "namespace": {"identifier": 0}}
    filters = (Filter("namespace.identifier", 0), Filter("name", "Grace Hopper"))
    chosen = selection(Article.DESCRIPTOR, ("namespace",), filters)
    assert chosen.apply([ARTICLE, other]) == [{"namespace": {"identifier": 0}}]


# Any article


def is_row(inner: Descriptor | None) -> bool:
    return inner is not None and inner.full_name == "wikifeed.v1.TableRow"


def inside(field: FieldDescriptor) -> Descriptor | None:
    """The type whose fields stand behind a field in JSON."""
    inner = field.message_type
    if is_row(inner):
        inner = inner.fields_by_name["cells"].message_type
    is_plain = inner is None or inner.GetOptions().map_entry or inner.full_name == "google.protobuf.Timestamp"
    return None if is_plain else inner


def messages(descriptor: Descriptor, depth: int = 0) -> st.SearchStrategy[Message]:
    fields = {}
    for field in descriptor.fields:
        inner = field.message_type
        if inner is not None and (depth > 3 or inner.GetOptions().map_entry):
            continue
        value = SCALARS[field.type] if inner is None else messages(inner, depth + 1)
        fields[field.name] = st.lists(value, max_size=2) if field.is_repeated else value
    return st.fixed_dictionaries({}, optional=fields).map(lambda chosen: descriptor._concrete_class(**chosen))


SCALARS = {
    FieldDescriptor.TYPE_STRING: st.sampled_from(["", "a", "b"]),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_INT32: st.integers(0, 2),
    FieldDescriptor.TYPE_INT64: st.integers(0, 2),
    FieldDescriptor.TYPE_DOUBLE: st.sampled_from([0.0, 0.5, 1.0]),
    FieldDescriptor.TYPE_ENUM: st.integers(0, 2),
}


@st.composite
def paths(draw: st.DrawFn) -> str:
    names: list[str] = []
    at: Descriptor | None = Article.DESCRIPTOR
    while at is not None and (not names or draw(st.booleans())):
        field = draw(st.sampled_from(list(at.fields)))
        names.append(field.name)
        at = inside(field)
    return ".".join([*names, *(["*"] if at is not None and draw(st.booleans()) else [])])


def leaves(value: object, path: tuple = ()) -> dict[tuple, object]:
    """Each value that holds no other, by the names and positions that lead to it."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return reduce(dict.__or__, [leaves(inner, (*path, step)) for step, inner in steps], {}) or {path: value}


def is_asked_for(place: tuple, path: str) -> bool:
    wanted = path.removesuffix(".*").split(".")
    return [step for step in place if isinstance(step, str)][: len(wanted)] == wanted


def selected(*arguments) -> Selection | HttpError:
    try:
        return selection(*arguments)
    except HttpError as error:
        return error


def whole(value: object) -> dict[tuple, object]:
    return {place: leaf for place, leaf in leaves(value).items() if leaf not in ({}, [])}


@given(st.deferred(lambda: messages(Article.DESCRIPTOR)), st.lists(paths(), min_size=1, max_size=4))
def test_a_cut_keeps_the_leaves_asked_for_and_no_other(article, fields):
    value = message_to_object(article)
    left = selection(Article.DESCRIPTOR, tuple(fields)).cut(value)
    wanted = {place: leaf for place, leaf in whole(value).items() if any(is_asked_for(place, path) for path in fields)}
    assert whole(left) == wanted


@given(st.deferred(lambda: messages(Article.DESCRIPTOR)), st.lists(paths(), min_size=1, max_size=4))
def test_a_read_mask_brings_all_that_the_cut_needs(article, fields):
    chosen = selection(Article.DESCRIPTOR, tuple(fields))
    read_plan(FieldMask(paths=chosen.mask_paths))  # which raises where a path is none
    masked = Article()
    FieldMask(paths=chosen.mask_paths).MergeMessage(article, masked)
    assert whole(chosen.cut(message_to_object(masked))) == whole(chosen.cut(message_to_object(article)))


@given(st.lists(st.deferred(lambda: messages(Article.DESCRIPTOR)), max_size=4), paths(), st.sampled_from([0, 1, "a"]))
def test_filters_pass_what_protobuf_says_has_the_value(articles, path, wanted):
    chosen = selected(Article.DESCRIPTOR, (), (Filter(path, wanted),))
    if isinstance(chosen, HttpError):
        assert chosen.status == 422
        return
    passed = [article for article in articles if value_at(article, path.split(".")) == wanted]
    assert chosen.apply([message_to_object(each) for each in articles]) == [message_to_object(each) for each in passed]


def value_at(message: Message, names: list[str]) -> object:
    """The value of a field as the contract has it; None where an object on the way, or what has presence, is absent."""
    field = message.DESCRIPTOR.fields_by_name[names[0]]
    if field.has_presence and not message.HasField(field.name):
        return None
    value = getattr(message, field.name)
    if len(names) > 1:
        return value_at(value, names[1:])
    if field.enum_type is not None or isinstance(value, Message):
        return json_format.MessageToDict(message, preserving_proto_field_name=True).get(field.name)
    return value


@given(st.text(max_size=20), st.booleans())
def test_any_path_is_understood_or_refused(path, strict):
    chosen = selected(Namespace.DESCRIPTOR, (path,), (Filter(path, path),), strict)
    assert isinstance(chosen, Selection) or chosen.status == 422
