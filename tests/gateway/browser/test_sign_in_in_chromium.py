"""The status page where callers need an account."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Browser
from made_up_feed import Feed
from served_store import serving, wikifeed

PASSWORD = "a long enough password"


@pytest.fixture
def address(feed: Feed, tmp_path: Path) -> Iterator[str]:
    """A server with the account ada."""
    feed.publish("Ada Lovelace")
    wikifeed("users", "add", "ada", "--plan", "unlimited", "--password-stdin", "--store", tmp_path, given=PASSWORD)
    with serving(tmp_path, "--accounts", "yes") as address:
        yield address


def sign_in(browser: Browser, password: str) -> None:
    browser.until(lambda: browser.one("#sign-in").is_displayed())
    browser.one("#username").send_keys("ada")
    browser.one("#password").send_keys(password)
    browser.one("#password-form button").click()


def test_a_password_shows_the_page_and_stays_in_memory(browser: Browser, address: str) -> None:
    browser.open(address)
    sign_in(browser, PASSWORD)
    browser.until(lambda: browser.texts("#ticker .title bdi") == ["Ada Lovelace"])
    assert "signed in as ada" in browser.text("#about")
    assert browser.run("return [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert browser.one("#password").get_attribute("value") == ""
    browser.one("#sign-out").click()
    browser.until(lambda: browser.one("#sign-in").is_displayed())
    assert not browser.one("#board").is_displayed()


def test_a_wrong_password_is_told(browser: Browser, address: str) -> None:
    browser.open(address)
    sign_in(browser, "another password")
    browser.until(lambda: browser.text("#sign-in-error"))
    assert not browser.one("#board").is_displayed()


def test_a_key_shows_the_page_until_it_is_revoked(browser: Browser, address: str, tmp_path: Path) -> None:
    key = json.loads(wikifeed("keys", "create", "ada", "--json", "--store", tmp_path))
    browser.open(address)
    browser.until(lambda: browser.one("#sign-in").is_displayed())
    browser.one("#api-key").send_keys(key["secret"])
    browser.one("#key-form button").click()
    browser.until(lambda: browser.one("#board").is_displayed())
    wikifeed("keys", "revoke", "ada", key["identifier"], "--store", tmp_path)
    browser.until(lambda: browser.one("#sign-in").is_displayed())
    assert browser.text("#sign-in-error")
