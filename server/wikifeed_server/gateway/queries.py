"""What lists and articles are asked with: `fields`, `filters`, `limit`, in a JSON body or in the query string.

Enterprise's clients send a body with all of them, also where it says nothing.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from wikifeed_server.gateway.errors import HttpError, unprocessable

MOST_FIELDS = MOST_FILTERS = 255
_LONGEST_PATH = 255  # characters of a field's dotted name
_LARGEST = 2**63 - 1
_NUMBER = re.compile("-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a field, by its dotted path, must equal."""

    field: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked; no limit where none above 0 is. `values` holds all parameters as they came, also those that few
    paths have.
    """

    values: Mapping[str, Any]
    fields: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    limit: int | None = None


async def read_query(request: web.Request, read_seconds: float) -> Query:
    """The query of a GET or POST: clients send bodies with both.

    Raises HttpError: 422 for what is wrong, 400, 408 and 413 for bodies that can't be read, are slow or too large.
    """
    values = {**_query_string(request), **await _body(request, read_seconds)}
    return Query(
        values,
        _fields(values.get("fields")),
        _filters(values.get("filters")),
        _limit(values.get("limit")),
    )


def whole_number(name: str, value: object, least: int = 0, most: int = _LARGEST) -> int | None:
    """A whole number, or a text of one as a query string has it; None where it is not there. Raises HttpError."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise unprocessable(name, f"must be a whole number from {least} to {most}")
    return value


async def read_body(request: web.Request, read_seconds: float) -> dict[str, Any]:
    """The JSON object in a body; empty where there is no body. Raises HttpError."""
    return await _body(request, read_seconds)


async def read_bytes(request: web.Request, read_seconds: float) -> bytes:
    """A body as it came. Raises HttpError: 400, 408 and 413 for bodies that can't be read, are slow or too large."""
    try:
        async with asyncio.timeout(read_seconds):
            return await request.read()
    except TimeoutError:
        raise HttpError(408, f"the request's body did not come within {read_seconds:g} seconds") from None
    except web.HTTPRequestEntityTooLarge as error:
        raise HttpError(413, f"the request's body is too large: {error.text}") from None
    except web.RequestPayloadError:
        raise HttpError(400, "the request's body is not in the encoding that its headers name") from None


async def _body(request: web.Request, read_seconds: float) -> dict[str, Any]:
    data = await read_bytes(request, read_seconds)
    if not data.strip():
        return {}
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise HttpError(422, f"the body is not JSON: {error}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise HttpError(422, 'the body must be a JSON object such as {"fields": ["name"]}')
    return value


def _query_string(request: web.Request) -> dict[str, Any]:
    """The query string's parameters; those that may be lists as lists, and what is JSON read as such."""
    query = request.query
    values: dict[str, Any] = {name: query[name] for name in query}
    if "fields" in query:
        values["fields"] = [each for text in query.getall("fields") for each in text.split(",") if each]
    if "parts" in query:
        values["parts"] = [each for text in query.getall("parts") for each in text.split(",") if each]
    for name in ("filters", "offsets", "since_per_partition"):
        if name in query:
            read = [_json(name, text) for text in query.getall(name) if text]
            values[name] = read[0] if len(read) == 1 else read
    return values


def _json(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise unprocessable(name, f"in a query string it is written as JSON: {error}") from None


def _limit(value: object) -> int | None:
    limit = whole_number("limit", value, least=-_LARGEST)
    return limit if limit and limit > 0 else None


def _fields(value: object) -> tuple[str, ...]:
    return tuple(_list("fields", value, MOST_FIELDS, _text))


def _filters(value: object) -> tuple[Filter, ...]:
    if isinstance(value, dict):
        value = [value]
    return tuple(_list("filters", value, MOST_FILTERS, _filter))


def _list(name: str, value: object, most: int, read: Callable[[str, object], Any]) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise unprocessable(name, "must be a list")
    if len(value) > most:
        raise unprocessable(name, f"has {len(value)} entries; at most {most} may be")
    return [read(f"{name}[{index}]", each) for index, each in enumerate(value)]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise unprocessable(name, "must be the name of a field, such as name or in_language.identifier")
    if len(value) > _LONGEST_PATH:
        raise unprocessable(name, f"names of fields have at most {_LONGEST_PATH} characters")
    return value


def _filter(name: str, value: object) -> Filter:
    if not isinstance(value, dict) or not isinstance(value.get("field"), str):
        raise unprocessable(name, 'must be such as {"field": "in_language.identifier", "value": "en"}')
    wanted = value.get("value")
    if not isinstance(wanted, str | int | float | bool):
        raise unprocessable(f"{name}.value", "must be a text, a number, true or false")
    return Filter(_text(f"{name}.field", value["field"]), wanted)
