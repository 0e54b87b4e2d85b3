"""The misbehaving server, the clients' runners, and what they observed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from client_runners import ROOT, RUNNERS, LineProgram


class Observed(NamedTuple):
    """What a client observed in a scenario, and what the server saw of it."""

    observations: list[dict[str, Any]]
    calls: list[dict[str, Any]]


@pytest.fixture(scope="session")
def misbehaving_server() -> Iterator[LineProgram]:
    with LineProgram((sys.executable, str(Path(__file__).with_name("misbehaving_server.py")))) as server:
        yield server


@pytest.fixture(scope="session")
def runner_of() -> Iterator[Callable[[str], LineProgram]]:
    """The running runner of a client; one that ended is started again."""
    running: dict[str, LineProgram] = {}
    with ExitStack() as programs:

        def runner_of(client: str) -> LineProgram:
            runner = RUNNERS[client]
            missing = [name for name in runner.needs if shutil.which(name) is None]
            if missing:
                pytest.skip(f"{client} needs {', '.join(missing)}")
            if client not in running and runner.build:
                subprocess.run(runner.build, cwd=ROOT / runner.folder, check=True, env=os.environ)
            if client not in running or not running[client].is_running:
                running[client] = programs.enter_context(LineProgram(runner.command))
            return running[client]

        yield runner_of


@pytest.fixture(scope="session")
def observe(
    misbehaving_server: LineProgram,
    runner_of: Callable[[str], LineProgram],
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, dict[str, Any]], Observed]:
    """Has a client take part in a scenario, once however often it is asked for."""
    known: dict[tuple[str, str], Observed] = {}

    def observe(client: str, scenario: dict[str, Any]) -> Observed:
        name = scenario["name"]
        if (client, name) not in known:
            runner = runner_of(client)
            site = misbehaving_server.ask({"start": name})
            answer = {}
            try:
                answer = runner.ask(
                    {
                        "scenario": name,
                        "address": site["address"],
                        "folder": str(tmp_path_factory.mktemp(name)),
                        "settings": scenario.get("settings", {}),
                        "actions": scenario["actions"],
                    }
                )
            finally:
                calls = misbehaving_server.ask({"stop": site["site"]})["calls"]
            known[client, name] = Observed(answer["observations"], calls)
        return known[client, name]

    return observe
