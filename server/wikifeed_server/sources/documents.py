"""Tells the articles in a JSON file apart: one a line, or one alone and laid out over many lines."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import orjson

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.limits import SourceLimits

_BLANKS = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_OPENING_BYTES = 64 << 10


class Document(NamedTuple):
    """An article's bytes, which begin with "{", and where they stand, for people."""

    where: str
    data: bytes


def documents(pieces: Iterator[bytes], name: str, limits: SourceLimits) -> Iterator[Document]:
    """The articles in the file of that name. Raises UnreadableError at what is no article, or at an end cut short."""
    opening = b""
    while b"\n" not in opening and len(opening) < _LONGEST_OPENING_BYTES and (piece := next(pieces, b"")):
        opening = (opening + piece).removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANKS)
    first_line, newline, _ = opening.partition(b"\n")
    everything = chain((opening,), pieces)
    # One article a line means that the first line is whole. Laid out for people, it is cut after "{" or ",".
    if newline and not first_line.rstrip(_BLANKS).endswith(b"}"):
        yield _only(everything, name, limits)
    else:
        yield from _lines(everything, name, limits)


def _lines(pieces: Iterator[bytes], name: str, limits: SourceLimits) -> Iterator[Document]:
    number = 1
    begun: list[bytes] = []
    begun_bytes = 0
    for piece in pieces:
        *ends, rest = piece.split(b"\n")
        for end in ends:
            line = _object(b"".join((*begun, end)), f"{name} line {number}")
            if line is not None:
                yield line
            number += 1
            begun, begun_bytes = [], 0
        if rest:
            begun.append(rest)
            begun_bytes += len(rest)
        if begun_bytes > limits.line_bytes:
            raise _too_long(f"{name} line {number}", limits)
    last = _object(b"".join(begun), f"{name} line {number}")
    if last is not None:
        # Only a newline says that a line is whole. Where there is none, its JSON must.
        yield _checked(last)


def _only(pieces: Iterator[bytes], name: str, limits: SourceLimits) -> Document:
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size > limits.line_bytes:
            raise _too_long(name, limits)
    return _checked(Document(name, b"".join(parts).strip(_BLANKS)))


def _object(line: bytes, where: str) -> Document | None:
    """The object in a line; None of a blank one."""
    data = line.strip(_BLANKS)
    if not data:
        return None
    if not data.startswith(b"{"):
        start = data[:40].decode(errors="replace")
        raise UnreadableError(SourceCorruptError, f"{where} is no JSON object: it begins with {start!r}")
    return Document(where, data)


def _checked(document: Document) -> Document:
    try:
        orjson.loads(document.data)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(SourceTruncatedError, f"{document.where} is cut short ({error})") from error
    return document


def _too_long(where: str, limits: SourceLimits) -> UnreadableError:
    return UnreadableError(
        SourceRefusedError, f"{where} has more than {limits.line_bytes:,} bytes, the most that is taken"
    )
