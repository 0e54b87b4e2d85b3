"""The runner of this client for the conformance suite: `run.py threads` or `run.py asyncio`.

What it reads and answers is told in tests/conformance/clients/README.md.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from asyncio_actions import perform as perform_in_asyncio
from observation import Json, Observation
from threads_actions import perform as perform_in_threads

from wikifeed_client import AsyncClient, Client, Reconnecting, WikifeedError

Act = Callable[[str, Json, Path, Json, Observation], None]


def act_in_threads(address: str, settings: Json, folder: Path, action: Json, seen: Observation) -> None:
    """Do an action with a client for threads."""
    with Client(address, **client_options(settings)) as client:
        perform_in_threads(client, action, folder, seen)


def act_in_asyncio(address: str, settings: Json, folder: Path, action: Json, seen: Observation) -> None:
    """Do an action with a client for asyncio."""

    async def act() -> None:
        async with AsyncClient(address, **client_options(settings)) as client:
            await perform_in_asyncio(client, action, folder, seen)

    asyncio.run(act())


def client_options(settings: Json) -> dict[str, Any]:
    """The options of a client, as a scenario's settings have them."""
    reconnecting = Reconnecting(
        first_seconds=settings.get("first_wait_seconds", 0.01),
        most_seconds=settings.get("longest_wait_seconds", 0.05),
        silence_seconds=settings.get("silence_seconds", 20),
    )
    options = {name: settings[name] for name in ("key", "timeout_seconds") if name in settings}
    return {**options, "reconnecting": reconnecting}


def observe(act: Act, order: Json, action: Json) -> Json:
    """What is observed of an action."""
    seen, folder = Observation(), Path(order["folder"])
    try:
        act(order["address"], order["settings"], folder, action, seen)
    except WikifeedError as error:
        seen.failed(error)
    seen.look_into(folder, action)
    return seen.as_json()


def main() -> None:
    """Answer lines until there are no more."""
    act = {"threads": act_in_threads, "asyncio": act_in_asyncio}[sys.argv[1]]
    for line in sys.stdin:
        order = json.loads(line)
        observations = [observe(act, order, action) for action in order["actions"]]
        print(json.dumps({"observations": observations}), flush=True)


if __name__ == "__main__":
    main()
