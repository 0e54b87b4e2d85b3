"""A real gRPC server that does what scenarios say, and tells what it saw.

    python misbehaving_server.py [SCENARIO ...]

Commands are lines of JSON on standard input, answers lines of JSON on standard output: {"start": "a scenario's name"}
is answered with {"site": 1, "address": "127.0.0.1:40001"}, {"stop": 1} with {"calls": [...]}. Each start is a site of
its own. Scenarios named as arguments are started first. It ends with its standard input.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from scripted_site import ScriptedSite

SCENARIOS: dict[str, dict[str, Any]] = {
    each["name"]: each for each in json.loads(Path(__file__).with_name("scenarios.json").read_text())
}


async def serve(started: list[str]) -> None:
    """Answer commands until there are no more."""
    sites: list[tuple[ScriptedSite, AsyncExitStack]] = []
    async for command in _commands(started):
        if "start" in command:
            site = ScriptedSite(SCENARIOS[command["start"]]["server"])
            running = AsyncExitStack()
            await running.enter_async_context(site)
            sites.append((site, running))
            answer: dict[str, Any] = {"site": len(sites), "address": site.address}
        else:
            site, running = sites[command["stop"] - 1]
            await running.aclose()
            answer = {"calls": site.calls}
        print(json.dumps(answer), flush=True)


async def _commands(started: list[str]) -> AsyncIterator[dict[str, Any]]:
    for name in started:
        yield {"start": name}
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield json.loads(line)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1:]))
