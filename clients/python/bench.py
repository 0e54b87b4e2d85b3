"""What the client costs beside the bare stub.

    python clients/python/bench.py ADDRESS MODE [SNAPSHOT_ID FOLDER]

MODE is changes, changes-bare, export or export-bare; with `asyncio-` before it the same with grpc.aio. Changes are
those of enwiki from the beginning of the log to its newest, and only counted: what a reader does with them would hide
what the client costs. An export is the snapshot's files into the folder. It prints what was done and what it took, as
one line of JSON.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import grpc

from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest, ExportSnapshotResponse
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_client import After, AsyncClient, Changes, Client

PROJECT = "enwiki"
OPTIONS = [("grpc.max_receive_message_length", 64 << 20), ("grpc.use_local_subchannel_pool", 1)]


class Done(NamedTuple):
    """What was done: so many changes, or files of so many bytes."""

    items: int
    bytes: int


def wanted(address: str) -> Changes:
    """The changes to read."""
    with grpc.insecure_channel(address, OPTIONS) as channel:
        newest = ChangeServiceStub(channel).GetChangeLogInfo(GetChangeLogInfoRequest()).newest_offset
    return Changes(projects=[PROJECT], until_offset=newest)


def changes(address: str) -> Callable[[], Done]:
    """Read changes with the client."""
    chosen = wanted(address)

    def run() -> Done:
        items = 0
        with Client(address) as client, client.changes(chosen, start=After(0)) as stream:
            for _ in stream:
                items += 1
        return Done(items, 0)

    return run


def changes_bare(address: str) -> Callable[[], Done]:
    """Read changes with the stub."""
    request = wanted(address).request(After(0))

    def run() -> Done:
        items = 0
        with grpc.insecure_channel(address, OPTIONS) as channel:
            for response in ChangeServiceStub(channel).StreamChanges(request):
                for _ in response.changes:
                    items += 1
            return Done(items, 0)

    return run


def export(address: str, identifier: str, folder: str) -> Callable[[], Done]:
    """Export a snapshot with the client."""

    def run() -> Done:
        with Client(address) as client:
            return sizes(client.export(identifier, folder).files)

    return run


def export_bare(address: str, identifier: str, folder: str) -> Callable[[], Done]:
    """Export a snapshot with the stub, a chunk after the other."""

    def run() -> Done:
        writer = Writer(Path(folder))
        with grpc.insecure_channel(address, OPTIONS) as channel:
            for piece in SnapshotServiceStub(channel).ExportSnapshot(ExportSnapshotRequest(identifier=identifier)):
                writer.write(piece)
        return writer.close()

    return run


def asyncio_changes(address: str) -> Callable[[], Awaitable[Done]]:
    """Read changes with the client for asyncio."""
    chosen = wanted(address)

    async def run() -> Done:
        items = 0
        async with AsyncClient(address) as client, client.changes(chosen, start=After(0)) as stream:
            async for _ in stream:
                items += 1
        return Done(items, 0)

    return run


def asyncio_changes_bare(address: str) -> Callable[[], Awaitable[Done]]:
    """Read changes with the stub of grpc.aio."""
    request = wanted(address).request(After(0))

    async def run() -> Done:
        items = 0
        async with grpc.aio.insecure_channel(address, OPTIONS) as channel:
            async for response in ChangeServiceStub(channel).StreamChanges(request):
                for _ in response.changes:
                    items += 1
            return Done(items, 0)

    return run


def asyncio_export(address: str, identifier: str, folder: str) -> Callable[[], Awaitable[Done]]:
    """Export a snapshot with the client for asyncio."""

    async def run() -> Done:
        async with AsyncClient(address) as client:
            return sizes((await client.export(identifier, folder)).files)

    return run


def asyncio_export_bare(address: str, identifier: str, folder: str) -> Callable[[], Awaitable[Done]]:
    """Export a snapshot with the stub of grpc.aio, a chunk after the other."""

    async def run() -> Done:
        writer = Writer(Path(folder))
        async with grpc.aio.insecure_channel(address, OPTIONS) as channel:
            request = ExportSnapshotRequest(identifier=identifier)
            async for piece in SnapshotServiceStub(channel).ExportSnapshot(request):
                writer.write(piece)
        return writer.close()

    return run


class Writer:
    """Writes the pieces of chunks that come one after the other, each chunk into a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths = [folder / "0"]
        self._file = self._paths[0].open("wb", buffering=0)

    def write(self, piece: ExportSnapshotResponse) -> None:
        """Write a piece into its chunk's file."""
        if piece.chunk_number == len(self._paths):
            self._file.close()
            self._paths.append(self._folder / str(piece.chunk_number))
            self._file = self._paths[-1].open("wb", buffering=0)
        self._file.write(piece.data)

    def close(self) -> Done:
        """End the last file; what was written."""
        self._file.close()
        return sizes(self._paths)


def sizes(paths: list[Path] | tuple[Path, ...]) -> Done:
    """How many files there are, and their bytes."""
    return Done(len(paths), sum(path.stat().st_size for path in paths))


MODES: dict[str, Callable[..., Callable[[], Done | Awaitable[Done]]]] = {
    "changes": changes,
    "changes-bare": changes_bare,
    "export": export,
    "export-bare": export_bare,
    "asyncio-changes": asyncio_changes,
    "asyncio-changes-bare": asyncio_changes_bare,
    "asyncio-export": asyncio_export,
    "asyncio-export-bare": asyncio_export_bare,
}


def main(address: str, mode: str, *snapshot: str) -> None:
    """Do what the mode says and tell what it took."""
    run = MODES[mode](address, *snapshot)
    wall, before = time.perf_counter(), os.times()
    done = asyncio.run(run()) if mode.startswith("asyncio-") else run()
    after = os.times()
    cpu = after.user + after.system - before.user - before.system
    print(json.dumps({**done._asdict(), "wall_seconds": time.perf_counter() - wall, "cpu_seconds": cpu}))


if __name__ == "__main__":
    main(*sys.argv[1:])
