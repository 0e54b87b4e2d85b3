"""What ExportSnapshot costs the server, beside a bare grpc.aio handler that sends constant chunks of 1 MB.

    python benchmarks/export.py [--full] [--json FILE]

Both servers are processes of their own on uvloop, with the allocator set as `wikifeed serve` sets it; the client drains
raw bytes. The runs of the two take turns, each is counted in the CPU time of its server alone and beside the other's
that followed it, and the median counts: whatever else the machine does then meets both.
"""

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import uvloop

from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.runtime.memory import keep_freed_memory
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.snapshots import Manifest, SnapshotLibrary, SnapshotSpec, SnapshotWriters
from wikifeed_server.snapshots.files import ChecksummedFile
from wikifeed_server.snapshots.manifest import ChunkEntry
from wikifeed_server.snapshots.spec import manifest_name
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

SPEC = SnapshotSpec("enwiki", 0, 1)
METHOD = "/wikifeed.v1.SnapshotService/ExportSnapshot"
BARE_METHOD = "/bench.Bare/Export"
CHUNK_BYTES = 1 << 20
BOUND = 1.3


def main() -> int:
    """Run the command line; 0 when the promise holds."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--json", type=Path, metavar="FILE")
    arguments.add_argument("--serve", nargs=3, metavar=("KIND", "STORE", "MEGABYTES"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.serve:
        kind, store, megabytes = chosen.serve
        keep_freed_memory()
        uvloop.run(serve_export(Path(store)) if kind == "export" else serve_bare(int(megabytes)))
        return 0
    rows = measure(megabytes=256 if chosen.full else 128, runs=41 if chosen.full else 25)
    for row in rows:
        print(f"{row['name']}: {row['value']:.3g} {row['unit']} {row['bound']}")
    if chosen.json:
        chosen.json.write_text(json.dumps(rows))
    return 0 if all(row["ok"] for row in rows) else 1


def measure(megabytes: int, runs: int) -> list[dict[str, object]]:
    """The figures as rows for `run.py`."""
    request = ExportSnapshotRequest(identifier=SPEC.identifier).SerializeToString()
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        make_snapshot(store, megabytes)
        with server("export", store, megabytes) as export, server("bare", store, megabytes) as bare:
            pairs = [(seconds(*export, METHOD, request), seconds(*bare, BARE_METHOD, b"")) for _ in range(runs + 1)][1:]
    gigabytes = megabytes * CHUNK_BYTES / 1e9
    export_seconds = statistics.median(ours for ours, _ in pairs) / gigabytes
    bare_seconds = statistics.median(theirs for _, theirs in pairs) / gigabytes
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    return [
        row("ExportSnapshot, server CPU beside a bare handler", ratio, "x", f"<= {BOUND}", ok=ratio <= BOUND),
        row("ExportSnapshot, sent a CPU-second of the server", 1 / export_seconds, "GB"),
        row("bare handler of constant 1 MB chunks, sent a CPU-second", 1 / bare_seconds, "GB"),
    ]


def row(name: str, value: float, unit: str, bound: str = "", *, ok: bool = True) -> dict[str, object]:
    """One figure."""
    return {"name": name, "value": value, "unit": unit, "bound": bound, "ok": ok}


def make_snapshot(store: Path, megabytes: int) -> None:
    """A store with a ready snapshot: one file of noise, with the manifest that writing it would have made."""
    writer = EmbeddedWriter.open(store)
    writer.put_project(ProjectInfo("enwiki"))
    writer.close()
    claim = SnapshotLibrary(store).claim(SPEC)
    name = SPEC.file_name(0)
    with (claim.status.folder / name).open("wb") as raw:
        file = ChecksummedFile(raw)
        for block in range(megabytes):
            file.write(hashlib.shake_256(block.to_bytes(4, "big")).digest(CHUNK_BYTES))
    size = file.size_bytes
    entry = ChunkEntry(name, size, size, file.md5, file.sha256, file.crc32c(), 1, 1, 1)
    manifest = Manifest(SPEC, "en", 0, 0, 0, file.md5, (entry,))
    (claim.status.folder / manifest_name(SPEC.identifier)).write_bytes(manifest.to_json())
    os.close(claim.lock)


@contextmanager
def server(kind: str, store: Path, megabytes: int) -> Iterator[tuple[int, grpc.Channel]]:
    """A server's process id, and a channel to it."""
    command = [sys.executable, __file__, "--serve", kind, str(store), str(megabytes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            with grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)]) as channel:
                yield process.pid, channel
        finally:
            process.terminate()


async def serve_export(store: Path) -> None:
    """Serve SnapshotService as `wikifeed serve` does."""
    reader = EmbeddedReader.open(store)
    library = SnapshotLibrary(store)
    async with SnapshotWriters(store, library) as writers:
        services = {"wikifeed.v1.SnapshotService": SnapshotService(reader, library, writers)}
        running = await start_server(services, ["127.0.0.1:0"], ServerOptions(), asyncio.Event())
        print(running.addresses[0], flush=True)
        await running.wait()


async def serve_bare(megabytes: int) -> None:
    """Serve a handler that does nothing but send."""
    chunk = bytes(CHUNK_BYTES)

    async def export(request: bytes, context: grpc.aio.ServicerContext) -> None:
        for _ in range(megabytes):
            await context.write(chunk)

    handler = grpc.unary_stream_rpc_method_handler(export)
    bare = grpc.aio.server(options=ServerOptions().as_channel_arguments())
    bare.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Bare", {"Export": handler}),))
    print(f"127.0.0.1:{bare.add_insecure_port('127.0.0.1:0')}", flush=True)
    await bare.start()
    await bare.wait_for_termination()


def seconds(process_id: int, channel: grpc.Channel, method: str, request: bytes) -> float:
    """The server's CPU time for one export, drained without looking at the bytes."""
    before = cpu_seconds(process_id)
    for _ in channel.unary_stream(method)(request):
        continue
    return cpu_seconds(process_id) - before


def cpu_seconds(process_id: int) -> float:
    """The CPU time that a process's threads have taken, to the nanosecond (/proc/PID/task/TID/schedstat, field 1)."""
    tasks = Path(f"/proc/{process_id}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


if __name__ == "__main__":
    sys.exit(main())
