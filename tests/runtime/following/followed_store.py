"""A follower as a user runs it, in a process of its own, and the store that it fills."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import StoreMissingError
from wikifeed_server.store import LogFilter
from wikifeed_server.store.embedded import EmbeddedReader

TYPES = {1: "create", 2: "update", 3: "delete", 4: "visibility-change"}


class Told(NamedTuple):
    """A change as tests compare it."""

    event: str
    name: str
    previous_name: str = ""
    redirect_target: str = ""


class Follower:
    """`wikifeed follow` into one store, started and killed as often as a test likes."""

    def __init__(self, store: Path, *options: str) -> None:
        self.store = store
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, or go on."""
        command = [sys.executable, "-m", "wikifeed_server.cli", "follow", "--store", str(self.store), *self._options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}
        log = (self.store.parent / "follow.log").open("ab")
        with log:
            self._process = subprocess.Popen(command, env=environment, stderr=log)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as a person does; the exit code."""
        return self._end(signal.SIGTERM)

    def status(self) -> list[dict[str, Any]]:
        """What `wikifeed status --json` prints."""
        command = [sys.executable, "-m", "wikifeed_server.cli", "status", "--json", "--store", str(self.store)]
        printed = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        return [json.loads(line) for line in printed.splitlines()]

    def _end(self, number: int) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(20)
        self._process = None
        return code

    async def changes(self, after: int = 0) -> list[Change]:
        """The log behind an offset, without bodies."""
        try:
            reader = EmbeddedReader.open(self.store)
        except StoreMissingError:
            return []
        found: list[Change] = []
        async with reader:
            while frames := (await reader.read_frames(after, LogFilter(), 1000, 1 << 26)).frames:
                found += StreamChangesResponse.FromString(b"".join(frames)).changes
                after = found[-1].offset
        return found

    async def until(self, name: str, after: int = 0, seconds: float = 60) -> list[Change]:
        """The log behind an offset as soon as a change of the page of that name is in it."""
        async with asyncio.timeout(seconds):
            while True:
                changes = await self.changes(after)
                if any(change.article.name == name for change in changes):
                    return changes
                await asyncio.sleep(0.1)


def told(changes: list[Change]) -> list[Told]:
    """The changes as tests compare them."""
    return [
        Told(TYPES[change.event_type], change.article.name, change.previous_name, change.redirect_target)
        for change in changes
    ]
