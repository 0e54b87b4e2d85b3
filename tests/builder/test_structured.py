"""Structured contents become the contract's messages, whichever reader found them."""

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.builder.structured import structured_article, structured_fragment
from wikifeed_server.content import PageContents

TABLE = {
    "identifier": "table1",
    "caption": "Cap",
    "headers": [[{"value": "a"}, {}]],
    "rows": [[{"value": "b", "nested_table": {"rows": [[{"value": "c"}]], "confidence_score": 0.5}}]],
    "confidence_score": 1.0,
}


def test_rows_and_nested_tables_are_messages():
    (table,) = Article.FromString(structured_fragment(PageContents(tables=[TABLE]))).tables
    assert [cell.value for cell in table.headers[0].cells] == ["a", ""]
    assert table.rows[0].cells[0].nested_table.rows[0].cells[0].value == "c"
    assert (table.identifier, table.caption, table.confidence_score) == ("table1", "Cap", 1.0)
    assert not table.footers


def test_only_the_fields_that_are_named_are_filled():
    contents = PageContents(tables=[TABLE], links=[{"url": "https://a.org", "text": "b"}])
    assert structured_article(contents, ["links"]) == Article(links=[{"url": "https://a.org", "text": "b"}])
    assert structured_article(contents, ["sections"]) == Article()


def test_page_without_contents_has_an_empty_fragment():
    assert structured_fragment(PageContents()) == b""


@pytest.mark.parametrize("depth", [1, 16])
def test_lists_as_deep_as_readers_make_them_can_be_read_again(depth):
    part = {"type": "list_item", "value": "a"}
    for _ in range(depth):
        part = {"type": "list_item", "has_parts": [{"type": "list", "has_parts": [part]}]}
    sections = [{"type": "section", "name": "Abstract", "has_parts": [part]}]
    for _ in range(6):
        sections = [{"type": "section", "has_parts": sections}]
    fragment = structured_fragment(PageContents(sections=sections))
    assert Article.FromString(fragment).SerializeToString() == fragment
