"""Openings that nothing closes are text before the tokenizer sees them."""

import bz2
import html
import re

import pytest

from wikifeed_server.builder.bounds import BoundedCalls
from wikifeed_server.content import ContentError, PageContents, read_wikitext
from wikifeed_server.content.wikitext.balance import balanced
from wikifeed_server.projects import ProjectInfo

PROJECT = ProjectInfo("enwiki", url="https://en.wikipedia.org")


def length_of_text(page: str) -> int:
    try:
        return len(read_wikitext(page, PROJECT, "Page").text)
    except ContentError:
        return -1


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "{{a|",
            "{{a|b=",
            "[[a|b",
            "{|\n|-\n|a\n",
            "[http://x ",
            "<ref>a",
            "<a b=",
            '<a "',
            "<!--a",
            "<table>",
            "<math>",
        ),
        *("{{{{{flag|</div>", "[[http://x <table>[[", "=[[Category:", "'''}}}{{cite web|title=&amp;", "|東京{{{"),
        *(
            "<nowiki></table>",
            "<td><ref name=a>'''",
            "<tr><!--'''[[Category:",
            "''a",
            "*:#;",
            "\n==a",
            "|<math>[x y]</ref>",
        ),
    ],
)
def test_what_is_never_closed_is_read_within_its_bounds(piece):
    with BoundedCalls(seconds=20, memory_bytes=1 << 30) as calls:
        assert calls.call(length_of_text, piece * 20_000) >= -1


def test_only_what_is_not_closed_becomes_text():
    filler = "word " * 100_000
    text = f"{{{{a|b}}}} [[c]] <ref>d</ref> {{{{e [[f <ref>g {filler}"
    text = text + "{{h " * 30
    result = balanced(text)
    assert result.startswith("{{a|b}} [[c]] <ref>d</ref> &#123;&#123;e &#91;&#91;f &lt;ref>g word")
    assert result.endswith("&#123;&#123;h " * 30)


@pytest.mark.parametrize(
    "text", ["", "{{a", "[[b", "<ref>c", "''d", "=e=\n", "{{{{{f}}}}}", "[[[[g]]]]", "[[h]] {{i|{{{j}}}}}"]
)
def test_a_short_page_is_left_as_it_is(text):
    assert balanced(text) == text


def test_real_pages_are_left_as_they_are(shared):
    dump = bz2.decompress((shared / "data/dumps/enwiki-206-pages.xml.bz2").read_bytes()).decode()
    pages = [html.unescape(text) for text in re.findall(r"<text[^>]*>(.*?)</text>", dump, re.DOTALL)]
    assert len(pages) == 206
    assert [page[:80] for page in pages if balanced(page) != page] == []


def test_an_unclosed_tag_loses_nothing_behind_it():
    page = "Lead.\n" + "<ref>unclosed " * 5_000 + "\n== History ==\nText."
    contents: PageContents = read_wikitext(page, PROJECT, "Page")
    assert [section.get("name") for section in contents.sections] == ["Abstract", "History"]
