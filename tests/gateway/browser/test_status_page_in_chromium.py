"""The status page as a browser shows it."""

import time
from pathlib import Path

from articles_to_show import ARABIC, publish_article
from chromium import Browser
from made_up_feed import Feed
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from served_store import serving

LUMINANCE = """
const channel = (value) => {
  const part = value / 255;
  return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const luminance = (colour) => {
  const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number).map(channel);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!/, 0\\)$|transparent/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
const contrast = (element) => {
  const [one, other] = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => b - a);
  return (one + 0.05) / (other + 0.05);
};
"""


def now() -> int:
    return time.time_ns() // 1000


def titles(browser: Browser) -> list[str]:
    return browser.texts("#ticker .title bdi")


def test_it_shows_what_the_store_has(browser: Browser, feed: Feed, address: str) -> None:
    feed.time = now()
    feed.publish("Ada Lovelace")
    feed.publish("Grace Hopper", project="dewiki")
    browser.open(address)
    browser.until(lambda: browser.texts("#tiles .value")[:1] == ["2"])
    assert browser.text("#health-text") == "Serving"
    assert "2 changes; busiest minute" in browser.text("#rate-text")
    assert browser.text("#rate-text") == browser.one("#rate svg").get_attribute("aria-label")
    assert len(browser.all("#rate rect")) == 60
    assert browser.texts("#projects strong") == ["dewiki", "enwiki", "hewiktionary"]
    browser.until(lambda: titles(browser) == ["Grace Hopper", "Ada Lovelace"])
    assert "Nothing is followed" in browser.text("#sources")
    assert browser.complaints() == []


def test_an_empty_store_says_how_to_fill_it(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.until(lambda: browser.one("#ticker-empty").is_displayed())
    assert browser.text("#ticker-empty") == "No changes yet: wikifeed import FILE"
    assert "No snapshots yet" in browser.text("#snapshots")
    assert browser.complaints() == []


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


def test_texts_stand_out_in_light_and_dark(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "Ada Lovelace", 7, "of Ada")
    grounds = []
    for scheme in ("light", "dark"):
        browser.prefer(prefers_color_scheme=scheme)
        browser.open(f"{address}/#article=enwiki/Ada%20Lovelace")
        browser.one("#article-title")
        browser.one("#ticker li")
        grounds.append(browser.run(f"{LUMINANCE} return luminance(ground(document.body))"))
        weak = browser.run(
            f"{LUMINANCE} return [...document.querySelectorAll('body *')]"
            ".filter((each) => each.checkVisibility() && [...each.childNodes].some("
            "(node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()))"
            ".filter((each) => !/color\\(/.test(ground(each)) && contrast(each) < 4.5)"
            ".map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`)"
        )
        assert (scheme, weak) == (scheme, [])
    assert grounds[0] > 0.85
    assert grounds[1] < 0.05


def test_every_stop_of_the_keyboard_is_named_and_seen(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "Ada Lovelace", 7, "of Ada")
    browser.open(f"{address}/#article=enwiki/Ada%20Lovelace")
    browser.one("#article-title")
    browser.one("#ticker li")
    browser.run("document.querySelector('.skip').focus()")
    names: list[str] = []
    while (at := browser.driver.switch_to.active_element).tag_name != "body":
        assert at.accessible_name, at.get_attribute("outerHTML")
        outline = browser.run("return getComputedStyle(document.activeElement).outlineStyle")
        assert (at.accessible_name, outline) == (at.accessible_name, "solid")
        names.append(at.accessible_name)
        at.send_keys(Keys.TAB)
    assert names[:4] == ["Skip to content", "Wikifeed", "Status", "API reference"]
    stops = ("Project of the changes", "Pause", "Ada Lovelace", "Project", "Title or page id", "Show", "Copy: the curl")
    assert [stop for stop in stops if not any(name.startswith(stop) for name in names)] == []


def test_the_skip_link_leads_to_the_content(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.until(lambda: browser.one("#board").is_displayed())
    browser.one("body").send_keys(Keys.TAB)
    browser.until(lambda: browser.one(".skip").rect["y"] >= 0)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.until(lambda: browser.driver.switch_to.active_element.get_attribute("id") == "content")


def test_landmarks_headings_and_fields_are_labelled(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "Ada Lovelace", 7, "of Ada")
    browser.open(f"{address}/#article=enwiki/Ada%20Lovelace")
    browser.one("#article-title")
    assert len(browser.all("main")) == len(browser.all("h1")) == 1
    assert browser.one("#ticker-said").get_attribute("aria-live") == "polite"
    named = browser.driver.find_elements(By.CSS_SELECTOR, "nav, section:not([hidden]), article, svg, input, select")
    shown = [each for each in named if each.is_displayed()]
    assert [each.get_attribute("id") for each in shown if not each.accessible_name] == []


def test_a_narrow_page_does_not_scroll_sideways(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(
        feed, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2, 7, "x" * 300
    )
    for width in (360, 1600):
        browser.resize(width)
        browser.open(f"{address}/#page=enwiki/7")
        browser.one("#article-title")
        browser.one("#ticker li")
        browser.unfold()
        assert browser.overflow() == 0
