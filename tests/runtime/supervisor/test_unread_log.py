"""A server whose log nobody reads."""

import fcntl
import os
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def log():
    """The ends of a pipe that holds little, to read from and to write to."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    with open(read) as readable, open(write, "w") as writable:
        yield readable, writable


def fill(pipe):
    """Write until it takes no more."""
    os.set_blocking(pipe.fileno(), False)
    for size in (1024, 1):
        try:
            while True:
                os.write(pipe.fileno(), bytes(size))
        except BlockingIOError:
            pass
    os.set_blocking(pipe.fileno(), True)


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGHUP, signal.SIGTERM]])
def test_it_ends_when_it_is_told(tmp_path, log, signals):
    readable, writable = log
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", tmp_path, "--workers", "1"]
    command += ["--listen", "127.0.0.1:0", "--http", "none"]
    with subprocess.Popen(command, stderr=writable) as server:
        while "wikifeed import FILE" not in readable.readline():
            pass
        fill(writable)
        for number in signals:
            server.send_signal(number)
        assert server.wait(60) == 0
