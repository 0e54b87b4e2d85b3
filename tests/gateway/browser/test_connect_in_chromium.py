"""The official client of Connect in a page of another origin."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from chromium import Browser
from connect_web_client import expected, import_map, installed, publish
from made_up_feed import Feed
from served_store import serving, wikifeed


class Pages(SimpleHTTPRequestHandler):
    """Files of a folder; says nothing of requests."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def origin(repository: Path) -> Iterator[str]:
    """The origin of a server that has the page, and nothing of Wikifeed."""
    folder = installed(repository)
    head = f'<script type="importmap">{json.dumps({"imports": import_map(folder)})}</script>'
    page = f'<!doctype html>{head}<script type="module" src="page.mjs"></script><body></body>'
    (folder / "page.html").write_text(page)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=folder)) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.fixture
def key(feed: Feed, tmp_path: Path) -> str:
    """An API key of a store that has articles."""
    publish(feed)
    given = "a long enough password"
    wikifeed("users", "add", "ada", "--plan", "unlimited", "--password-stdin", "--store", tmp_path, given=given)
    secret: str = json.loads(wikifeed("keys", "create", "ada", "--json", "--store", tmp_path))["secret"]
    return secret


def saw(browser: Browser, origin: str, address: str, key: str) -> Any:
    """What the page says that it saw of a server."""
    browser.open(f"{origin}/page.html#{quote(json.dumps({'address': address, 'key': key}))}")
    return json.loads(browser.until(lambda: browser.text("body")))


def test_a_page_that_may_call_sees_all(browser: Browser, origin: str, key: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--accounts", "yes", "--http-origin", origin) as address:
        assert saw(browser, origin, address, key) == expected()


@pytest.mark.parametrize("words", [[], ["--http-origin", "https://app.example"]])
def test_a_page_that_may_not_sees_nothing(
    browser: Browser, origin: str, key: str, tmp_path: Path, words: list[str]
) -> None:
    with serving(tmp_path, "--accounts", "yes", *words) as address:
        assert saw(browser, origin, address, key) == {"failed": "ConnectError: [unknown] Failed to fetch"}
