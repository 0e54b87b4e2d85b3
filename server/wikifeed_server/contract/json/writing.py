"""How the contract's messages become what `json.dumps` takes. The promises are in the package.

Each message type has a writer of its own, made when the type is first met. An article has hundreds of links and
categories, types of a few fields: their writers are straight-line Python, a third of what a loop over the fields costs.
Of the many fields of an article or a revision few are set, and asking the message which ones is faster.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed_server.contract.json.shapes import ROW, TIME, enum_words, is_map

# Enterprise writes these even where they are zero.
ALWAYS_WRITTEN = frozenset(
    {
        "wikifeed.v1.Namespace.identifier",
        "wikifeed.v1.Visibility.text",
        "wikifeed.v1.Visibility.editor",
        "wikifeed.v1.Visibility.comment",
        "wikifeed.v1.Delta.increase",
        "wikifeed.v1.Delta.decrease",
        "wikifeed.v1.Delta.sum",
        "wikifeed.v1.Delta.proportional_increase",
        "wikifeed.v1.Delta.proportional_decrease",
        "wikifeed.v1.ReferenceRisk.reference_risk_score",
        "wikifeed.v1.ReferenceNeed.reference_need_score",
    }
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT_INTEGERS = 2.0**53
_MANY_FIELDS = 10  # of which few are set

_Write = Callable[[Any], Any]


@cache
def write_object(descriptor: Descriptor) -> _Write:
    """How to write messages of one type. Children are looked up when met: types may hold themselves."""
    if descriptor.full_name == TIME:
        return _write_time
    if descriptor.full_name == ROW:
        return lambda row: [write_object(cell.DESCRIPTOR)(cell) for cell in row.cells]
    if len(descriptor.fields) > _MANY_FIELDS and not any(map(_is_always_written, descriptor.fields)):
        return _write_what_is_set(descriptor)
    return _write_each_field(descriptor)


def _write_what_is_set(descriptor: Descriptor) -> _Write:
    steps = {field: (field.name, _write_field(field)) for field in descriptor.fields}

    def write(message: Message) -> dict[str, Any]:
        out = {}
        for field, value in message.ListFields():
            name, convert = steps[field]
            out[name] = value if convert is None else convert(value)
        return out

    return write


def _write_each_field(descriptor: Descriptor) -> _Write:
    """Straight-line Python, such as `if value := message.name: out["name"] = value`."""
    scope: dict[str, Any] = {}
    lines = ["def write(message):", "  out = {}"]
    for field in descriptor.fields:
        name = field.name
        condition, value = f"if value := message.{name}: ", "value"
        if field.has_presence:
            condition, value = f"if message.HasField('{name}'): ", f"message.{name}"
        elif _is_always_written(field):
            condition, value = "", f"message.{name}"
        convert = _write_field(field)
        if convert is not None:
            scope[f"convert_{name}"] = convert
            value = f"convert_{name}({value})"
        lines.append(f"  {condition}out['{name}'] = {value}")
    lines.append("  return out")
    exec("\n".join(lines), scope)  # noqa: S102 - made of the names of the contract's fields alone
    write: _Write = scope["write"]
    return write


def _is_always_written(field: FieldDescriptor) -> bool:
    return field.full_name in ALWAYS_WRITTEN


def _write_field(field: FieldDescriptor) -> _Write | None:
    """How to convert what the field has; None where it stays as it is."""
    if is_map(field):
        return dict
    child = field.message_type
    if child is not None and field.is_repeated:
        return lambda values: list(map(write_object(child), values[:]))
    if child is not None:

        def write(value: Any) -> Any:
            return write_object(child)(value)

        return write
    convert = _write_value(field)
    if field.is_repeated:
        return list if convert is None else lambda values: list(map(convert, values))
    return convert


def _write_value(field: FieldDescriptor) -> _Write | None:
    if field.enum_type is not None:
        words = enum_words(field.enum_type)
        # A number that a newer contract knows stays a number.
        return lambda number: words.get(number, number)
    if field.type in {FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT}:
        return _write_number
    if field.type == FieldDescriptor.TYPE_BYTES:
        raise TypeError(f"{field.full_name} holds bytes, which have no form in Enterprise's JSON")
    return None


def _write_number(value: float) -> float | int:
    """A whole number without a point, as Enterprise writes it."""
    return int(value) if value.is_integer() and -_EXACT_INTEGERS <= value <= _EXACT_INTEGERS else value


def _write_time(time: Timestamp) -> str:
    microseconds = time.nanos // 1000
    seconds = _write_seconds(time.seconds)
    return f"{seconds}.{microseconds:06d}".rstrip("0") + "Z" if microseconds else f"{seconds}Z"


# What happens together has times of one second: an article's date_modified is its event's date_created.
@lru_cache(maxsize=256)
def _write_seconds(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]
