"""Fields out of events, with an error that names the field where one is not as it should be."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SECOND = 1_000_000


class MalformedEventError(ValueError):
    """An event is not what its stream's schema says. The message names the field."""


def fields_in(event: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The object at a dotted path; empty where there is none."""
    found: Any = event
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise MalformedEventError(f"{path} is {_shown(found)}, not an object")
    return found


def number_in(event: Mapping[str, Any], path: str, default: int | None = None) -> int:
    """The whole number at a dotted path; `default` where there is none."""
    found = _found(event, path)
    if found is None and default is not None:
        return default
    if isinstance(found, bool) or not isinstance(found, int):
        raise MalformedEventError(f"{path} is {_shown(found)}, not a whole number")
    return found


def text_in(event: Mapping[str, Any], path: str, default: str | None = None) -> str:
    """The text at a dotted path; `default` where there is none."""
    found = _found(event, path)
    if found is None and default is not None:
        return default
    if not isinstance(found, str):
        raise MalformedEventError(f"{path} is {_shown(found)}, not a text")
    return found


def title_in(event: Mapping[str, Any], path: str) -> str:
    """The title at a dotted path, as the wiki shows it."""
    return text_in(event, path).replace("_", " ")


def flag_in(event: Mapping[str, Any], path: str) -> bool:
    """The truth value at a dotted path; true where there is none."""
    found = _found(event, path)
    if found is not None and not isinstance(found, bool):
        raise MalformedEventError(f"{path} is {_shown(found)}, neither true nor false")
    return found is not False


def time_in(event: Mapping[str, Any], *paths: str) -> int:
    """The time at the first of the dotted paths that is there, in microseconds since 1970."""
    for path in paths:
        found = _found(event, path)
        if found is None:
            continue
        try:
            moment = datetime.fromisoformat(found)
        except (TypeError, ValueError):
            raise MalformedEventError(f"{path} is {_shown(found)}, not a time") from None
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * SECOND)
    raise MalformedEventError(f"{paths[0]} is not there")


def _found(event: Mapping[str, Any], path: str) -> Any:
    folder, _, name = path.rpartition(".")
    return (fields_in(event, folder) if folder else event).get(name)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
