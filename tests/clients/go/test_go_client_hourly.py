"""The Go client's hourly batches and its account's view, against a real server."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from wikifeed_client import Client

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


@pytest.fixture
def batches(hourly_server):
    """What the server has, as the Python client tells it."""
    with Client(hourly_server.address, key=hourly_server.key) as client:
        return list(client.batches())


def test_the_batches_of_the_readme_are_fetched(build_readme, hourly_server, batches, tmp_path):
    address, key = hourly_server

    def make(program: str, fetching: str) -> str:
        program = program.replace('"localhost:50051"', f'"{address}", wikifeed.WithKey("{key}")')
        program = program.replace('"log"\n', '"log"\n\t"path/filepath"\n')
        return re.sub(r"\tfound, err := .*", lambda _: fetching + "}\n", program, flags=re.DOTALL)

    build_readme(make)
    result = subprocess.run([tmp_path / "readme"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    expected = [batch for batch in batches if batch.namespace.identifier == 0]
    assert len(expected) == 4
    lines = [line.split() for line in result.stdout.splitlines()]
    for (path, count), batch in zip(lines, expected, strict=True):
        assert Path(path).parts == ("batches", *f"{batch.hour.ToDatetime():%Y-%m-%d %H}".split(), batch.file_name)
        assert hashlib.sha256((tmp_path / path).read_bytes()).hexdigest() == batch.sha256
        assert int(count) == 5


def test_an_account_and_the_batches_of_an_hour_are_told(go, repository, hourly_server, batches, tmp_path):
    go("build", "-o", tmp_path / "runner", "./cmd/conformance", folder=repository / "clients" / "go")
    hour = batches[-1].hour.ToJsonString()
    actions = [
        {"do": "account"},
        {"do": "batches", "hour": hour.replace(":00:00Z", ":59:59Z")},
        {"do": "export_batch", "hour": hour, "identifier": "enwiki_namespace_14"},
    ]
    script = {"address": hourly_server.address, "folder": str(tmp_path), "settings": {"key": hourly_server.key}}
    line = json.dumps({**script, "actions": actions})
    result = subprocess.run([tmp_path / "runner"], input=line, capture_output=True, text=True, check=True, timeout=60)
    account, listed, missing = json.loads(result.stdout)["observations"]
    assert account == {"account": "ada"}
    assert listed["batches"] == [f"{hour} {batch.identifier}" for batch in batches[4:]]
    assert missing["error"] == {"kind": "NotFound", "fields": {"reason": "BATCH_NOT_FOUND"}}
