"""Reaping what others left, in a process of its own that orphans are given to, as to process 1."""

import subprocess
import sys

import pytest

REAPER = """
import asyncio, ctypes, os, subprocess
import psutil
from wikifeed_server.runtime.supervisor.orphans import reap_orphans

PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0

def zombies():
    children = psutil.Process().children()
    return [child for child in children if child.status() == psutil.STATUS_ZOMBIE]

async def main():
    # The shell ends at once, and leaves a process that ends a moment later.
    subprocess.run(["sh", "-c", "sleep 0.2 &"], check=True)
    own = subprocess.Popen(["sh", "-c", "exit 7"])
    while len(zombies()) < 2:
        await asyncio.sleep(0.01)
    reaping = asyncio.create_task(reap_orphans(every_seconds=0.3))
    assert await asyncio.to_thread(own.wait) == 7
    while zombies():
        await asyncio.sleep(0.01)
    reaping.cancel()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to another process than the first")
def test_orphans_are_reaped_and_children_of_our_own_left_to_who_waits_for_them():
    subprocess.run([sys.executable, "-c", REAPER], check=True, timeout=60)
