"""Exports, for threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc

from wikifeed_client._errors import DamagedDataError, error_of_call
from wikifeed_client._exporting import ChunkFile
from wikifeed_client._pieces import Piece, keep_memory
from wikifeed_client._planning import ExportPlan
from wikifeed_client._sync.watching import SilentError, WatchedCall


class Exporter:
    """Fetches the files of one plan, `parallel` of them at a time."""

    def __init__(
        self,
        method: "grpc.UnaryStreamMultiCallable[Any, Any]",
        plan: ExportPlan,
        metadata: tuple[tuple[str, str], ...],
        silence_seconds: float,
    ) -> None:
        self._method = method
        self._plan = plan
        self._metadata = metadata
        self._silence_seconds = silence_seconds
        self._stopped = threading.Event()
        self._telling = threading.Lock()
        self._calls: set[WatchedCall[Piece]] = set()

    def run(self, parallel: int) -> tuple[Path, ...]:
        """Fetch what is missing; the files. The first error ends all, and what came stays in the folder."""
        keep_memory()
        with ThreadPoolExecutor(parallel, "wikifeed-export") as pool:
            tasks = [pool.submit(self._fetch, file) for file in self._plan.files]
            try:
                for task in tasks:
                    task.result()
            finally:
                self._stop()
                for task in tasks:
                    task.cancel()
        return self._plan.paths

    def _fetch(self, file: ChunkFile) -> None:
        if self._stopped.is_set():
            return
        try:
            is_whole = file.look()
            self._told(file)
            while not is_whole and not self._stopped.is_set():
                self._stopped.wait(self._pull(file))
                is_whole = file.finish()
        except BaseException:
            # The others end now, not when it is this one's turn to be waited for.
            self._stop()
            raise

    def _pull(self, file: ChunkFile) -> float:
        """Make one call and take what it brings; how many seconds to wait before the next."""
        if file.position == file.size_bytes:
            return 0
        stream = self._method(file.request(), metadata=self._metadata)
        with WatchedCall(stream, self._silence_seconds) as call:
            self._calls.add(call)
            try:
                for piece in call:
                    file.add(piece)
                    self._told(file)
            except SilentError:
                return file.silent()
            except DamagedDataError as error:
                return file.damaged(error)
            except grpc.RpcError as error:
                return 0 if self._stopped.is_set() else file.failed(error_of_call(error))
            finally:
                self._calls.discard(call)
        return file.ended()

    def _told(self, file: ChunkFile) -> None:
        with self._telling:
            self._plan.told(file)

    def _stop(self) -> None:
        self._stopped.set()
        for call in tuple(self._calls):
            call.cancel()
