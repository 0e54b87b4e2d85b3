"""What wikis hold is text, whatever it says."""

from articles_to_show import IMAGE, LINKS, SCRIPT, TURNED, publish_article
from chromium import Browser
from made_up_feed import Feed

HOSTILE = f"{SCRIPT}{IMAGE}{TURNED}"


def test_an_article_that_means_harm_does_none(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, f"Title {HOSTILE}", 7, HOSTILE)
    browser.open(f"{address}/#page=enwiki/7")
    browser.until(lambda: browser.text("#article-title") == f"Title {HOSTILE}")
    browser.until(lambda: browser.texts("#ticker .title bdi") == [f"Title {HOSTILE}"])
    browser.unfold()
    parts = "abstract description box label value caption section paragraph item inner table head cell note category"
    shown = browser.text("#article")
    assert [part for part in parts.split() if f"{part} {HOSTILE}" not in shown] == []
    assert browser.run("return window.harmed") is None
    assert browser.all("#board img, #board script, #board iframe, #board object, #board style") == []
    assert browser.complaints() == []


def test_links_of_wikis_lead_to_the_web_alone(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, "Links", 7, "text")
    browser.open(f"{address}/#page=enwiki/7")
    browser.one("#article-title")
    browser.unfold()
    links = browser.run(
        "return [...document.querySelectorAll('#article a')].map((each) => [each.protocol, each.rel, each.target])"
    )
    assert {tuple(link) for link in links} == {("https:", "noopener noreferrer", "_blank")}
    texts = browser.texts(".links bdi")
    assert {link["text"] for link in LINKS} <= set(texts)
    assert browser.run("return window.harmed") is None


def test_marks_of_direction_turn_nothing_around_them(browser: Browser, feed: Feed, address: str) -> None:
    publish_article(feed, f"A{TURNED}", 7, "text")
    browser.open(address)
    browser.one("#ticker li")
    places = browser.run(
        "return ['.badge', '.title bdi', 'time'].map("
        "(each) => document.querySelector(`#ticker li ${each}`).getBoundingClientRect().x)"
    )
    assert places == sorted(places)
    assert browser.run("return getComputedStyle(document.querySelector('#ticker bdi')).unicodeBidi") == "isolate"


def test_a_script_that_found_its_way_into_the_page_would_not_run(browser: Browser, address: str) -> None:
    browser.open(address)
    browser.run(
        "const script = document.createElement('script'); script.textContent = 'window.harmed = 1';"
        "document.body.append(script);"
        "document.body.setAttribute('onclick', 'window.harmed = 2'); document.body.click()"
    )
    assert browser.run("return window.harmed") is None
    browser.until(lambda: any("Content Security Policy" in each for each in browser.complaints()))
