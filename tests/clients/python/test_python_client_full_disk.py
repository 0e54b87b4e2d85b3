"""Disks that take no more in the middle of an export."""

import asyncio
import hashlib
import subprocess
import sys

import pytest

from wikifeed_client import Client, SnapshotKind

NOISE = hashlib.shake_256(b"noise").hexdigest(600_000)
ALLOWED = 3_000_000
THREADS = """
with Client(address) as client:
    client.export(SnapshotKind("enwiki"), folder)
"""
ASYNCIO = """
async def main():
    async with AsyncClient(address) as client:
        await client.export(SnapshotKind("enwiki"), folder)

asyncio.run(main())
"""
# No file of this process may be larger: writing on fails as on a disk that is full, at any byte.
PROGRAM = f"""
import asyncio, resource, sys
from wikifeed_client import AsyncClient, Client, SnapshotKind

address, folder = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, ({ALLOWED}, {ALLOWED}))
"""


@pytest.mark.parametrize("program", [THREADS, ASYNCIO], ids=["threads", "asyncio"])
async def test_a_full_disk_is_told_and_what_came_is_kept(feed, server, tmp_path, program):
    feed.publish_many([feed.write(f"Page {number}", 10 + number, text=NOISE) for number in range(8)])
    await server.write_snapshot()
    command = [sys.executable, "-c", PROGRAM + program, server.address, tmp_path / "out"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    told = done.stderr.splitlines()[-1]
    assert told.startswith("OSError: [Errno 27] File too large, at byte ")
    assert "what came is kept, and the next export goes on" in told
    assert told.endswith("enwiki_namespace_0.tar.gz'")
    (part,) = (tmp_path / "out").iterdir()
    assert (part.suffix, part.stat().st_size) == (".part", ALLOWED)
    steps = []
    with Client(server.address) as client:
        (path,) = (
            await asyncio.to_thread(client.export, SnapshotKind("enwiki"), tmp_path / "out", progress=steps.append)
        ).files
    assert steps[0].done_bytes == ALLOWED
    assert [each.name for each in (tmp_path / "out").iterdir()] == [path.name]
    assert path.stat().st_size > ALLOWED
