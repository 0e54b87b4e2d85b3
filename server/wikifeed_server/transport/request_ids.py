"""What a caller says of its call in metadata: an id for it, and its trace."""

import secrets
from collections.abc import Iterable

REQUEST_ID = "x-request-id"
TRACEPARENT = "traceparent"
_LONGEST = 128


def request_id_of(metadata: Iterable[tuple[str, str | bytes]]) -> str:
    """The caller's id for the call, or one made here where it gave none that could be written into a log."""
    given = value_of(metadata, REQUEST_ID)
    sane = 0 < len(given) <= _LONGEST and given.isascii() and given.isprintable() and " " not in given
    return given if sane else secrets.token_hex(8)


def value_of(metadata: Iterable[tuple[str, str | bytes]], name: str) -> str:
    """The first value of that name; empty where there is none."""
    for key, value in metadata:
        if key == name and isinstance(value, str):
            return value
    return ""
