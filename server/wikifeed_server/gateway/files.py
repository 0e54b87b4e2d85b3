"""Downloads: a file of the store as the answer to GET and HEAD, whole or a range of it.

A file is opened once for an answer and read to its end from there, whatever becomes of its name meanwhile. Where what
is downloaded lies in many files, the first are held open so; later ones are opened when it is their turn, and when they
were dropped by then, the connection ends.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO

import structlog
from aiohttp import hdrs, web

from wikifeed_server.errors import StoreCorruptError, UnauthenticatedError
from wikifeed_server.gateway.errors import HttpError
from wikifeed_server.gateway.parts import CALLER, GATE, Parts
from wikifeed_server.gateway.peers import peer_of
from wikifeed_server.gateway.ranges import Answer, answer_for
from wikifeed_server.gateway.sending import FileAnswer, FilePiece, send_pieces
from wikifeed_server.snapshots.joining import Piece
from wikifeed_server.snapshots.opening import opened_in_thread

_TYPE = "application/gzip"
_MICROSECONDS = 1_000_000
_HELD_FILES = 32  # descriptors are few, and few downloads are of so many files at once


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What may be downloaded as one file and never changes: the bytes of `pieces` of files in `folder`.

    `version` is a hash of it, `finished` in microseconds since 1970.
    """

    folder: Path
    pieces: tuple[Piece, ...]
    name: str
    version: str
    finished: int

    @property
    def size_bytes(self) -> int:
        """The size of all pieces together."""
        return sum(piece.length for piece in self.pieces)

    def within(self, first: int, length: int) -> list[Piece]:
        """The pieces that hold `length` bytes from `first` on."""
        found, begin, end = [], first, first + length
        for piece in self.pieces:
            if 0 <= begin < piece.length and end > 0:
                found.append(Piece(piece.file_name, piece.start + begin, min(end, piece.length) - begin))
                begin = piece.length
            begin, end = begin - piece.length, end - piece.length
        return found


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
    pieces = file.within(answer.first, answer.length)
    with request.app[GATE].stream(peer_of(request), request[CALLER].username), ExitStack() as stack:
        held = await asyncio.to_thread(_hold, stack, file, pieces[:_HELD_FILES])
        await admit()
        await _send(parts, request, response, _opened(file, pieces, held))
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


def _hold(stack: ExitStack, file: StoredFile, pieces: Sequence[Piece]) -> list[BinaryIO]:
    """Open the files of pieces, which `stack` closes."""
    try:
        return [stack.enter_context(_open(file.folder, piece)) for piece in pieces]
    except FileNotFoundError:
        raise HttpError(404, f"{file.name} was dropped for a newer one; ask again") from None


def _open(folder: Path, piece: Piece) -> BinaryIO:
    path, end = folder / piece.file_name, piece.start + piece.length
    opened = path.open("rb", buffering=0)
    size = opened.seek(0, os.SEEK_END)
    if size < end:
        opened.close()
        raise StoreCorruptError(f"{path} has {size} bytes, its manifest says at least {end}; remove its folder")
    return opened


async def _opened(
    file: StoredFile, pieces: Sequence[Piece], held: Sequence[BinaryIO]
) -> AsyncGenerator[FilePiece, None]:
    """The pieces, with descriptors of the files held, and of those that are opened when it is their turn."""
    for piece, opened in zip(pieces, held, strict=False):
        yield FilePiece(opened.fileno(), piece.start, piece.length)
    for piece in pieces[len(held) :]:
        with await opened_in_thread(_open, file.folder, piece) as opened:
            yield FilePiece(opened.fileno(), piece.start, piece.length)


async def _send(
    parts: Parts, request: web.Request, response: FileAnswer, pieces: AsyncGenerator[FilePiece, None]
) -> None:
    """Send all of it, or end the connection: only so does a client learn that what it has is not all."""
    try:
        async with aclosing(pieces), parts.guard.download(request[CALLER]):
            await send_pieces(request, response, pieces, parts.stalled_seconds)
    except (OSError, StoreCorruptError, UnauthenticatedError) as error:
        if request.transport is not None:
            request.transport.abort()
        if not isinstance(error, ConnectionError):
            reason = "the client takes nothing" if isinstance(error, TimeoutError) else str(error)
            structlog.get_logger().warning("download_cut_off", path=request.path, sent=response.sent, reason=reason)
