"""What the tests of the reader of wikitext share."""

import pytest

from wikifeed_server.content import read_wikitext


@pytest.fixture(scope="session")
def read(enwiki):
    """Reads a text as that of the English page "Ada"."""

    def read_page(text):
        return read_wikitext(text, enwiki, "Ada")

    return read_page


@pytest.fixture(scope="session")
def parts(read):
    """The parts of the first section of a text."""

    def read_parts(text):
        return read(text).sections[0]["has_parts"]

    return read_parts
