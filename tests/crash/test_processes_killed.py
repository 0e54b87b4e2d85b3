"""Killing the processes of a server while changes are written and read: nothing acknowledged is lost, nothing doubled.

A writer process puts changes and says which were acknowledged; a client streams, resumes by through_offset after each
cut, and must see every offset once. Prints its seed, and how long the server took to answer again.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import grpc
import psutil
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub

from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.store.embedded import EmbeddedWriter

PATIENCE_SECONDS = 120
WRITE = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from made_up_feed import Feed

feed = Feed(Path(sys.argv[1]))
began = time.monotonic()
first = time.time_ns() // 1000  # pages of this run alone
for number in range(0, 1_000_000, 10):
    feed.time = time.time_ns() // 1000
    pages = range(first + number, first + number + 10)
    print(feed.publish_many([feed.write(f"Page {page}", page) for page in pages]), flush=True)
    time.sleep(max(0, began + number / 500 - time.monotonic()))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Writing:
    """A writer process, started anew when it is killed. `acknowledged` is the last offset that it was told of."""

    def __init__(self, store, folder):
        self.acknowledged = 0
        self._words = [sys.executable, "-c", WRITE, str(store), str(folder)]
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self._words, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def _read(self, lines):
        with lines:
            for line in lines:
                if line.endswith("\n"):
                    self.acknowledged = int(line)


class Reading:
    """A client that goes on wherever it was cut off. `seen` are the offsets of the changes it got."""

    def __init__(self, address):
        self.seen = []
        self.wrong = []
        self.stopping = threading.Event()
        self._address = address
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        through = 0
        while not self.stopping.is_set():
            with grpc.insecure_channel(self._address) as channel, suppress(grpc.RpcError):
                request = StreamChangesRequest(after_offset=through, no_body=True)
                for response in ChangeServiceStub(channel).StreamChanges(request, timeout=5, wait_for_ready=True):
                    self.seen += [change.offset for change in response.changes]
                    through = response.through_offset
                    if self.stopping.is_set():
                        break

    def stop(self):
        self.stopping.set()
        self.thread.join()


def start_server(store, port):
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", str(store), "--workers", "2"]
    command += ["--http", "none"]
    command += ["--listen", f"127.0.0.1:{port}", "--heartbeat-seconds", "0.5"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def wait_until_it_answers(address):
    began = time.monotonic()
    with grpc.insecure_channel(address, options=[("grpc.initial_reconnect_backoff_ms", 100)]) as channel:
        # By calls: a channel that reached a worker just before its end is idle then, and waits to be asked for one.
        while not answers(channel):
            assert time.monotonic() - began < PATIENCE_SECONDS
    return time.monotonic() - began


def answers(channel):
    try:
        HealthStub(channel).Check(HealthCheckRequest(), timeout=PATIENCE_SECONDS, wait_for_ready=True)
    except grpc.RpcError:
        return False
    return True


@pytest.mark.parametrize("kills", [6, pytest.param(50, marks=[pytest.mark.full, pytest.mark.timeout(400)])])
def test_whatever_is_killed_no_acknowledged_change_is_lost_or_doubled(tmp_path, request, kills):
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    store, port = tmp_path / "store", free_port()
    EmbeddedWriter.open(store).close()
    server, writing = start_server(store, port), Writing(store, request.config.rootpath / "tests")
    wait_until_it_answers(f"127.0.0.1:{port}")
    reading = Reading(f"127.0.0.1:{port}")
    took = []
    try:
        for _ in range(kills):
            time.sleep(rng.uniform(0.1, 0.8))
            match rng.choice(("worker", "writer", "supervisor", "chores")):
                case "writer":
                    writing.kill()
                    writing.start()
                case "supervisor":
                    server.kill()
                    server.wait()
                    server = start_server(store, port)
                    took.append(wait_until_it_answers(f"127.0.0.1:{port}"))
                case name:
                    wanted = {"worker": "serve-worker"}.get(name, name)
                    found = [p for p in psutil.Process(server.pid).children() if wanted in p.cmdline()]
                    if found:
                        os.kill(rng.choice(found).pid, signal.SIGKILL)
                        took.append(wait_until_it_answers(f"127.0.0.1:{port}"))
        writing.kill()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (not reading.seen or reading.seen[-1] < writing.acknowledged) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        reading.stop()
        writing.kill()
        server.terminate()
        server.wait()
    print(f"answered again after at most {max(took, default=0):.2f} s; {writing.acknowledged} changes")
    assert writing.acknowledged
    assert reading.seen == list(range(1, len(reading.seen) + 1))
    assert len(reading.seen) >= writing.acknowledged
