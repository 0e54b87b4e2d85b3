"""Fields out of events, with an error that names the field where one is not as it should be."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SECOND = 1_000_000

# Beyond this JSON's numbers are no longer whole, and no wiki has come near it.
_GREATEST = 1 << 53
# The last second that a time of four-digit years can tell.
_LATEST = 253_402_300_799
# Hosts become part of addresses that are asked: no user, no query may hide in them.
_HOST = re.compile(r"[\w.:/-]{1,253}", re.ASCII)


class MalformedEventError(ValueError):
    """An event is not what its stream's schema says. The message names the field, as `field` does."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field} {what}" if field else f"it {what}")
        self.field = field


def fields_in(event: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The object at a dotted path; empty where there is none."""
    found: Any = event
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise MalformedEventError(path, f"is {_shown(found)}, not an object")
    return found


def number_in(event: Mapping[str, Any], path: str, default: int | None = None, least: int = 0) -> int:
    """The whole number at a dotted path, not less than `least`; `default` where there is none."""
    found = _found(event, path)
    if found is None and default is not None:
        return default
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found < _GREATEST:
        raise MalformedEventError(path, f"is {_shown(found)}, not a whole number from {least}")
    return found


def namespace_in(event: Mapping[str, Any], path: str, default: int | None = None) -> int:
    """The number of a namespace at a dotted path; those of special pages are negative."""
    return number_in(event, path, default, least=-2)


def text_in(event: Mapping[str, Any], path: str, default: str | None = None) -> str:
    """The text at a dotted path; `default` where there is none."""
    found = _found(event, path)
    if found is None and default is not None:
        return default
    if not isinstance(found, str):
        raise MalformedEventError(path, f"is {_shown(found)}, not a text")
    return found


def name_in(event: Mapping[str, Any], path: str) -> str:
    """The text at a dotted path, which may not be empty."""
    if not (name := text_in(event, path)):
        raise MalformedEventError(path, "is empty")
    return name


def title_in(event: Mapping[str, Any], path: str) -> str:
    """The title at a dotted path, as the wiki shows it."""
    return name_in(event, path).replace("_", " ")


def host_in(event: Mapping[str, Any], path: str) -> str:
    """The host at a dotted path, perhaps with a port or a path; empty where there is none."""
    host = text_in(event, path, "")
    if host and _HOST.fullmatch(host) is None:
        raise MalformedEventError(path, f"is {_shown(host)}, not a host's name")
    return host


def flags_in(event: Mapping[str, Any], path: str, *names: str) -> list[bool]:
    """The truth values of these names at a dotted path; true for one that is not there, but not all may be missing."""
    found = fields_in(event, path)
    flags = [found.get(name) for name in names]
    if all(flag is None for flag in flags):
        raise MalformedEventError(f"{path}.{names[0]}", "is not there")
    for name, flag in zip(names, flags, strict=True):
        if flag is not None and not isinstance(flag, bool):
            raise MalformedEventError(f"{path}.{name}", f"is {_shown(flag)}, neither true nor false")
    return [flag is not False for flag in flags]


def seconds_in(event: Mapping[str, Any], path: str) -> int:
    """The time at a dotted path, given in seconds since 1970, in microseconds."""
    seconds = number_in(event, path)
    if seconds > _LATEST:
        raise MalformedEventError(path, f"is {seconds}, not a time in seconds since 1970")
    return seconds * SECOND


def time_in(event: Mapping[str, Any], *paths: str) -> int:
    """The time at the first of the dotted paths that is there, in microseconds since 1970."""
    for path in paths:
        found = _found(event, path)
        if found is None:
            continue
        try:
            moment = datetime.fromisoformat(found)
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
            time = round(moment.timestamp() * SECOND)
        except (TypeError, ValueError, OverflowError):
            raise MalformedEventError(path, f"is {_shown(found)}, not a time") from None
        if not 0 <= time <= _LATEST * SECOND:
            raise MalformedEventError(path, f"is {_shown(found)}, before 1970 or after 9999")
        return time
    raise MalformedEventError(paths[0], "is not there")


def _found(event: Mapping[str, Any], path: str) -> Any:
    folder, _, name = path.rpartition(".")
    return (fields_in(event, folder) if folder else event).get(name)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."
