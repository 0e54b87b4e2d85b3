"""`wikifeed extract`: pages in, one line of JSON each out."""

import gzip
import json

import pytest

HTML = (
    '<html><head><base href="//en.wikipedia.org/wiki/"/></head><body><section><p><b>One</b> is a '
    '<a href="./Number">number</a> (<span class="IPA">wʌn</span>).</p></section></body></html>'
)


def test_html_is_told_by_the_files_name(wikifeed, tmp_path):
    (tmp_path / "One.html").write_text(HTML)
    (tmp_path / "Two").write_text(HTML)
    result = wikifeed("extract", "One.html")
    assert json.loads(result.stdout) == {
        "name": "One",
        "abstract": "One is a number.",
        "links": [{"url": "https://en.wikipedia.org/wiki/Number", "text": "number"}],
        "sections": [
            {
                "type": "section",
                "name": "Abstract",
                "has_parts": [
                    {
                        "type": "paragraph",
                        "value": "One is a number (wʌn).",
                        "links": [{"url": "https://en.wikipedia.org/wiki/Number", "text": "number"}],
                    }
                ],
            }
        ],
        "text": "One is a number (wʌn).",
    }
    assert wikifeed("extract", "--format", "html", "Two").stdout.replace('"Two"', '"One"', 1) == result.stdout


def test_a_page_that_can_not_be_read_is_named_with_the_reason(wikifeed, tmp_path):
    (tmp_path / "Deep.html").write_text("<div>" * 100_000)
    result = wikifeed("extract", "Deep.html")
    assert result.returncode == 5
    assert result.stderr.startswith("wikifeed: Deep.html: elements are nested more than 2,000 deep")


@pytest.mark.parametrize("endings", [("html",), ("wikitext",), ("html", "wikitext")])
def test_a_page_that_takes_too_much_is_named_with_the_bound(wikifeed, tmp_path, endings):
    pages = {"html": "<p>" + "x<b>y</b>" * 400_000, "wikitext": "[[a]] {{b|c}} " * 400_000}
    for ending in endings:
        (tmp_path / f"Large.{ending}").write_text(pages[ending])
    result = wikifeed("extract", "--page-seconds", "0.1", *(f"Large.{ending}" for ending in endings))
    assert result.returncode == 5
    assert f"Large.{endings[0]}: its process ended: it took more than 0.1 s" in result.stderr


def test_enterprises_way_of_joining_texts_is_asked_for(wikifeed, shared, tmp_path):
    page = shared / "data/parsoid/Kane (noble family).html.gz"
    (tmp_path / "Kane.html").write_bytes(gzip.decompress(page.read_bytes()))
    ours = json.loads(wikifeed("extract", "Kane.html").stdout)
    theirs = json.loads(wikifeed("extract", "--as-enterprise", "Kane.html").stdout)
    assert "the Smør-family" in ours["text"]
    assert "the Smør -family" in theirs["text"]
    assert [image["height"] for image in ours["images"]] == [340, 268]
    assert [image["height"] for image in theirs["images"]] == [220, 150]
