"""Fixtures of the builder's tests: made-up pages, and the real articles that some tests read."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_pages import FIRST, PROJECT, ListSource

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import PageRevision


@pytest.fixture(scope="session")
def project() -> ProjectInfo:
    return PROJECT


@pytest.fixture(scope="session")
def revision() -> Callable[..., PageRevision]:
    """A revision of a page, as a dump tells it; `number` makes position, page and revision ids, and title."""

    def make(number: int = 1, **fields: object) -> PageRevision:
        own = {"position": number, "page_id": number, "revision_id": number * 10, "title": f"Page {number}"}
        return replace(FIRST, **(own | fields))

    return make


@pytest.fixture(scope="session")
def source() -> type[ListSource]:
    return ListSource


@pytest.fixture(scope="session")
def enterprise_articles():
    """The folder of real Enterprise articles."""
    shared = Path(os.environ.get("WIKIFEED_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    folder = shared / "data" / "enterprise"
    if not folder.is_dir():
        message = f"{folder} is not there: set WIKIFEED_SHARED to the folder that holds data/enterprise"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
