"""The bytes of a file into an HTTP answer, from the kernel's cache to the socket without passing through this process.

uvloop has no `loop.sendfile`. So the head goes out through aiohttp, and when the transport has nothing left to write
the body is written beside it, to a second descriptor of its socket: the loop refuses to watch the first one, which is
the transport's. What must be encrypted is read and written as other answers are.

Sending must not stall the loop. It goes step by step, others' turns between them, and what the kernel does not have
in its cache is brought there by a thread first.
"""

import asyncio
import os
from collections.abc import AsyncIterable, Callable
from functools import partial
from typing import NamedTuple, TypeVar

from aiohttp import web

T = TypeVar("T")

_STEP_BYTES = 1 << 20
_WRITTEN_BYTES = 1 << 16  # at once through a transport, so that a slow client takes each in time
_READ_AHEAD_BYTES = 8 << 20
_CAN_READ_CACHED_ONLY = hasattr(os, "RWF_NOWAIT")  # Linux; elsewhere every piece is read in a thread first
_CAN_READ_AHEAD = hasattr(os, "posix_fadvise")


class FileAnswer(web.StreamResponse):
    """An answer whose body is a file's. `sent` is how many bytes of it were handed to the kernel."""

    sent = 0

    @property
    def body_length(self) -> int:
        """What was sent of the body."""
        return self.sent


class FilePiece(NamedTuple):
    """Bytes of the file of a descriptor: `length` from `first` on."""

    file: int
    first: int
    length: int


async def send_pieces(
    request: web.Request, answer: FileAnswer, pieces: AsyncIterable[FilePiece], stalled_seconds: float
) -> None:
    """Send the head, and the pieces one behind the other.

    Raises ConnectionError where the client is gone, TimeoutError where it takes nothing for `stalled_seconds`, OSError
    where a file can't be read to a piece's end, and what making `pieces` raises. What was sent by then can't be taken
    back: the connection must be closed.
    """
    transport = request.transport
    if transport is None:
        raise ConnectionResetError("the client is gone")
    encrypted = transport.get_extra_info("sslcontext") is not None
    if not encrypted and await _send_head(request, answer, transport, stalled_seconds):
        socket = os.dup(transport.get_extra_info("socket").fileno())
        try:
            async for piece in pieces:
                await _send_beside(socket, answer, piece, stalled_seconds)
        finally:
            os.close(socket)
    else:
        await answer.prepare(request)
        async for piece in pieces:
            await _send_through(answer, piece, stalled_seconds)


async def _send_head(
    request: web.Request, answer: FileAnswer, transport: asyncio.Transport, stalled_seconds: float
) -> bool:
    """Whether the head, and all before it, left the transport."""
    transport.set_write_buffer_limits(0)  # draining waits until nothing is left
    try:
        async with asyncio.timeout(stalled_seconds):
            writer = await answer.prepare(request)
            if writer is not None:
                await writer.drain()
    finally:
        if not transport.is_closing():
            transport.set_write_buffer_limits()
    return not transport.is_closing() and not transport.get_write_buffer_size()


async def _send_beside(socket: int, answer: FileAnswer, piece: FilePiece, stalled_seconds: float) -> None:
    file, position, end = piece.file, piece.first, piece.first + piece.length
    while position < end:
        length = min(end - position, _STEP_BYTES)
        if not _is_cached(file, position, length):
            await _in_thread(partial(_bring, file, position, length))
        try:
            sent = os.sendfile(socket, file, position, length)
        except BlockingIOError:
            await _room(socket, stalled_seconds)
            continue
        if not sent:
            raise _too_short(position)
        position += sent
        answer.sent += sent
        await asyncio.sleep(0)


async def _room(socket: int, stalled_seconds: float) -> None:
    """Wait until the socket takes more, or tells what is wrong with it."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_writer(socket, _wake, ready)
    try:
        async with asyncio.timeout(stalled_seconds):
            await ready
    finally:
        loop.remove_writer(socket)


def _wake(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


async def _send_through(answer: FileAnswer, piece: FilePiece, stalled_seconds: float) -> None:
    file, position, end = piece.file, piece.first, piece.first + piece.length
    while position < end:
        data = await _in_thread(partial(os.pread, file, min(end - position, _STEP_BYTES), position))
        if not data:
            raise _too_short(position)
        for start in range(0, len(data), _WRITTEN_BYTES):
            part = data[start : start + _WRITTEN_BYTES]
            async with asyncio.timeout(stalled_seconds):
                await answer.write(part)
            answer.sent += len(part)
        position += len(data)


def _is_cached(file: int, position: int, length: int) -> bool:
    """Whether the kernel has these bytes in its cache, as far as the first and the last one tell."""
    if not _CAN_READ_CACHED_ONLY:
        return False
    byte = [bytearray(1)]
    try:
        return all(os.preadv(file, byte, at, os.RWF_NOWAIT) for at in (position, position + length - 1))
    except OSError:
        # Not in the cache, or a file system that can't tell. What is wrong with the disk shows once it is waited for.
        return False


def _bring(file: int, position: int, length: int) -> None:
    """Have the kernel read bytes into its cache, and go on with those behind them."""
    if _CAN_READ_AHEAD:
        os.posix_fadvise(file, position, _READ_AHEAD_BYTES, os.POSIX_FADV_WILLNEED)
    os.pread(file, length, position)


async def _in_thread(work: Callable[[], T]) -> T:
    """Run `work` to its end, even when cancelled: what it works on is closed afterwards."""
    running = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(running)
    finally:
        if not running.done():
            await asyncio.wait([running])


def _too_short(size: int) -> OSError:
    return OSError(f"the file ends at byte {size}, before what is known of it says")
