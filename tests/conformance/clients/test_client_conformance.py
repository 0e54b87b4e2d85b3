"""Every client does in every scenario what is expected, and all do the same."""

import json
from pathlib import Path

import pytest
from client_expectations import comparable, counted, problems
from client_runners import RUNNERS

SCENARIOS = json.loads(Path(__file__).with_name("scenarios.json").read_text())
CLIENTS = [pytest.param(name, marks=[pytest.mark.full] if runner.needs else []) for name, runner in RUNNERS.items()]
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])


@pytest.mark.timeout(300)  # the first test of a client builds its runner
@pytest.mark.parametrize("client", CLIENTS)
@each_scenario
def test_client_conforms(observe, client, scenario):
    observed = observe(client, scenario)
    found = problems(scenario, RUNNERS[client].language, observed.observations, observed.calls)
    assert not found, "\n".join([f"{client} fails: {scenario['says']}", *found])


@each_scenario
def test_threads_and_asyncio_agree(observe, scenario):
    first, second = (observe(client, scenario) for client in ("python-threads", "python-asyncio"))
    assert list(map(comparable, first.observations)) == list(map(comparable, second.observations))


@pytest.mark.full
@pytest.mark.timeout(300)
@each_scenario
def test_all_clients_agree(observe, scenario):
    seen = {client: observe(client, scenario) for client in RUNNERS}
    told = {client: told_by(observed, scenario) for client, observed in seen.items()}
    assert all(each == told["python-threads"] for each in told.values()), told


def told_by(observed, scenario):
    """What must be the same: the observations, and the methods called where the scenario says which."""
    is_exact = isinstance(scenario["expected"]["calls"], list)
    methods = [call["method"] for call in counted(scenario, observed.calls)] if is_exact else []
    return [comparable(each) for each in observed.observations], methods
