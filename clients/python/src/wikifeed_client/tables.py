"""Articles as tables of pyarrow and pandas: one row an article, one column a field.

Needs the extra `arrow` or `pandas`: pip install 'wikifeed-client[pandas]'.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.article_pb2 import Article

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

COLUMNS = (
    "identifier",
    "name",
    "url",
    "abstract",
    "date_modified",
    "namespace.identifier",
    "in_language.identifier",
    "is_part_of.identifier",
    "version.identifier",
    "version.editor.name",
)
_ROW = "wikifeed.v1.TableRow"


def to_arrow(articles: Iterable[Article], columns: Sequence[str] = COLUMNS) -> "pa.Table":
    """A table of articles. A column is a dotted path into Article and bears it as its name: "version.identifier".

    Times are timestamp[us, UTC], messages structs, repeated fields lists; what an article lacks is null.
    Raises KeyError for a path that Article does not have.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ImportError("tables need: pip install 'wikifeed-client[arrow]'") from error
    rows = list(articles)
    paths = [_fields(path) for path in columns]
    arrays = [pa.array([_at(row, path) for row in rows], type=_type(pa, path[-1])) for path in paths]
    return pa.table(dict(zip(columns, arrays, strict=True)))


def to_pandas(articles: Iterable[Article], columns: Sequence[str] = COLUMNS) -> "pd.DataFrame":
    """The same as a frame of pandas."""
    return to_arrow(articles, columns).to_pandas()


def row_maker(columns: Sequence[str]) -> Callable[[Article], dict[str, Any]]:
    """What makes of an article a row, its columns by their names. Raises KeyError for a path that Article lacks."""
    paths = {column: _fields(column) for column in columns}
    return lambda article: {column: _at(article, path) for column, path in paths.items()}


def to_object(message: Message) -> dict[str, Any]:
    """A message as dictionaries, lists and plain values, with what is set; times are datetimes in UTC."""
    return {field.name: _field_value(field, value) for field, value in message.ListFields()}


def _fields(path: str) -> list[FieldDescriptor]:
    descriptor: Descriptor | None = Article.DESCRIPTOR
    fields: list[FieldDescriptor] = []
    for name in path.split("."):
        if descriptor is None or name not in descriptor.fields_by_name:
            raise KeyError(f"an article has no {path!r}")
        fields.append(descriptor.fields_by_name[name])
        descriptor = fields[-1].message_type
    if any(field.is_repeated for field in fields[:-1]):
        raise KeyError(f"{path!r} leads into a list; name the list")
    return fields


def _at(article: Article, path: Sequence[FieldDescriptor]) -> Any:
    message: Message = article
    for field in path[:-1]:
        if not message.HasField(field.name):
            return None
        message = getattr(message, field.name)
    last = path[-1]
    if last.has_presence and not message.HasField(last.name):
        return None
    return _field_value(last, getattr(message, last.name))


def _field_value(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return [{"key": key, "value": value[key]} for key in sorted(value)]
    if field.is_repeated:
        return [_plain(each) for each in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Timestamp):
        return _time(value)
    if not isinstance(value, Message):
        return value
    if value.DESCRIPTOR.full_name == _ROW:
        return [to_object(cell) for cell in getattr(value, "cells")]  # noqa: B009 - a Message to the type checker
    return to_object(value)


def _time(value: Timestamp) -> datetime:
    return value.ToDatetime(tzinfo=UTC)


def _type(pa: Any, field: FieldDescriptor) -> Any:
    """The type of a column; None leaves it to pyarrow, which finds out how deep structures are."""
    types = {
        FieldDescriptor.TYPE_STRING: pa.string(),
        FieldDescriptor.TYPE_BOOL: pa.bool_(),
        FieldDescriptor.TYPE_INT32: pa.int32(),
        FieldDescriptor.TYPE_INT64: pa.int64(),
        FieldDescriptor.TYPE_DOUBLE: pa.float64(),
    }
    if field.message_type is not None:
        is_time = field.message_type is Timestamp.DESCRIPTOR and not field.is_repeated
        return pa.timestamp("us", tz="UTC") if is_time else None
    found = types.get(field.type)
    return pa.list_(found) if found is not None and field.is_repeated else found
