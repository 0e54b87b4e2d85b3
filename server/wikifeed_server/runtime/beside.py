"""The follower beside a server: a process of its own, for the server's loop must not wait for parsing or for a disk."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

import structlog

from wikifeed_server.runtime.config import Settings, all_knobs
from wikifeed_server.sources.mediawiki import require_contact

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_STEADY_SECONDS = 60.0
_END_SECONDS = 4.0
_BUILDING = frozenset(
    {"import.workers", "import.page_seconds", "import.page_memory_bytes", "import.worker_memory_bytes"}
)
_FIELDS = {each.name.removesuffix("_"): each.name for each in fields(Settings)}


@dataclass(frozen=True, slots=True)
class _Addresses:
    wikis: tuple[str, ...]
    streams: tuple[str, ...]


@asynccontextmanager
async def follower_beside(settings: Settings) -> AsyncGenerator[None, None]:
    """A context in which a follower runs."""
    async with asyncio.TaskGroup() as tasks:
        follower = tasks.create_task(_keep_follower(settings))
        yield
        follower.cancel()


async def _keep_follower(settings: Settings) -> None:
    """Run a follower of what `serve.follow` names until this task is cancelled; one that dies is started again."""
    log = structlog.get_logger()
    command = follow_command(settings)
    pause = _FIRST_PAUSE_SECONDS
    clock = asyncio.get_running_loop().time
    while True:
        started = clock()
        # Not by the loop: uvloop runs at-fork hooks in the child, which gRPC's threads make deadly.
        process = _start(command)
        try:
            code = await asyncio.to_thread(process.wait)
        finally:
            await asyncio.shield(asyncio.to_thread(_end, process))
        pause = _FIRST_PAUSE_SECONDS if clock() - started > _STEADY_SECONDS else pause
        log.error("follower ended; it is started again", exit_code=code, seconds=pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def check_followed(settings: Settings) -> None:
    """Raise ConfigError where what `serve.follow` names may not be followed, before anything is started."""
    for address in settings.serve.follow:
        require_contact(address, settings.follow.contact)


def follow_command(settings: Settings) -> list[str]:
    """The command line of a follower with these settings."""
    addresses = _sorted_addresses(settings.serve.follow)
    command = [sys.executable, "-P", "-m", "wikifeed_server.cli", "follow", "--with-parent"]
    for knob in all_knobs():
        if knob.section not in {"store", "follow", "log"} and knob.key not in _BUILDING:
            continue
        value: Any = getattr(getattr(settings, _FIELDS[knob.section]), knob.name)
        if knob.key in {"follow.wikis", "follow.streams"}:
            value = (*value, *getattr(addresses, knob.name))
        written = knob.written(value)
        for each in written if knob.many else [written]:
            command += [knob.flag, str(each)]
    return command


def _sorted_addresses(addresses: tuple[str, ...]) -> _Addresses:
    """Wikis and event streams apart: EventStreams' addresses have /stream/ in their path."""
    streams = tuple(each for each in addresses if "/stream/" in urlsplit(each).path)
    return _Addresses(tuple(each for each in addresses if each not in streams), streams)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """The follower's process. It ends when its input does, so also where this process is killed."""
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own module and settings


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a follower that may still run: it commits what it has prepared."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
