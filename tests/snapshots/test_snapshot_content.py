"""What a snapshot holds of each article."""

import pytest
from snapshot_feed import articles, export, page

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.snapshots import Content, Format

ALL_FORMATS = pytest.mark.parametrize("format_", list(Format))


async def test_a_line_is_enterprises_article_with_redirects_and_bodies_but_no_structured_part(feed, tmp_path):
    feed.publish(page(1, 5, "wiki", "<p>html"), page(2, 5, redirect_target="Page 1"), page(3, 5, namespace=14))
    manifest = await export(feed, tmp_path)
    (article,) = articles(tmp_path, manifest)
    assert article["event"].pop("date_published")
    assert article == {
        "name": "Page 1",
        "identifier": 1,
        "abstract": "Page 1 is a page.",
        "date_modified": "1970-01-01T00:00:05Z",
        "version": {"identifier": 5, "comment": "edit"},
        "url": "https://en.wikipedia.org/wiki/Page_1",
        "namespace": {"identifier": 0},
        "in_language": {"identifier": "en"},
        "redirects": [{"name": "Page 2"}],
        "is_part_of": {"identifier": "enwiki"},
        "article_body": {"html": "<p>html", "wikitext": "wiki"},
        "license": [{"identifier": "CC-BY-SA-4.0"}],
        "event": {"type": "create", "partition": article["event"]["partition"], "offset": 1},
    }


@pytest.mark.parametrize(("content", "body"), [(Content.WIKITEXT, "wiki"), (Content.HTML, "<p>html")])
async def test_one_body_alone_comes_with_identity_only(feed, tmp_path, content, body):
    feed.publish(page(1, 5, "wiki", "<p>html"), page(2, 5, "", ""))
    manifest = await export(feed, tmp_path, content=content)
    with_body, without_body = articles(tmp_path, manifest)
    assert with_body["article_body"] == {content.value: body}
    assert with_body["version"] == {"identifier": 5}
    assert "abstract" not in with_body
    assert "article_body" not in without_body
    assert (without_body["name"], manifest.without_body_count) == ("Page 2", 1)


@ALL_FORMATS
async def test_structured_contents_have_enterprises_fields_and_no_others(feed, tmp_path, format_):
    structure = Article(
        infoboxes=[{"type": "infobox", "has_parts": [{"type": "field", "name": "Born", "values": ["1815", "London"]}]}],
        tables=[{"identifier": "t", "caption": "Works", "rows": [{"cells": [{"value": "1843"}, {}]}]}],
        links=[{"text": "a link of the page"}],
    )
    feed.publish(page(1, 5, "wiki", "<p>html", structured=structure), page(2, 5), page(3, 5, redirect_target="Page 1"))
    manifest = await export(feed, tmp_path, content=Content.STRUCTURED, format=format_)
    article, without = articles(tmp_path, manifest)
    assert {name: article.pop(name) for name in ("infoboxes", "tables")} == {
        "infoboxes": [
            {"type": "infobox", "has_parts": [{"type": "field", "name": "Born", "values": ["1815", "London"]}]}
        ],
        "tables": [{"identifier": "t", "caption": "Works", "rows": [[{"value": "1843"}, {}]]}],
    }
    kept = {"abstract", "date_modified", "event", "identifier", "in_language", "is_part_of", "license", "name", "url"}
    assert set(article) == set(without) == kept | {"version"}
    assert article["version"] == {"identifier": 5, "comment": "edit"}
    assert manifest.without_body_count == 1


async def test_only_the_namespace_asked_for_is_in_it(feed, tmp_path):
    feed.publish(page(1, 1), page(2, 1, namespace=14))
    manifest = await export(feed, tmp_path, namespace=14)
    assert [article["identifier"] for article in articles(tmp_path, manifest)] == [2]
    assert manifest.spec.identifier == "enwiki_namespace_14"
