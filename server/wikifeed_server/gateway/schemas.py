"""The contract's messages as JSON Schemas, in the form that `contract/json` writes them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from wikifeed_server.contract.json.shapes import ROW, TIME, enum_words, is_map

Schema: TypeAlias = dict[str, Any]

_UNSIGNED = {FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_FIXED32}
_SCALARS: dict[int, Schema] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_DOUBLE: {"type": "number"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number"},
}


def reference(message: Descriptor) -> Schema:
    """What stands for a message's schema where it is used."""
    return {"$ref": f"#/components/schemas/{_name(message)}"}


def message_schemas(messages: Iterable[Descriptor], comments: Mapping[str, str]) -> dict[str, Schema]:
    """The schemas of messages and of all that they hold, by name; `comments` are by "Article" and "Article.name".

    No field is required, since absent and empty ones are left out, and a request may ask for some alone.
    """
    found: dict[str, Descriptor] = {}
    left = list(messages)
    while left:
        message = left.pop()
        if message.full_name not in found:
            found[message.full_name] = message
            left.extend(_held(message))
    return {_name(message): _object(message, comments) for _, message in sorted(found.items())}


def _name(message: Descriptor) -> str:
    return message.full_name.removeprefix(f"{message.file.package}.")


def _held(message: Descriptor) -> Iterator[Descriptor]:
    """The messages of a message's fields that have schemas of their own."""
    for field in message.fields:
        inner = field.message_type
        if inner is None or inner.full_name == TIME or is_map(field):
            continue
        yield _cell(inner) if inner.full_name == ROW else inner


def _cell(row: Descriptor) -> Descriptor:
    """What a row of a table, which JSON has as a list, is a list of."""
    cell = row.fields_by_name["cells"].message_type
    if cell is None:
        raise TypeError(f"{row.full_name}.cells holds no messages")
    return cell


def _object(message: Descriptor, comments: Mapping[str, str]) -> Schema:
    name = _name(message)
    fields = {field.name: _described(_field(field), comments.get(f"{name}.{field.name}")) for field in message.fields}
    return _described({"type": "object", "properties": fields}, comments.get(name))


def _described(schema: Schema, comment: str | None) -> Schema:
    return schema | {"description": comment} if comment else schema


def _field(field: FieldDescriptor) -> Schema:
    if is_map(field):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    value = _value(field)
    return {"type": "array", "items": value} if field.is_repeated else value


def _value(field: FieldDescriptor) -> Schema:
    inner = field.message_type
    if inner is not None:
        if inner.full_name == TIME:
            return {"type": "string", "format": "date-time"}
        if inner.full_name == ROW:
            return {"type": "array", "items": reference(_cell(inner))}
        return reference(inner)
    if field.enum_type is not None:
        return {"type": "string", "enum": list(enum_words(field.enum_type).values())}
    if field.type in _SCALARS:
        return dict(_SCALARS[field.type])
    return {"type": "integer", "format": "int64"} | ({"minimum": 0} if field.type in _UNSIGNED else {})
