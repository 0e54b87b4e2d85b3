"""The suite runs once for each engine."""

import pytest
from store_engines import ENGINES, Engine, Store


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(ENGINES[request.param], lambda: tmp_path_factory.mktemp("store"))


@pytest.fixture
def store(engine: Engine) -> Store:
    return engine.store()
