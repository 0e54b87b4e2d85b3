"""Downloads: a file of the store as the answer to GET and HEAD, whole or a range of it.

A file is opened once for an answer and read to its end from there, whatever becomes of its name meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

import structlog
from aiohttp import hdrs, web

from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.peers import peer_of
from wikifeed_server.gateway.ranges import Answer, answer_for
from wikifeed_server.gateway.sending import FileAnswer, send_file

_TYPE = "application/gzip"
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that may be downloaded and never changes: `version` is a hash of it, `finished` in microseconds."""

    path: Path
    name: str
    size_bytes: int
    version: str
    finished: int


async def answer_file(
    parts: Parts, request: web.Request, file: StoredFile, admit: Callable[[], Awaitable[None]]
) -> web.StreamResponse:
    """The file, or what the request's preconditions and range make of it. `admit` is called before bytes are sent.

    Raises HttpError: 404 where the file was dropped, 412 and 416; and what `admit` raises.
    """
    answer = _chosen(request, file)
    response = FileAnswer(status=answer.status, headers=_headers(file, answer))
    if request.method == hdrs.METH_HEAD or not answer.length:
        return response
    with (
        request.app[GATE].stream(peer_of(request), request[CALLER].username),
        await asyncio.to_thread(_opened, file) as opened,
    ):
        await admit()
        await _send(parts, request, response, opened, answer)
    return response


def _chosen(request: web.Request, file: StoredFile) -> Answer:
    headers = request.headers.copy()
    if request.method == hdrs.METH_HEAD:
        headers.popall(hdrs.RANGE, None)  # it is GET's alone
    size = file.size_bytes
    answer = answer_for(headers, file.version, file.finished // _MICROSECONDS, size)
    if answer.status == web.HTTPPreconditionFailed.status_code:
        problem = f"{file.name} is not the file that the request is for: its ETag is {_etag(file)}"
        raise HttpError(answer.status, problem, {hdrs.ETAG: _etag(file)})
    if answer.status == web.HTTPRequestRangeNotSatisfiable.status_code:
        problem = f"Range: {file.name} has {size} bytes, and none of them is asked for"
        raise HttpError(answer.status, problem, {hdrs.CONTENT_RANGE: f"bytes */{size}"})
    return answer


def _headers(file: StoredFile, answer: Answer) -> Mapping[str, str]:
    """The head without its first line. The file is what is sent: Content-Encoding would have clients unpack it."""
    headers: dict[str, str] = {
        hdrs.ETAG: _etag(file),
        hdrs.LAST_MODIFIED: formatdate(file.finished // _MICROSECONDS, usegmt=True),
        hdrs.ACCEPT_RANGES: "bytes",
    }
    if answer.status == web.HTTPNotModified.status_code:
        return headers
    headers |= {
        hdrs.CONTENT_TYPE: _TYPE,
        hdrs.CONTENT_LENGTH: str(answer.length),
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{file.name}"',
    }
    if answer.status == web.HTTPPartialContent.status_code:
        headers[hdrs.CONTENT_RANGE] = f"bytes {answer.first}-{answer.first + answer.length - 1}/{file.size_bytes}"
    return headers


def _etag(file: StoredFile) -> str:
    return f'"{file.version}"'


def _opened(file: StoredFile) -> BinaryIO:
    try:
        opened = file.path.open("rb", buffering=0)
    except FileNotFoundError:
        raise HttpError(404, f"{file.name} was dropped for a newer one; ask again") from None
    size = opened.seek(0, 2)
    if size != file.size_bytes:
        opened.close()
        raise StoreCorruptError(f"{file.path} has {size} bytes, its manifest says {file.size_bytes}; remove its folder")
    return opened


async def _send(parts: Parts, request: web.Request, response: FileAnswer, opened: BinaryIO, answer: Answer) -> None:
    """Send all of it, or end the connection: only so does a client learn that what it has is not all."""
    try:
        await send_file(request, response, opened.fileno(), answer.first, answer.length, parts.stalled_seconds)
    except OSError as error:
        if request.transport is not None:
            request.transport.abort()
        if not isinstance(error, ConnectionError):
            reason = "the client takes nothing" if isinstance(error, TimeoutError) else str(error)
            structlog.get_logger().warning("download_cut_off", path=request.path, sent=response.sent, reason=reason)
