"""How JSON becomes the arguments of a message's constructor. The promises are in the package."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed_server.contract.json.shapes import ROW, TIME, enum_words, is_map

# protobuf's parsers refuse messages nested deeper than 100; an article is sent inside two others.
MAX_DEPTH = 90

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.TYPE_FIXED32: (0, 2**32 - 1),
}

# Read takes a JSON value and its depth, and returns what a message's constructor takes.
_Read = Callable[[Any, int], Any]


class JsonError(ValueError):
    """JSON that is not the form of an article: `path` names the field ("" for the whole), `problem` what is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem)
        self.path = path
        self.problem = problem

    def inside(self, step: str) -> "JsonError":
        """The same error, seen from the object or list that holds the field."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return JsonError(f"{step}{joint}{self.path}", self.problem)


@cache
def read_object(descriptor: Descriptor) -> _Read:
    """How to read objects of one type: into the arguments of the message's constructor."""
    if descriptor.full_name == TIME:
        return _read_time
    if descriptor.full_name == ROW:
        cells = _read_list(_read_value(descriptor.fields_by_name["cells"]))
        return lambda value, depth: {"cells": cells(value, depth + 1)}
    fields = {field.name: _read_field(field) for field in descriptor.fields}

    def read(value: Any, depth: int) -> dict[str, Any]:
        if type(value) is not dict:
            raise _expected("an object", value)
        if depth > MAX_DEPTH:
            raise JsonError("", f"objects are nested deeper than {MAX_DEPTH} levels, which no client could read")
        out = {}
        for name, content in value.items():
            read_field = fields.get(name)
            if read_field is not None and content is not None:
                try:
                    out[name] = read_field(content, depth + 1)
                except JsonError as error:
                    raise error.inside(name) from None
        return out

    return read


def _read_field(field: FieldDescriptor) -> _Read:
    if is_map(field):
        return _read_text_map
    read = _read_value(field)
    return _read_list(read) if field.is_repeated else read


def _read_list(read: _Read) -> _Read:
    def read_list(values: Any, depth: int) -> list[Any]:
        if type(values) is not list:
            raise _expected("a list", values)
        out = []
        for index, value in enumerate(values):
            try:
                out.append(read(value, depth))
            except JsonError as error:
                raise error.inside(f"[{index}]") from None
        return out

    return read_list


def _read_text_map(values: Any, depth: int) -> dict[str, str]:
    if type(values) is not dict:
        raise _expected("an object", values)
    for name, value in values.items():
        if type(value) is not str:
            raise _expected("a text", value).inside(name)
    return dict(values)


def _read_value(field: FieldDescriptor) -> _Read:
    child = field.message_type
    if child is not None:

        def read(value: Any, depth: int) -> Any:
            return read_object(child)(value, depth)

        return read
    if field.enum_type is not None:
        return _read_enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_STRING:
        return _read_text
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _read_bool
    if field.type in _RANGES:
        return _read_integer(*_RANGES[field.type])
    return _read_number


def _read_text(value: Any, depth: int) -> str:
    if type(value) is not str:
        raise _expected("a text", value)
    return value


def _read_bool(value: Any, depth: int) -> bool:
    if type(value) is not bool:
        raise _expected("true or false", value)
    return value


def _read_number(value: Any, depth: int) -> float:
    if type(value) is not float and type(value) is not int:
        raise _expected("a number", value)
    return float(value)


def _read_integer(least: int, greatest: int) -> _Read:
    def read(value: Any, depth: int) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise _expected("a whole number", value)
        if not least <= value <= greatest:
            raise _expected(f"a whole number from {least} to {greatest}", value)
        return value

    return read


def _read_enum(enum: EnumDescriptor) -> _Read:
    numbers = {word: number for number, word in enum_words(enum).items()}

    def read(value: Any, depth: int) -> int:
        try:
            return numbers[value]
        except (KeyError, TypeError):
            raise _expected(f"one of {', '.join(numbers)}", value) from None

    return read


def _read_time(value: Any, depth: int) -> Timestamp:
    try:
        time = datetime.fromisoformat(value)
        if value[10] not in "Tt ":
            raise ValueError(value)
        if time < _YEAR_1:
            raise ValueError(value)
        microseconds = (time - _EPOCH) // _MICROSECOND
    except (ValueError, TypeError, IndexError):
        # A TypeError also where the time names no zone: it can't be compared with one that does.
        raise _expected("an RFC 3339 time such as 2025-01-29T22:45:40.18064Z", value) from None
    seconds, rest = divmod(microseconds, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1000)


def _expected(what: str, value: Any) -> JsonError:
    return JsonError("", f"expected {what}, found {orjson.dumps(value).decode()[:60]}")
