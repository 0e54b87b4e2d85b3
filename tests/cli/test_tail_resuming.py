"""`wikifeed tail` against a server that ends its streams."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceServicer, add_ChangeServiceServicer_to_server


class EndingChanges(ChangeServiceServicer):
    """One change for each stream, which then ends as it is told: with a code, or well where there is none left."""

    def __init__(self, codes):
        self.asked = []
        self._codes = list(codes)

    def StreamChanges(self, request, context):
        self.asked.append(request.after_offset)
        response = StreamChangesResponse(through_offset=request.after_offset + 1)
        response.changes.add(offset=request.after_offset + 1).article.name = "Page"
        yield response
        if self._codes:
            context.abort(self._codes.pop(0), "as the test says")


@pytest.fixture
def tail():
    """Runs `wikifeed tail` from the log's beginning against such a server; what came of it, and what was asked for."""

    def tail(*codes):
        changes = EndingChanges(codes)
        server = grpc.server(ThreadPoolExecutor(2))
        add_ChangeServiceServicer_to_server(changes, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        command = [sys.executable, "-m", "wikifeed_server.cli", "tail", "--after", "0", "--server", f"127.0.0.1:{port}"]
        run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        server.stop(None)
        return run, changes.asked

    return tail


def test_it_goes_on_where_a_server_that_stops_ended_it(tail):
    run, asked = tail(grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
    assert (run.returncode, asked) == (0, [0, 1, 2])
    assert [int(line.split()[0]) for line in run.stdout.splitlines()] == [1, 2, 3]
    assert "go on after offset 2" in run.stderr


def test_it_ends_with_what_does_not_pass(tail):
    run, asked = tail(grpc.StatusCode.PERMISSION_DENIED)
    assert (run.returncode, asked) == (1, [0])
    assert "as the test says" in run.stderr
