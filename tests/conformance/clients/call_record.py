"""What the server saw of a call, as JSON."""

from collections.abc import Iterable
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp


def as_json(message: Message) -> dict[str, Any]:
    """A message by its fields' names: numbers as numbers, what has a default with it, what is unset left out."""
    return {
        field.name: _value(field, getattr(message, field.name))
        for field in message.DESCRIPTOR.fields
        if not field.has_presence or message.HasField(field.name)
    }


def _value(field: Any, value: Any) -> Any:
    if field.is_repeated:
        return [_single(field, each) for each in value]
    return _single(field, value)


def _single(field: Any, value: Any) -> Any:
    match value:
        case Timestamp():
            return value.ToJsonString()
        case FieldMask():
            return list(value.paths)
        case Message():
            return as_json(value)
    if field.enum_type is not None:
        return field.enum_type.values_by_number[value].name
    return value


def credentials(metadata: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Who says to call, and with what."""
    named = dict(metadata)
    return {"authorization": named.get("authorization", ""), "user_agent": named.get("user-agent", "")}
