"""Which bytes of a file a request is answered with: preconditions and ranges, as RFC 9110 has them (13 and 14).

Of several ranges none is served: the whole file is, as the RFC allows. What is no range of bytes as the RFC writes them
is ignored. The end of a range beyond the file's is the file's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from aiohttp import hdrs
from multidict import MultiMapping

_UNIT = "bytes"
_BLANKS = " \t"
_RANGE = re.compile(r"([0-9]*)-([0-9]*)")
_TAG = re.compile(r'(W/)?"([^"]*)"')
_LONGEST_NUMBER = 19  # digits: no file has so many bytes

_Headers: TypeAlias = MultiMapping[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The status to answer with, and which bytes: from `first` on, `length` of them."""

    status: int
    first: int = 0
    length: int = 0


def answer_for(headers: _Headers, etag: str, modified: int, size: int) -> Answer:
    """What a GET or HEAD with these headers is answered with: 200, 206, 304, 412 or 416.

    `etag` is the file's strong tag without quotes, `modified` when it was made, in seconds since 1970, and `size` its
    bytes.
    """
    if not _may_go_on(headers, etag, modified):
        return Answer(412)
    if _has_already(headers, etag, modified):
        return Answer(304)
    asked = headers.get(hdrs.RANGE)
    if asked is None or not _is_of_same(headers.get(hdrs.IF_RANGE), etag, modified):
        return Answer(200, 0, size)
    chosen = read_range(asked, size)
    if chosen is None:
        return Answer(200, 0, size)
    first, length = chosen
    return Answer(206, first, length) if length else Answer(416)


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """The first byte and the number of bytes that a Range header asks for of a file of `size` bytes.

    No bytes where it asks for none that there are; None where the whole file is the answer.
    """
    unit, equals, ranges = header.partition("=")
    asked = [each for each in (part.strip(_BLANKS) for part in ranges.split(",")) if each]
    if not equals or unit.strip(_BLANKS).lower() != _UNIT or len(asked) != 1:
        return None
    match = _RANGE.fullmatch(asked[0])
    if match is None or asked[0] == "-":
        return None
    first, last = match.groups()
    if not first:
        length = min(_number(last), size)
        return size - length, length
    if last and _number(last) < _number(first):
        return None
    begin = min(_number(first), size)
    return begin, (min(_number(last) + 1, size) if last else size) - begin


def _number(digits: str) -> int:
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def _may_go_on(headers: _Headers, etag: str, modified: int) -> bool:
    """If-Match and, where it is not there, If-Unmodified-Since."""
    if hdrs.IF_MATCH in headers:
        return _names(headers.getall(hdrs.IF_MATCH), etag, weakly=False)
    since = _moment(headers.get(hdrs.IF_UNMODIFIED_SINCE, ""))
    return since is None or modified <= since


def _has_already(headers: _Headers, etag: str, modified: int) -> bool:
    """If-None-Match and, where it is not there, If-Modified-Since."""
    if hdrs.IF_NONE_MATCH in headers:
        return _names(headers.getall(hdrs.IF_NONE_MATCH), etag, weakly=True)
    since = _moment(headers.get(hdrs.IF_MODIFIED_SINCE, ""))
    return since is not None and modified <= since


def _names(lines: Sequence[str], etag: str, *, weakly: bool) -> bool:
    """Whether a list of tags has this one, or is "*", which every file fits."""
    text = ",".join(lines)
    if text.strip(_BLANKS) == "*":
        return True
    return any(value == etag and (weakly or not weak) for weak, value in _TAG.findall(text))


def _is_of_same(header: str | None, etag: str, modified: int) -> bool:
    """If-Range: whether the part asked for is of the very file that the client has parts of."""
    if header is None:
        return True
    header = header.strip(_BLANKS)
    if header.startswith(('"', "W/")):
        return header == f'"{etag}"'
    return _moment(header) == modified


def _moment(text: str) -> int | None:
    """A date as HTTP writes it, in seconds since 1970; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
