"""Articles as tables."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_client.tables import COLUMNS, to_arrow, to_pandas

ARTICLE = Article(
    name="Ada",
    identifier=7,
    version={"identifier": 70, "editor": {"name": "Grace"}},
    date_modified=datetime(2026, 1, 31, tzinfo=UTC),
    categories=[{"name": "Category:People"}],
    sections=[{"name": "Life", "has_parts": [{"value": "born", "has_parts": [{"values": ["1815"]}]}]}],
    tables=[{"rows": [{"cells": [{"value": "a"}]}]}],
    references=[{"metadata": {"title": "Notes", "author": "Menabrea"}}],
)


def test_columns_have_the_types_of_their_fields_and_nulls_where_an_article_lacks_them():
    table = to_arrow([ARTICLE, Article(name="Empty")])
    assert table.column_names == list(COLUMNS)
    assert table.schema.field("date_modified").type == pa.timestamp("us", tz="UTC")
    assert table.schema.field("version.identifier").type == pa.int64()
    assert table.column("version.editor.name").to_pylist() == ["Grace", None]
    assert table.column("date_modified").to_pylist() == [datetime(2026, 1, 31, tzinfo=UTC), None]


def test_structures_become_structs_and_lists():
    (row,) = to_arrow([ARTICLE], ["categories", "sections", "tables", "references"]).to_pylist()
    assert row["categories"] == [{"name": "Category:People"}]
    assert row["sections"][0]["has_parts"][0]["has_parts"][0]["values"] == ["1815"]
    assert row["tables"][0]["rows"] == [[{"value": "a"}]]
    metadata = [{"key": "author", "value": "Menabrea"}, {"key": "title", "value": "Notes"}]
    assert row["references"][0]["metadata"] == metadata


def test_no_articles_make_a_table_of_no_rows():
    assert to_arrow([]).num_rows == 0


@pytest.mark.parametrize("path", ["nonsense", "name.more", "version.nonsense", "categories.name"])
def test_paths_that_lead_nowhere_are_refused(path):
    with pytest.raises(KeyError):
        to_arrow([ARTICLE], [path])


def test_a_frame_has_a_row_an_article():
    frame = to_pandas([ARTICLE, Article(name="Grace", identifier=8)], ["identifier", "name"])
    assert frame.to_dict("records") == [{"identifier": 7, "name": "Ada"}, {"identifier": 8, "name": "Grace"}]
