"""How the contract's messages become what `json.dumps` takes. The promises are in the package."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
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

_Write = Callable[[Any], Any]


@cache
def write_object(descriptor: Descriptor) -> _Write:
    """How to write messages of one type. Children are looked up when first met: types may hold themselves."""
    if descriptor.full_name == TIME:
        return _write_time
    if descriptor.full_name == ROW:
        return lambda row: [write_object(cell.DESCRIPTOR)(cell) for cell in row.cells]
    steps = [_write_step(field) for field in descriptor.fields]
    if len(steps) > 1 and all(convert is None and not zeros for _, _, convert, zeros in steps):
        return _write_plain(tuple(name for name, *_ in steps))

    def write(message: Message) -> dict[str, Any]:
        out = {}
        for name, get, convert, zeros in steps:
            value = get(message)
            if value or (zeros and value is not None):
                out[name] = convert(value) if convert is not None else value
        return out

    return write


def _write_plain(names: tuple[str, ...]) -> _Write:
    """For types of texts and numbers alone. An article has hundreds of these: one getter for all halves the time."""
    get_all = attrgetter(*names)

    def write(message: Message) -> dict[str, Any]:
        values = get_all(message)
        if all(values):
            return dict(zip(names, values, strict=True))
        return {name: value for name, value in zip(names, values, strict=True) if value}

    return write


def _write_step(field: FieldDescriptor) -> tuple[str, _Write, _Write | None, bool]:
    """A field's name, how to get its value (None where absent), how to convert it, and whether zeros are written."""
    name = field.name
    always = field.full_name in ALWAYS_WRITTEN

    def get_present(message: Message) -> Any:
        return getattr(message, name) if message.HasField(name) else None

    get = get_present if field.has_presence else attrgetter(name)
    if is_map(field):
        convert: _Write | None = dict
    else:
        convert = _write_list(field) if field.is_repeated else _write_value(field)
    return name, get, convert, always or (field.has_presence and field.message_type is None)


def _write_list(field: FieldDescriptor) -> _Write:
    child = field.message_type
    convert = _write_value(field)
    if convert is None:
        return list

    def write(values: Iterable[Any]) -> list[Any]:
        return list(map(write_object(child) if child is not None else convert, values))

    return write


def _write_value(field: FieldDescriptor) -> _Write | None:
    child = field.message_type
    if child is not None:

        def write(message: Message) -> Any:
            return write_object(child)(message)

        return write
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
    seconds = (_EPOCH + timedelta(seconds=time.seconds)).isoformat()[:19]
    microseconds = time.nanos // 1000
    return f"{seconds}.{microseconds:06d}".rstrip("0") + "Z" if microseconds else f"{seconds}Z"
