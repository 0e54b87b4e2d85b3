"""The status page for everybody: by keyboard, by ear, in the dark, on a telephone."""

from articles_to_show import publish_article
from chromium import Browser
from made_up_feed import Feed
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

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
