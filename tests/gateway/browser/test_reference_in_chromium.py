"""The API reference as a browser shows it."""

import pytest
from chromium import Browser
from selenium.webdriver.common.keys import Keys


def test_it_shows_services_messages_enums_and_paths(browser: Browser, address: str) -> None:
    browser.open(f"{address}/reference")
    browser.until(lambda: browser.all("#paths"))
    assert browser.texts(".group") == ["Services", "Messages", "Enums", "HTTP"]
    assert "StreamChanges sends the log's changes" in browser.text("#ChangeService")
    assert browser.texts("#Project td .name")[:2] == ["name", "identifier"]
    assert "/v2/articles/{name}" in browser.text("#paths")
    assert browser.complaints() == []


def test_every_link_within_it_leads_somewhere(browser: Browser, address: str) -> None:
    browser.open(f"{address}/reference")
    browser.until(lambda: browser.all("#paths"))
    lost = browser.run(
        "return [...document.querySelectorAll('a[href^=\"#\"]')].map((each) => each.getAttribute('href').slice(1))"
        ".filter((name) => !document.getElementById(name))"
    )
    assert lost == []


def test_a_place_in_the_address_is_scrolled_to(browser: Browser, address: str) -> None:
    browser.open(f"{address}/reference#Article.abstract")
    browser.until(lambda: browser.all("#paths"))
    browser.until(
        lambda: 0 <= browser.run("return document.getElementById('Article.abstract').getBoundingClientRect().y") < 900
    )


def test_the_filter_leaves_what_holds_the_word(browser: Browser, address: str) -> None:
    browser.open(f"{address}/reference")
    browser.until(lambda: browser.all("#paths"))
    browser.one("#filter").send_keys("longest_new_repeated")
    browser.until(lambda: browser.text("#found").startswith("1 of "))
    assert [each.get_attribute("id") for each in browser.all(".entry") if each.is_displayed()] == ["Diff"]
    browser.one("#filter").send_keys(Keys.CONTROL, "a")
    browser.one("#filter").send_keys(Keys.DELETE)
    browser.until(lambda: browser.text("#found") == "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_does_not_scroll_sideways(browser: Browser, address: str, scheme: str) -> None:
    browser.resize(360)
    browser.prefer(prefers_color_scheme=scheme)
    browser.open(f"{address}/reference")
    browser.until(lambda: browser.all("#paths"))
    assert browser.overflow() == 0
