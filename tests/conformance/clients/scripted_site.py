"""A server as one scenario has it: its log, its script, what it saw, and the address it keeps when it moves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any, Self

import grpc
from call_record import credentials
from cutting_proxy import CuttingProxy
from made_up_status import CallEndedError
from scripted_answers import ANSWERS, UnaryCall
from scripted_call import ScriptedCall
from scripted_files import ExportBatchCall, ExportSnapshotCall
from scripted_snapshots import SiteSnapshots
from scripted_streams import BatchGetCall, ChangesCall, SubscribeCall

_MESSAGE_HEADER = 5
_STREAMS: Mapping[str, type[ScriptedCall]] = {
    "BatchGetArticles": BatchGetCall,
    "StreamChanges": ChangesCall,
    "Subscribe": SubscribeCall,
    "ExportSnapshot": ExportSnapshotCall,
    "ExportBatch": ExportBatchCall,
}


class ScriptedSite(grpc.GenericRpcHandler):
    """Does what the `server` of a scenario says. An asynchronous context manager."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words
        self.log = int(words.get("log", 0))
        self.oldest = int(words.get("oldest", min(1, self.log)))
        self.snapshots = SiteSnapshots(words)
        self.acknowledged: dict[str, int] = dict(words.get("acknowledged", {}))
        self.calls: list[dict[str, Any]] = []
        self._script = list(words.get("script", ()))
        self._sent: Counter[int] = Counter()
        self._running = AsyncExitStack()
        self._servers: list[grpc.aio.Server] = []
        self._stops: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._proxy = await self._running.enter_async_context(CuttingProxy(await self._listen()))
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(*(server.stop(None) for server in self._servers), *self._stops)
        await self._running.aclose()

    @property
    def address(self) -> str:
        """Where clients connect to, however often it moves."""
        return self._proxy.address

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        """Take any call, as bytes."""
        method = details.method.rpartition("/")[2]

        async def answer(requests: AsyncIterator[bytes], context: Any) -> None:
            await self._answer(method, requests, context)

        return grpc.stream_stream_rpc_method_handler(answer)

    async def cut(self, port: int, refuse: int) -> None:
        """Cut all connections once what was sent over that one is through, and refuse the next ones."""
        await self._proxy.cut(port, self._sent[port], refuse)

    async def move(self, grace_seconds: float) -> None:
        """Go on as another server. The old one says GOAWAY."""
        self._proxy.target = await self._listen()
        stop = asyncio.create_task(self._servers[-2].stop(grace_seconds))
        self._stops.add(stop)

    async def _listen(self) -> int:
        server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
        server.add_generic_rpc_handlers((self,))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        self._servers.append(server)
        return port

    async def _answer(self, method: str, requests: AsyncIterator[bytes], context: Any) -> None:
        port = int(context.peer().rpartition(":")[2])
        record = {"method": method, "server": len(self._servers), **credentials(context.invocation_metadata())}

        async def write(message: bytes) -> None:
            await context.write(message)
            self._sent[port] += _MESSAGE_HEADER + len(message)

        kind = _STREAMS.get(method) or (UnaryCall if method in ANSWERS else None)
        if kind is None:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"no scenario has {method}")
            return
        call = kind(self, method, port, requests, write, record)
        try:
            await call.open()
            self.calls.append(record)
            await call.run(self._steps(method, record))
        except CallEndedError as ended:
            await context.abort(ended.code, ended.status.message, ended.trailers)
        finally:
            await call.close()

    def _steps(self, method: str, record: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The steps of the first entry of the script that is for this call, which is used up."""
        for entry in self._script:
            if entry["call"] == method and entry.get("chunk") in (None, record.get("first_chunk")):
                self._script.remove(entry)
                return list(entry["do"])
        return []
