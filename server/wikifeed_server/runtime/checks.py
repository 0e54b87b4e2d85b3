"""What `wikifeed doctor` looks at. Each check finds something out and changes nothing."""

import asyncio
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import grpc
from google.protobuf.internal import api_implementation
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from wikifeed_server import __version__
from wikifeed_server.errors import ConfigError, StoreError, StoreMissingError
from wikifeed_server.runtime.config import Settings, all_knobs
from wikifeed_server.runtime.hints import address_for_clients
from wikifeed_server.runtime.loading import FILE_VARIABLE
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.transport.listening import refuse_taken_port

OK, NOTE, BROKEN = "ok", "note", "broken"

_LIBRARIES = ("grpcio", "protobuf", "protovalidate", "mwparserfromhell", "uvloop")
_OLDEST_PYTHON = (3, 11)
_OLDEST_SQLITE = (3, 37, 0)
_LITTLE_ROOM_BYTES = 2 * 10**9
_NO_ROOM_BYTES = 50 * 10**6
_HEALTH_SECONDS = 2.0
# Read by the command line and by tests, not settings.
_OTHER_VARIABLES = {FILE_VARIABLE, "WIKIFEED_DEBUG", "WIKIFEED_CREDENTIALS", "WIKIFEED_SHARED"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `verdict` is "ok", "note" (works, and may surprise) or "broken"."""

    name: str
    verdict: str
    finding: str


def run_checks(settings: Settings) -> list[Finding]:
    """All checks, in the order in which their findings matter."""
    return [
        _check_python(),
        _check_libraries(),
        _check_environment(os.environ),
        _check_store(settings.store.folder),
        _check_disk(settings.store.folder),
        *(_check_port(address) for address in settings.serve.listen),
    ]


def _check_python() -> Finding:
    found = f"wikifeed {__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding("program", BROKEN, f"{found}: it needs Python 3.11 or newer")
    return Finding("program", OK, found)


def _check_libraries() -> Finding:
    found = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    found += f", sqlite {sqlite3.sqlite_version}"
    if api_implementation.Type() != "upb":
        slow = f"{found}; protobuf runs without its C library ({api_implementation.Type()}), twenty times slower"
        return Finding("libraries", BROKEN, f"{slow}: unset PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION, or install it anew")
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        return Finding("libraries", BROKEN, f"{found}: sqlite must be {'.'.join(map(str, _OLDEST_SQLITE))} or newer")
    return Finding("libraries", OK, found)


def _check_environment(environment: Mapping[str, str]) -> Finding:
    known = {knob.environment for knob in all_knobs()} | _OTHER_VARIABLES
    strange = sorted(name for name in environment if name.startswith("WIKIFEED_") and name not in known)
    if strange:
        message = (
            f"{', '.join(strange)}: not a setting, and without effect; `wikifeed config --json` names those there are"
        )
        return Finding("environment", NOTE, message)
    return Finding("environment", OK, "every WIKIFEED_ variable is a setting")


def _check_store(folder: Path) -> Finding:
    try:
        return Finding("store", OK, asyncio.run(_describe_store(folder)))
    except StoreMissingError:
        return Finding("store", NOTE, f"there is none at {folder} yet: `wikifeed import` or `wikifeed serve` makes it")
    except StoreError as error:
        return Finding("store", BROKEN, error.message)


async def _describe_store(folder: Path) -> str:
    async with EmbeddedReader.open(folder) as reader:
        projects = ", ".join(project.identifier for project in await reader.projects())
        log = await reader.log_info()
    return f"{folder}: offsets {log.oldest_offset} to {log.newest_offset}; projects: {projects or 'none yet'}"


def _check_disk(folder: Path) -> Finding:
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    found = f"{free / 10**9:,.1f} GB free at {there}"
    if not os.access(there, os.W_OK):
        return Finding("disk", BROKEN, f"{there} can't be written to: change its permissions or choose another --store")
    if free < _NO_ROOM_BYTES:
        return Finding("disk", BROKEN, f"{found}: too little for anything")
    return Finding("disk", NOTE if free < _LITTLE_ROOM_BYTES else OK, found)


def _check_port(address: str) -> Finding:
    try:
        refuse_taken_port(address)
    except ConfigError as error:
        if _wikifeed_answers(address_for_clients(address)):
            return Finding("port", OK, f"a Wikifeed server answers at {address}")
        return Finding("port", BROKEN, error.message)
    return Finding("port", OK, f"{address} is free for `wikifeed serve`")


def _wikifeed_answers(address: str) -> bool:
    with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        request = HealthCheckRequest(service="wikifeed.v1.ArticleService")
        try:
            answer = HealthStub(channel).Check(request, timeout=_HEALTH_SECONDS)  # type: ignore[attr-defined] # made at run time
        except grpc.RpcError:
            return False
        return bool(answer.status == HealthCheckResponse.SERVING)
