"""`wikifeed serve` as users run it, with its gateway."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]


def environment() -> dict[str, str]:
    """The environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}


def wikifeed(*words: object, given: str = "") -> str:
    """What a command prints."""
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=given, env=environment()).stdout


@contextmanager
def serving(store: Path, *words: str, http: str = "127.0.0.1:0") -> Iterator[str]:
    """The address of the gateway of a store, until the context ends: "http://127.0.0.1:40123"."""
    command = [*COMMAND, "serve", "--store", str(store), "--workers", "1", "--log-format", "json"]
    command += ["--listen", "127.0.0.1:0", "--http", http, *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment())
    assert process.stderr is not None
    try:
        first = process.stderr.readline()
        assert first.startswith("{"), f"it did not start: {first}{process.stderr.read()}"
        yield f"http://{json.loads(first)['http']}"
    finally:
        process.terminate()
        process.communicate()
