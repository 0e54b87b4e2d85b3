"""Rendered pages, made up and real."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from wikifeed_server.content import PageContents, read_html

HEAD = '<!DOCTYPE html><html><head><base href="//en.wikipedia.org/wiki/"/></head><body>'


@pytest.fixture
def read() -> Callable[..., PageContents]:
    """Read pieces of pages: the lead, then further sections."""

    def read_sections(*sections: str) -> PageContents:
        return read_html(HEAD + "".join(f"<section>{section}</section>" for section in sections) + "</body></html>")

    return read_sections


@pytest.fixture(scope="session")
def real_page(shared: Path) -> Callable[[str], PageContents]:
    """Read one of the real pages that Parsoid rendered, by name."""
    known: dict[str, PageContents] = {}

    def read_real(name: str) -> PageContents:
        if name not in known:
            known[name] = read_html(gzip.decompress((shared / "data/parsoid" / f"{name}.html.gz").read_bytes()))
        return known[name]

    return read_real
