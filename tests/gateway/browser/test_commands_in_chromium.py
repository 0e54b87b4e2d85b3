"""The commands that the explorer shows: they run as they stand, whatever a title holds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from articles_to_show import publish_article
from chromium import Browser
from made_up_feed import Feed
from served_store import environment

TITLE = """It's "quoted", $(touch harmed) `touch harmed` \\ & more! 100% é?"""


@pytest.fixture
def commands(browser: Browser, feed: Feed, address: str) -> dict[str, str]:
    """The commands by their first words."""
    publish_article(feed, TITLE, 7, "of it")
    browser.open(f"{address}/#page=enwiki/7")
    browser.one("#article-title")
    return {text.split()[0]: text for text in browser.texts(".command pre")}


@pytest.mark.parametrize("name", ["grpcurl", "curl", "wikifeed"])
def test_a_command_asks_for_the_article(commands: dict[str, str], tmp_path: Path, name: str) -> None:
    if name != "wikifeed" and shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    here = tmp_path / "here"
    here.mkdir()
    script = f'wikifeed() {{ "{sys.executable}" -m wikifeed_server.cli "$@"; }}\n{commands[name]}\n'
    command = ["bash", "-c", script]
    done = subprocess.run(command, check=False, cwd=here, capture_output=True, text=True, env=environment())
    assert "abstract of it" in done.stdout, done.stderr
    assert os.listdir(here) == []


def test_a_command_is_copied(browser: Browser, commands: dict[str, str]) -> None:
    origin = browser.run("return location.origin")
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": origin, "permissions": permissions})
    browser.all(".command button")[1].click()
    browser.until(lambda: browser.texts(".command button")[1] == "Copied")
    copied = browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == commands["curl"]
