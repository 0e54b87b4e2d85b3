"""Fields and filters over the JSON form of a message: checked once against its descriptor, then applied to objects.

`fields` name what to keep by dotted paths; `object.*` keeps a whole object, and its bare name does too unless `strict`.
Paths lead through lists. `filters` compare one scalar, which no list holds.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from wikifeed_server.contract.json.shapes import ROW, TIME, is_map
from wikifeed_server.gateway.errors import unprocessable
from wikifeed_server.gateway.queries import Filter

_TEXTS = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_ENUM}
_ALL = "*"

JsonObject = Mapping[str, Any]
_Tree = dict[str, "_Tree"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects, and what of each. `mask_paths` are the fields that are needed, as far as a read mask can say."""

    tree: _Tree
    tests: tuple[Callable[[JsonObject], bool], ...]
    mask_paths: tuple[str, ...]

    def passes(self, value: JsonObject) -> bool:
        """Whether the object passes all filters."""
        return all(test(value) for test in self.tests)

    def cut(self, value: JsonObject) -> JsonObject:
        """The object with the fields asked for; all where none are."""
        return _cut(value, self.tree) if self.tree else value

    def apply(self, values: Sequence[JsonObject]) -> list[JsonObject]:
        """All objects that pass, cut."""
        return [self.cut(value) for value in values if self.passes(value)]


def selection(
    message: Descriptor, fields: tuple[str, ...], filters: tuple[Filter, ...] = (), strict: bool = False
) -> Selection:
    """The selection over a message's JSON. Raises HttpError (422) naming the field that is wrong."""
    tree: _Tree = {}
    paths = [_checked(message, path, f"fields[{index}]", strict) for index, path in enumerate(fields)]
    for path in paths:
        _plant(tree, path)
    tests = tuple(_test(message, each, f"filters[{index}]") for index, each in enumerate(filters))
    needed = [*paths, *(tuple(each.field.split(".")) for each in filters)] if paths else []
    return Selection(tree, tests, tuple(dict.fromkeys(_mask_path(message, path) for path in needed)))


def _checked(message: Descriptor, path: str, where: str, strict: bool) -> tuple[str, ...]:
    """The path without its wildcard."""
    names = path.split(".")
    is_wildcard = len(names) > 1 and names[-1] == _ALL
    names = names[:-1] if is_wildcard else names
    field = _walk(message, names, path, where)[-1]
    inner = _message_of(field)
    if is_wildcard and inner is None:
        raise unprocessable(where, f"{_shown(path)}: {names[-1]} has no fields of its own; ask for {'.'.join(names)}")
    if strict and inner is not None and not is_wildcard:
        raise unprocessable(where, f"{_shown(path)} is an object; ask for {path}.* or for fields of it")
    return tuple(names)


def _walk(message: Descriptor, names: Sequence[str], path: str, where: str) -> list[FieldDescriptor]:
    """The fields along a path. Raises HttpError where there is no such field."""
    found: list[FieldDescriptor] = []
    at: Descriptor | None = message
    for name in names:
        if at is None:
            raise unprocessable(where, f"{_shown(path)}: {found[-1].name} has no fields of its own")
        field = at.fields_by_name.get(name)
        if field is None:
            near = get_close_matches(name[:64], list(at.fields_by_name), n=1)
            advice = f"; did you mean {near[0]}?" if near else ""
            raise unprocessable(where, f"{_shown(path)}: {at.name} has no field {_shown(name)}{advice}")
        found.append(field)
        at = _message_of(field)
    return found


def _message_of(field: FieldDescriptor) -> Descriptor | None:
    """The message whose fields may be named behind this one; None for scalars, times and maps."""
    inner = field.message_type
    if inner is not None and inner.full_name == ROW:
        return _message_of(inner.fields_by_name["cells"])  # JSON has the cells themselves in the row's place
    return None if inner is None or inner.full_name == TIME or is_map(field) else inner


def _plant(tree: _Tree, path: Sequence[str]) -> None:
    """Add a path; a node without children keeps all below it."""
    for depth, name in enumerate(path):
        known = name in tree
        below = tree.setdefault(name, {})
        if known and not below:
            return  # all of it is kept
        if depth == len(path) - 1:
            below.clear()
        tree = below


def _cut(value: Any, tree: _Tree) -> Any:
    if isinstance(value, list):
        return [_cut(each, tree) for each in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: _cut(value[name], below) for name, below in tree.items() if name in value}


def _mask_path(message: Descriptor, path: Sequence[str]) -> str:
    """As much of the path as a field mask may have: it ends at the first list."""
    kept: list[str] = []
    at: Descriptor | None = message
    for name in path:
        if at is None:
            break
        field = at.fields_by_name[name]
        kept.append(name)
        at = None if field.is_repeated else _message_of(field)
    return ".".join(kept)


def _test(message: Descriptor, filter_: Filter, where: str) -> Callable[[JsonObject], bool]:
    names = filter_.field.split(".")
    fields = _walk(message, names, filter_.field, f"{where}.field")
    last = fields[-1]
    if any(field.is_repeated for field in fields) or _message_of(last) is not None:
        problem = f"{_shown(filter_.field)} is no single value; filters compare fields such as namespace.identifier"
        raise unprocessable(f"{where}.field", problem)
    wanted = _wanted(last, filter_.value, f"{where}.value")
    nothing = _nothing(last)

    def test(value: JsonObject) -> bool:
        found: Any = value
        for name in names[:-1]:
            found = found.get(name)
            if found is None:
                return False  # what an absent object says is not known
        return bool(found.get(names[-1], nothing) == wanted)

    return test


def _wanted(field: FieldDescriptor, value: object, where: str) -> object:
    """The value as the field's JSON would have it; query strings have texts alone."""
    if field.message_type is not None or field.type in _TEXTS:
        if isinstance(value, str):
            return value
        raise unprocessable(where, f"{field.name} is a text")
    if field.type == FieldDescriptor.TYPE_BOOL:
        if isinstance(value, str) and value in {"true", "false"}:
            return value == "true"
        if isinstance(value, bool):
            return value
        raise unprocessable(where, f"{field.name} is true or false")
    return _wanted_number(field, value, where)


def _wanted_number(field: FieldDescriptor, value: object, where: str) -> float | int:
    number = value
    if isinstance(value, str):
        with suppress(orjson.JSONDecodeError):
            number = orjson.loads(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise unprocessable(where, f"{field.name} is a number")
    return number


def _nothing(field: FieldDescriptor) -> object:
    """What an absent field equals: JSON leaves out zeros, but absence of what has presence is no value."""
    return None if field.has_presence else field.default_value


def _shown(text: str) -> str:
    return repr(text if len(text) <= 64 else text[:64] + "...")
