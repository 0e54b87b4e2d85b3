"""The official client for browsers (@connectrpc/connect-web), in Node, against `wikifeed serve`."""

import json
import subprocess

import pytest
from connect_web_client import installed, program
from gateway_process import served

from wikifeed_server.accounts import Plan

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

TITLE = "Ada Lovelace"
TRANSPORTS = ["connect", "connect json", "grpc-web"]


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
    for title in (TITLE, "AC/DC", "Anarchism"):
        feed.publish(title)
    with served(tmp_path, "--accounts", "yes") as server:
        command = [program("node"), "node.mjs", server.address, "image.binpb", key]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)  # noqa: ASYNC221
        assert done.returncode == 0, done.stderr
        assert server.faults() == []
    return json.loads(done.stdout)


async def test_it_calls_what_streams_and_what_does_not_and_reads_errors(seen):
    assert list(seen) == TRANSPORTS
    for transport in TRANSPORTS:
        assert seen[transport] == {
            "article": TITLE,
            "projects": ["dewiki", "enwiki", "hewiktionary"],
            "outcomes": ["article", "error"],
            "offsets": [1, 2, 3],
            "missing": ["NotFound", "ARTICLE_NOT_FOUND"],
            "ahead": ["OutOfRange", "OFFSET_IN_FUTURE"],
            "stranger": ["Unauthenticated", "CREDENTIALS_INVALID"],
            "strangers_stream": ["Unauthenticated", "CREDENTIALS_INVALID"],
        }
