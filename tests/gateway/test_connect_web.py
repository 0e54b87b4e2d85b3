"""The official client for browsers (@connectrpc/connect-web), in Node, against `wikifeed serve`."""

import json
import subprocess

import pytest
from connect_web_client import expected, installed, program, publish
from gateway_process import served

from wikifeed_server.accounts import Plan

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.fixture
async def key(accounts):
    """An API key."""
    await accounts.put_plan(Plan("unlimited"))
    await accounts.add("ada", "correct horse battery", "unlimited")
    return (await accounts.create_key("ada"))[1]


@pytest.fixture
async def seen(repository, tmp_path, feed, key):
    """What each of its transports saw."""
    folder = installed(repository)
    publish(feed)
    with served(tmp_path, "--accounts", "yes") as server:
        command = [program("node"), "node.mjs", server.address, "image.binpb", key]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)  # noqa: ASYNC221
        assert done.returncode == 0, done.stderr
        assert server.faults() == []
    return json.loads(done.stdout)


async def test_it_calls_what_streams_and_what_does_not_and_reads_errors(seen):
    assert seen == expected()
