"""The contract's articles as Arrow columns, nested as the messages are, made from the descriptors.

Promises:

1. A column has the field's name. int64 becomes int64, text string, a time timestamp[us, UTC], a message a struct, a
   repeated field a list; a table's row is the list of its cells, as in JSON; a map is a list of structs of `key` and
   `value`, in the order of the keys, which more readers know than Arrow's own map.
2. A list is never null. Of the rest, what JSON leaves out is null.
3. Messages that hold themselves are nested to the LEVELS of the field that leads to them. What is deeper stands, in
   the form of `contract.json`, as text in a column `{name}_json` at the deepest level: nothing is lost.

Arrays are made column by column over many messages at once, so that the work for each value is done in C.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.contract.json.shapes import ROW, TIME, enum_words, is_map
from wikifeed_server.contract.json.writing import ALWAYS_WRITTEN

# How many levels of parts and tables are columns. In fifty real pages sections have at most five (a list's item in a
# list in a section of a section), infoboxes three (infobox, section, field).
LEVELS: Mapping[str, int] = {
    "wikifeed.v1.Article.infoboxes": 4,
    "wikifeed.v1.Article.sections": 8,
    "wikifeed.v1.Article.tables": 2,
}
# The types that hold themselves.
_NESTING = frozenset({"wikifeed.v1.Part", "wikifeed.v1.Table"})

_TYPES = {
    FieldDescriptor.TYPE_STRING: pa.string(),
    FieldDescriptor.TYPE_ENUM: pa.string(),
    FieldDescriptor.TYPE_BOOL: pa.bool_(),
    FieldDescriptor.TYPE_INT32: pa.int32(),
    FieldDescriptor.TYPE_INT64: pa.int64(),
    FieldDescriptor.TYPE_DOUBLE: pa.float64(),
}
_TIMESTAMP = pa.timestamp("us", tz="UTC")
_ENTRY = pa.struct([("key", pa.string()), ("value", pa.string())])


class Column(NamedTuple):
    """A column, and how to make its array from messages, a row each."""

    field: pa.Field
    array: Callable[[Sequence[Any]], pa.Array]


class _Element(NamedTuple):
    """What stands in lists: its type, and how to make an array of it."""

    type: pa.DataType
    array: Callable[[Sequence[Any]], pa.Array]


def article_columns(paths: Iterable[str]) -> tuple[Column, ...]:
    """The columns of articles cut to those paths, in the order of the contract's fields.

    A path names a field of Article or, with a dot, one of a message in it: "name", "version.identifier".
    """
    chosen: dict[str, set[str]] = {}
    for path in paths:
        name, _, inner = path.partition(".")
        chosen.setdefault(name, set()).update({inner} if inner else ())
    return _columns(Article.DESCRIPTOR, 0, chosen)


def _columns(descriptor: Descriptor, levels: int, chosen: Mapping[str, Iterable[str]]) -> tuple[Column, ...]:
    """The columns of a message's `chosen` fields, each with those of its own fields that are; none means all."""
    return tuple(
        _column(field, LEVELS.get(field.full_name, levels), dict.fromkeys(chosen.get(field.name, ()), ()))
        for field in descriptor.fields
        if not chosen or field.name in chosen
    )


def _column(field: FieldDescriptor, levels: int, chosen: Mapping[str, Iterable[str]]) -> Column:
    """The column of a field in which messages that hold themselves go `levels` deep."""
    if field.message_type is not None and field.message_type.full_name in _NESTING:
        if not levels:
            return _json_column(field)
        levels -= 1
    if field.is_repeated:
        return _list_column(field, levels)
    if field.message_type is None:
        return _scalar_column(field)
    if field.message_type.full_name == TIME:
        return _time_column(field)
    return _struct_column(field, _columns(field.message_type, levels, chosen))


def _list_column(field: FieldDescriptor, levels: int) -> Column:
    get = attrgetter(field.name)
    if is_map(field):
        column = _list_of(_Element(_ENTRY, _entries))
        return Column(
            pa.field(field.name, column.type),
            lambda messages: column.array([sorted(get(message).items()) for message in messages]),
        )
    child = field.message_type
    column = _list_of(_message(child, levels) if child is not None else _text_element(field))
    return Column(pa.field(field.name, column.type), lambda messages: column.array(list(map(get, messages))))


