"""The article explorer as a browser shows it."""

from articles_to_show import ARABIC, publish_article
from chromium import Browser
from made_up_feed import Feed
from selenium.webdriver.common.keys import Keys


def test_the_explorer_finds_a_title_in_arabic_by_keyboard_alone(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, ARABIC, 7, "نص", direction="rtl")
    browser.open(address)
    project = browser.until(
        lambda: browser.one("#explorer-project").is_displayed() and browser.one("#explorer-project")
    )
    browser.until(lambda: project.get_attribute("value"))
    project.clear()
    project.send_keys("enwiki", Keys.TAB, Keys.TAB)
    browser.driver.switch_to.active_element.send_keys(ARABIC, Keys.ENTER)
    browser.until(lambda: browser.text("#article-title") == ARABIC)
    assert browser.one("#article-title").get_attribute("dir") == "rtl"
    assert browser.text(".infobox caption") == "box نص"
    assert browser.driver.switch_to.active_element.get_attribute("id") == "article-title"
    assert "#article=enwiki/%D8%A3" in browser.driver.current_url
    assert browser.complaints() == []


def test_a_place_in_the_address_leads_to_an_article(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "AC/DC: live?", 7, "text")
    browser.open(f"{address}/#article=enwiki/AC%2FDC%3A%20live%3F")
    browser.until(lambda: browser.text("#article-title") == "AC/DC: live?")
    assert browser.one("#explorer-name").get_attribute("value") == "AC/DC: live?"
    browser.open(f"{address}/#page=enwiki/7")
    browser.until(lambda: browser.text("#article-title") == "AC/DC: live?")
    browser.one("#ticker a").click()
    browser.until(lambda: "#article=enwiki/AC%2FDC%3A%20live%3F" in browser.driver.current_url)


def test_all_parts_of_an_article_are_shown(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "Ada Lovelace", 7, "of Ada")
    browser.open(f"{address}/#article=enwiki/Ada%20Lovelace")
    browser.one("#article-title")
    browser.unfold()
    shown = browser.text("#article")
    parts = "abstract description box label value caption section table head cell note category comment editor"
    assert [part for part in parts.split() if f"{part} of Ada" not in shown] == []
    assert "null" not in shown
    assert "undefined" not in shown
    commands = browser.texts(".command pre")
    assert [command.split()[0] for command in commands] == ["grpcurl", "curl", "wikifeed"]
    assert "enwiki 'Ada Lovelace'" in commands[2]
    assert browser.complaints() == []


def test_what_is_not_found_is_told(browser: Browser, feed: Feed, address: str) -> None:
    feed.publish("Ada Lovelace")
    browser.open(f"{address}/#article=enwiki/Nobody")
    browser.until(lambda: "Nobody" in browser.text("#explorer-error"))
    assert browser.one("#explorer-error").get_attribute("role") == "alert"
    assert browser.all("#article > *") == []
