"""Live changes as a browser shows them."""

from pathlib import Path

from chromium import Browser
from made_up_feed import Feed
from selenium.webdriver.support.select import Select
from served_store import serving


def titles(browser: Browser) -> list[str]:
    return browser.texts("#ticker .title bdi")


def test_the_ticker_moves_when_something_changes(browser: Browser, feed: Feed, address: str) -> None:
    feed.publish("Ada Lovelace", 7)
    browser.open(address)
    browser.until(lambda: titles(browser) == ["Ada Lovelace"])
    feed.publish("Grace Hopper")
    browser.until(lambda: titles(browser) == ["Grace Hopper", "Ada Lovelace"])
    feed.delete("Ada Lovelace", 7)
    browser.until(lambda: browser.texts("#ticker .badge") == ["deleted", "created", "created"])
    browser.until(lambda: "Ada Lovelace in enwiki" in browser.text("#ticker-said"))


def test_the_ticker_keeps_the_newest_fifty(browser: Browser, feed: Feed, address: str) -> None:
    feed.publish_many([feed.write(f"Page {number}") for number in range(60)])
    browser.open(address)
    browser.until(lambda: len(titles(browser)) == 50)
    feed.publish("The last")
    browser.until(lambda: titles(browser)[:2] == ["The last", "Page 59"])
    assert len(titles(browser)) == 50


def test_a_paused_ticker_stands_still_and_catches_up(browser: Browser, feed: Feed, address: str) -> None:
    feed.publish("Ada Lovelace")
    browser.open(address)
    browser.until(lambda: titles(browser) == ["Ada Lovelace"])
    button = browser.one("#ticker-pause")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    feed.publish("Grace Hopper")
    browser.until(lambda: browser.text("#ticker-state") == "Paused, 1 waiting")
    assert titles(browser) == ["Ada Lovelace"]
    button.click()
    assert titles(browser) == ["Grace Hopper", "Ada Lovelace"]


def test_the_ticker_shows_one_project_if_asked(browser: Browser, feed: Feed, address: str) -> None:
    feed.publish("Ada Lovelace")
    feed.publish("Grace Hopper", project="dewiki")
    browser.open(address)
    browser.until(lambda: len(titles(browser)) == 2)
    Select(browser.one("#ticker-project")).select_by_value("dewiki")
    browser.until(lambda: titles(browser) == ["Grace Hopper"])
    feed.publish("Not shown")
    feed.publish("Emmy Noether", project="dewiki")
    browser.until(lambda: titles(browser) == ["Emmy Noether", "Grace Hopper"])


def test_it_goes_on_by_itself_when_the_server_comes_back(browser: Browser, feed: Feed, tmp_path: Path) -> None:
    feed.publish("Ada Lovelace")
    with serving(tmp_path) as address:
        browser.open(address)
        browser.until(lambda: titles(browser) == ["Ada Lovelace"])
    browser.until(lambda: browser.text("#health-text") == "The server does not answer")
    feed.publish("Grace Hopper")
    with serving(tmp_path, http=address.removeprefix("http://")):
        browser.until(lambda: titles(browser) == ["Grace Hopper", "Ada Lovelace"])
        browser.until(lambda: browser.text("#health-text") == "Serving")