def _list_of(element: _Element) -> _Element:
    """Lists of an element."""
    kind = pa.list_(element.type)

    def array(lists: Sequence[Any]) -> pa.Array:
        offsets = pa.array(accumulate(map(len, lists), initial=0), pa.int32(), size=len(lists) + 1)
        return pa.ListArray.from_arrays(offsets, element.array(list(chain.from_iterable(lists))), type=kind)

    return _Element(kind, array)


def _message(descriptor: Descriptor, levels: int) -> _Element:
    """Messages as structs, a table's row as the list of its cells."""
    if descriptor.full_name == ROW:
        cells = _list_column(descriptor.fields_by_name["cells"], levels)
        return _Element(cells.field.type, cells.array)
    columns = _columns(descriptor, levels, {})
    fields = [column.field for column in columns]
    kind = pa.struct(fields)

    def array(messages: Sequence[Message]) -> pa.Array:
        if not messages:  # nothing is deeper either: most pages' lists end long before the last level
            return pa.array((), kind)
        return pa.StructArray.from_arrays([column.array(messages) for column in columns], fields=fields)

    return _Element(kind, array)


def _struct_column(field: FieldDescriptor, inner: Sequence[Column]) -> Column:
    get, is_present = attrgetter(field.name), methodcaller("HasField", field.name)
    fields = [column.field for column in inner]
    kind = pa.struct(fields)

    def array(messages: Sequence[Message]) -> pa.Array:
        present = list(map(is_present, messages))
        if not any(present):
            return pa.nulls(len(messages), kind)
        children = list(map(get, messages))
        is_null = pa.array([not each for each in present], pa.bool_())
        return pa.StructArray.from_arrays([column.array(children) for column in inner], fields=fields, mask=is_null)

    return Column(pa.field(field.name, kind), array)


def _scalar_column(field: FieldDescriptor) -> Column:
    name, get, kind = field.name, attrgetter(field.name), _TYPES[field.type]
    if field.enum_type is not None:
        words = enum_words(field.enum_type)

        def values(messages: Sequence[Message]) -> Iterable[Any]:
            return [words.get(number, str(number)) if number else None for number in map(get, messages)]
    elif field.full_name in ALWAYS_WRITTEN:

        def values(messages: Sequence[Message]) -> Iterable[Any]:
            return map(get, messages)
    elif field.has_presence:

        def values(messages: Sequence[Message]) -> Iterable[Any]:
            return [get(message) if message.HasField(name) else None for message in messages]
    else:

        def values(messages: Sequence[Message]) -> Iterable[Any]:
            return [value or None for value in map(get, messages)]

    return Column(pa.field(name, kind), lambda messages: pa.array(values(messages), kind, size=len(messages)))


def _time_column(field: FieldDescriptor) -> Column:
    name, get = field.name, attrgetter(field.name)

    def array(messages: Sequence[Message]) -> pa.Array:
        times = [_microseconds(get(message)) if message.HasField(name) else None for message in messages]
        return pa.array(times, _TIMESTAMP)

    return Column(pa.field(name, _TIMESTAMP), array)


def _microseconds(time: Timestamp) -> int:
    return time.seconds * 1_000_000 + time.nanos // 1000


def _json_column(field: FieldDescriptor) -> Column:
    get = attrgetter(field.name)

    def text(message: Message) -> str | None:
        if field.is_repeated:
            value: Any = [message_to_object(each) for each in get(message)]
        else:
            value = message_to_object(get(message)) if message.HasField(field.name) else None
        return None if value in (None, []) else orjson.dumps(value).decode()

    return Column(
        pa.field(f"{field.name}_json", pa.string()), lambda messages: pa.array(map(text, messages), pa.string())
    )


def _text_element(field: FieldDescriptor) -> _Element:
    kind = _TYPES[field.type]
    return _Element(kind, lambda values: pa.array(values, kind))


def _entries(pairs: Sequence[tuple[str, str]]) -> pa.Array:
    keys, values = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.StructArray.from_arrays([pa.array(keys, pa.string()), pa.array(values, pa.string())], fields=list(_ENTRY))
