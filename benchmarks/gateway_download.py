"""Downloads over HTTP, beside nginx with the same file.

    python benchmarks/gateway_download.py [--full] [--json FILE]

Several curls at once fetch a snapshot's file, from a server of one worker and from an nginx of one, in turns. What
counts is how long they take together, and the server's CPU time. Without nginx there is our own figure alone.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from made_up_store import fill_articles
from server_process import LOAD_CORE, SERVER_CORE, ServerProcess, at_most, pinned, report, row, wikifeed_serve

from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec
from wikifeed_server.snapshots.manifest import ChunkEntry, Manifest
from wikifeed_server.snapshots.spec import manifest_name

MEGABYTE = 1 << 20
DOWNLOADS = 4
ALLOWED = 1.2  # how many times nginx's
FULL, QUICK = (1024, 5), (256, 3)  # megabytes, rounds
CONFIGURATION = """
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on;
  client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
  server {{ listen {address}; root {folder}; }}
}}
"""


class Fetched(NamedTuple):
    """What several downloads of a file at once took, and took of the server."""

    seconds: float
    cpu_seconds: float


def main() -> int:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="a bigger file, more rounds")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    chosen = arguments.parse_args()
    megabytes, rounds = FULL if chosen.full else QUICK
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        fill_articles(Path(scratch), (1000,))
        file = make_snapshot(Path(scratch), megabytes)
        return report(measure(Path(scratch), file, rounds), chosen.json)


def measure(store: Path, file: Path, rounds: int) -> list[dict[str, object]]:
    """The rows."""
    options = ("--workers", "1", "--http", "127.0.0.1:0", "--accounts", "no")
    with ExitStack() as stack:
        server = stack.enter_context(wikifeed_serve(store, *options, core=SERVER_CORE))
        beside = stack.enter_context(nginx(file.parent)) if shutil.which("nginx") else None
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(fetch(server, f"{server.http}/v2/snapshots/enwiki_namespace_0/download"))
            if beside:
                theirs.append(fetch(beside, f"{beside.address}/{file.name}"))
    size = DOWNLOADS * file.stat().st_size / MEGABYTE
    seconds, cpu_seconds = middle(ours)
    what = f"HTTP: {DOWNLOADS} downloads at once of {file.stat().st_size // MEGABYTE} MB"
    rows = [row(what, size / seconds, "MB/s"), row(f"{what}, server CPU", size / cpu_seconds, "MB a CPU-s")]
    if theirs:
        their_seconds, their_cpu_seconds = middle(theirs)
        rows.append(at_most(f"{what}, time beside nginx's", seconds / their_seconds, "x", ALLOWED))
        rows.append(at_most(f"{what}, server CPU beside nginx's", cpu_seconds / their_cpu_seconds, "x", ALLOWED))
    return rows


def make_snapshot(store: Path, megabytes: int) -> Path:
    """The file of a ready snapshot of enwiki, of random bytes: nobody unpacks it."""
    library, spec = SnapshotLibrary(store), SnapshotSpec("enwiki", 0, 1)
    status, lock = library.claim(spec)
    path = status.folder / spec.file_name(0)
    piece = os.urandom(MEGABYTE)
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(piece)
    size, now = megabytes * MEGABYTE, time.time_ns() // 1000
    chunk = ChunkEntry(path.name, size, size, "0" * 32, "0" * 64, b"", 1, 1, 1)
    manifest = Manifest(spec, "en", now, now, 0, chunk.md5, (chunk,))
    (status.folder / manifest_name(spec.identifier)).write_bytes(manifest.to_json())
    os.close(lock)
    return path


def fetch(server: ServerProcess, url: str) -> Fetched:
    """Download from a server, several at once, to nowhere."""
    before, began = server.cpu_seconds(), time.perf_counter()
    command = [*pinned(LOAD_CORE), "curl", "--silent", "--fail", "--output", os.devnull, f"http://{url}"]
    downloads = [subprocess.Popen(command) for _ in range(DOWNLOADS)]
    failed = [code for code in [download.wait() for download in downloads] if code]
    if failed:
        raise SystemExit(f"curl can't download http://{url}: it exited with {failed[0]}")
    return Fetched(time.perf_counter() - began, server.cpu_seconds() - before)


def middle(fetched: list[Fetched]) -> Fetched:
    """The medians."""
    return Fetched(*map(statistics.median, zip(*fetched, strict=True)))


@contextmanager
def nginx(folder: Path) -> Iterator[ServerProcess]:
    """An nginx of one process that serves a folder."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="nginx-") as scratch:
        configuration = Path(scratch) / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(address=address, folder=folder))
        command = [*pinned(SERVER_CORE), "nginx", "-e", "stderr", "-p", scratch, "-c", str(configuration)]
        with subprocess.Popen(command) as process:
            try:
                wait_for(address)
                yield ServerProcess((process.pid,), address)
            finally:
                process.terminate()


def wait_for(address: str) -> None:
    """Return when somebody answers there."""
    host, _, port = address.rpartition(":")
    for _ in range(100):
        try:
            socket.create_connection((host, int(port))).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nginx does not answer at {address}")


if __name__ == "__main__":
    sys.exit(main())
