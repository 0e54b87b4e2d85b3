"""`wikifeed serve` as a process, with what it says of itself."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import grpc
import psutil
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub

PATIENCE_SECONDS = 60
RETRIES = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 2,
                    "initialBackoff": "0.01s",
                    "maxBackoff": "0.01s",
                    "backoffMultiplier": 1,
                    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
                },
            }
        ]
    }
)


class Supervised:
    """A running server. `log` reads what it logs, as a queue of events."""

    def __init__(self, *words):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}
        http = () if "--http" in words else ("--http", "none")
        command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--log-format", "json"]
        command += [*map(str, words), *http]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._events = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        serving = self.event("serving")
        self.addresses, self.http, self.accounts = serving["addresses"], serving["http"], serving["accounts"]

    def event(self, name):
        """The next event of that name; what comes before is passed over."""
        while True:
            event = self._events.get(timeout=PATIENCE_SECONDS)
            if event is None:
                raise AssertionError(f"the server ended, and never logged {name!r}")
            if event["event"] == name:
                return event

    def children(self, name):
        """The processes that run a command."""
        return [child for child in psutil.Process(self.process.pid).children() if name in _words(child)]

    def child(self, name):
        """The one process that runs a command, once it does."""
        while not (found := self.children(name)):
            assert self.process.poll() is None
        (child,) = found
        return child

    def close(self):
        """End it, and let go of what it says."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        self.process.stderr.close()

    def send(self, number):
        """Send a signal to the supervisor."""
        self.process.send_signal(number)

    def answers(self):
        """Whether a client gets an answer that tries once more where its very connection is closed."""
        with grpc.insecure_channel(self.addresses[0], options=[("grpc.service_config", RETRIES)]) as channel:
            try:
                HealthStub(channel).Check(HealthCheckRequest(), timeout=10, wait_for_ready=True)
            except grpc.RpcError:
                return False
            return True

    def _read(self):
        for line in self.process.stderr:
            if line.startswith("{"):
                self._events.put(json.loads(line))
        self._events.put(None)


def _words(process):
    """The command line of a process; none where it is gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture
def supervise(tmp_path):
    """Starts servers on a store of their own; ends them with the test."""
    with _servers() as servers:

        def supervise(*words):
            listen = () if "--listen" in words else ("--listen", "127.0.0.1:0")
            servers.append(Supervised("--store", tmp_path / "store", *listen, *words))
            return servers[-1]

        yield supervise


@contextmanager
def _servers():
    servers = []
    try:
        yield servers
    finally:
        for server in servers:
            server.close()
