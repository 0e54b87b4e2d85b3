"""`wikifeed serve` in a process of its own on the bundled pages: 16 articles and 14 redirects of enwiki."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]
PAGES = Path(__file__).resolve().parent / "data" / "enwiki-demo.xml.bz2"
# What another client or server on this machine may have been told is not for these.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}


def fill(store: Path) -> None:
    """Import the pages into a store."""
    words = [*COMMAND, "import", str(PAGES), "--store", str(store), "--import-workers", "1", "--quiet"]
    subprocess.run(words, check=True, capture_output=True, env=ENVIRONMENT)


@contextmanager
def serving(store: Path, *options: object) -> Iterator[str]:
    """The address of a server of one worker on a store."""
    words = [*COMMAND, "serve", "--store", str(store), "--listen", "127.0.0.1:0", "--http", "none", "--workers", "1"]
    words += ["--log-format", "json", *map(str, options)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
        try:
            yield json.loads(server.stderr.readline())["addresses"][0]
        finally:
            server.terminate()
            server.communicate()
