"""What Enterprise's own clients take each field for, as their models declare it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class Time:
    """A text that both clients read as a time."""


class Second:
    """A text that the Python client reads as a time only where it is whole seconds of UTC."""


Shape = Any  # a type, a class above, {field: shape}, or [shape] for a list

_NAMED = {"name": str, "url": str}
_ENTITY = {"identifier": str, "url": str, "aspects": [str]}
_LANGUAGE = {"identifier": str, "name": str, "alternate_name": str, "direction": str}
_SIZE = {"value": float, "unit_text": str}
_NAMESPACE = {"name": str, "identifier": int, "alternate_name": str, "description": str}
_IMAGE = {"content_url": str, "width": int, "height": int, "alternative_text": str, "caption": str}
_VERSION = {
    "identifier": int,
    "comment": str,
    "tags": [str],
    "is_minor_edit": bool,
    "number_of_characters": int,
    "size": _SIZE,
    "editor": {"identifier": int, "name": str, "edit_count": int, "groups": [str], "is_bot": bool},
}
CODE = {"identifier": str, "name": str, "description": str}
LANGUAGE = _LANGUAGE
NAMESPACE = _NAMESPACE
PROJECT = {"name": str, "identifier": str, "url": str, "code": str, "in_language": _LANGUAGE, "date_modified": Time}
FILE = {
    "identifier": str,
    "version": str,
    "date_modified": Time,
    "is_part_of": PROJECT,
    "in_language": _LANGUAGE,
    "namespace": _NAMESPACE,
    "size": _SIZE,
    "chunks": [str],
}
ARTICLE = {
    "name": str,
    "identifier": int,
    "abstract": str,
    "date_created": Second,
    "date_modified": Second,
    "date_previously_modified": Second,
    "version": _VERSION,
    "url": str,
    "namespace": _NAMESPACE,
    "in_language": _LANGUAGE,
    "main_entity": _ENTITY,
    "additional_entities": [_ENTITY],
    "categories": [_NAMED],
    "templates": [_NAMED],
    "redirects": [_NAMED],
    "is_part_of": PROJECT,
    "article_body": {"html": str, "wikitext": str},
    "license": [{"name": str, "identifier": str, "url": str}],
    "event": {
        "identifier": str,
        "type": str,
        "date_created": Time,
        "date_published": Time,
        "partition": int,
        "offset": int,
    },
    "image": _IMAGE,
}
_PART: dict[str, Shape] = {"name": str, "type": str, "value": str, "values": [str], "images": [_IMAGE]}
_PART["has_parts"] = [_PART]
STRUCTURED = {
    "name": str,
    "identifier": int,
    "abstract": str,
    "version": _VERSION,
    "url": str,
    "is_part_of": PROJECT,
    "in_language": _LANGUAGE,
    "infoboxes": [_PART],
    "sections": [_PART],
}


def misread(value: object, shape: Shape, where: str = "") -> list[str]:
    """Where a client would fail, or read something else. What is absent is zero to them, null is not allowed here."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        return [problem for each in value for problem in misread(each, shape[0], f"{where}[]")]
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            return [f"{where}: no object"]
        known = {name: each for name, each in value.items() if name in shape}
        return [problem for name, each in known.items() for problem in misread(each, shape[name], f"{where}.{name}")]
    return [] if _is_of(value, shape) else [f"{where}: {value!r}"]


def _is_of(value: object, shape: Shape) -> bool:
    if shape is Time:
        return isinstance(value, str) and bool(_RFC3339.fullmatch(value)) and bool(datetime.fromisoformat(value))
    if shape is Second:
        return isinstance(value, str) and bool(datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))
    if shape is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is shape
