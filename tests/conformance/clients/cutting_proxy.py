"""A TCP proxy that cuts, refuses and redirects connections.

A cut comes after what the server sent on a connection: the proxy counts the bytes of HTTP/2 DATA frames that it passed
on, and the connection's end follows them in the stream, so nothing of them is lost on the way. A connection is named by
the port from which it reaches the server.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Self

_FRAME_HEADER = 9
_DATA = 0


class FrameCounter:
    """Counts the bytes of DATA frames in what a server sends."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._left = 0
        self._is_data = False

    def feed(self, data: bytes) -> int:
        """How many of these bytes are in DATA frames."""
        counted = 0
        view = memoryview(data)
        while view:
            if self._left:
                taken = min(self._left, len(view))
                counted += taken if self._is_data else 0
                self._left -= taken
                view = view[taken:]
                continue
            missing = _FRAME_HEADER - len(self._header)
            self._header += view[:missing]
            view = view[missing:]
            if len(self._header) == _FRAME_HEADER:
                self._left = int.from_bytes(self._header[:3], "big")
                self._is_data = self._header[3] == _DATA
                self._header.clear()
        return counted


class CuttingProxy:
    """Passes connections on to `target`, a port of this machine. An asynchronous context manager."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._passed: Counter[int] = Counter()
        self._refusals = 0
        self._grown = asyncio.Condition()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._end_connections()

    async def cut(self, port: int, data_bytes: int, refuse: int) -> None:
        """Cut all connections once so many bytes of data were passed on over one of them, and refuse the next ones."""
        async with self._grown:
            await self._grown.wait_for(lambda: self._passed[port] >= data_bytes)
        self._refusals = refuse
        await self._end_connections()

    async def _end_connections(self) -> None:
        ending = list(self._connections)
        for connection in ending:
            connection.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _accept(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if self._refusals:
            self._refusals -= 1
            to_client.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            async with asyncio.TaskGroup() as directions:
                up = directions.create_task(_pass_on(from_client, to_server, _nothing))
                await _pass_on(from_server, to_client, self._counting(to_server.get_extra_info("sockname")[1]))
                up.cancel()
        finally:
            self._connections.discard(task)
            to_client.close()
            to_server.close()

    def _counting(self, port: int) -> Callable[[bytes], Awaitable[None]]:
        """Counts the data that is passed on over a connection."""
        counter = FrameCounter()

        async def count(data: bytes) -> None:
            async with self._grown:
                self._passed[port] += counter.feed(data)
                self._grown.notify_all()

        return count


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, told: Callable[[bytes], Awaitable[None]]
) -> None:
    """Pass on until the end, and end the other side there."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
            await told(data)
    except ConnectionError:
        pass
    writer.close()


async def _nothing(data: bytes) -> None:
    """What clients send is not counted."""
