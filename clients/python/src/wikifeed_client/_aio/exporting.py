"""Exports, for asyncio. Files are read, written and summed in threads."""

import asyncio
from pathlib import Path
from typing import Any

import grpc

from wikifeed_client._errors import DamagedDataError, error_of_call
from wikifeed_client._exporting import ChunkFile
from wikifeed_client._pieces import Piece, keep_memory
from wikifeed_client._planning import ExportPlan


class AsyncExporter:
    """Fetches the files of one plan, `parallel` of them at a time."""

    def __init__(
        self,
        method: "grpc.aio.UnaryStreamMultiCallable[Any, Any]",
        plan: ExportPlan,
        metadata: tuple[tuple[str, str], ...],
        silence_seconds: float,
    ) -> None:
        self._method = method
        self._plan = plan
        self._metadata = metadata
        self._silence_seconds = silence_seconds

    async def run(self, parallel: int) -> tuple[Path, ...]:
        """Fetch what is missing; the files. The first error ends all, and what came stays in the folder."""
        keep_memory()
        turns = asyncio.Semaphore(parallel)
        try:
            async with asyncio.TaskGroup() as tasks:
                for file in self._plan.files:
                    tasks.create_task(self._fetch(file, turns))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        return self._plan.paths

    async def _fetch(self, file: ChunkFile, turns: asyncio.Semaphore) -> None:
        async with turns:
            is_whole = await asyncio.to_thread(file.look)
            self._plan.told(file)
            while not is_whole:
                await asyncio.sleep(await self._pull(file))
                is_whole = await asyncio.to_thread(file.finish)

    async def _pull(self, file: ChunkFile) -> float:
        """Make one call and take what it brings; how many seconds to wait before the next."""
        if file.position == file.size_bytes:
            return 0
        call = self._method(file.request(), metadata=self._metadata)
        try:
            while True:
                async with asyncio.timeout(self._silence_seconds):
                    piece = await call.read()
                if not isinstance(piece, Piece):
                    return file.ended()
                await asyncio.to_thread(file.add, piece)
                self._plan.told(file)
        except TimeoutError:
            return file.silent()
        except DamagedDataError as error:
            return file.damaged(error)
        except grpc.RpcError as error:
            return file.failed(error_of_call(error))
        finally:
            call.cancel()
