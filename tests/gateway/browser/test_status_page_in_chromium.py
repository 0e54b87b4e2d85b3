"""The status page as a browser shows it."""

import asyncio
import time
from pathlib import Path

from chromium import Browser
from made_up_feed import Feed
from stored_files import StoredFiles

from wikifeed_server.snapshots import Format
from wikifeed_server.store.embedded import EmbeddedReader


async def make_files(folder: Path, feed: Feed) -> None:
    async with EmbeddedReader.open(folder) as reader:
        stored = StoredFiles(folder, feed, reader)
        await stored.snapshot()
        await stored.snapshot(format=Format.PARQUET)


def test_it_shows_what_the_store_has(browser: Browser, feed: Feed, address: str) -> None:
    feed.time = time.time_ns() // 1000
    feed.publish("Ada Lovelace")
    feed.publish("Grace Hopper", project="dewiki")
    browser.open(address)
    browser.until(lambda: browser.texts("#tiles .value")[:1] == ["2"])
    assert browser.text("#health-text") == "Serving"
    assert "2 changes; busiest minute" in browser.text("#rate-text")
    assert browser.text("#rate-text") == browser.one("#rate svg").get_attribute("aria-label")
    assert len(browser.all("#rate rect")) == 60
    assert browser.texts("#projects strong") == ["dewiki", "enwiki", "hewiktionary"]
    browser.until(lambda: browser.texts("#ticker .title bdi") == ["Grace Hopper", "Ada Lovelace"])
    assert "Nothing is followed" in browser.text("#sources")
    assert browser.complaints() == []


def test_an_empty_store_says_how_to_fill_it(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.until(lambda: browser.one("#ticker-empty").is_displayed())
    assert browser.text("#ticker-empty") == "No changes yet: wikifeed import FILE"
    assert "No snapshots yet" in browser.text("#snapshots")
    assert browser.complaints() == []


def test_files_are_listed_with_links(browser: Browser, feed: Feed, address: str, tmp_path: Path) -> None:
    asyncio.run(make_files(tmp_path, feed))
    browser.open(address)
    browser.until(
        lambda: browser.texts("#snapshots th[scope=row]") == ["enwiki_namespace_0_parquet", "enwiki_namespace_0"]
    )
    assert browser.texts("#snapshots td:last-child") == ["over gRPC", "Download"]
    link = browser.one("#snapshots a")
    assert link.get_attribute("href") == f"{address}/v2/snapshots/enwiki_namespace_0/download"
    assert link.accessible_name == "Download enwiki_namespace_0"
