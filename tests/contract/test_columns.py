"""Articles as Arrow columns: nothing is lost, and the types are what readers expect."""

from datetime import UTC, datetime

import orjson
import pyarrow as pa
import pytest
from article_rows import article_of_row, object_of_row
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_messages import messages

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.structured_pb2 import Part, Table
from wikifeed_server.contract.columns import article_columns
from wikifeed_server.contract.fragments import STRUCTURED_CONTENTS
from wikifeed_server.contract.json import article_to_json

ALL = article_columns(Article.DESCRIPTOR.fields_by_name)


def rows(*articles, columns=ALL):
    """The articles as rows, after a way through Arrow's checks."""
    schema = pa.schema([column.field for column in columns])
    batch = pa.RecordBatch.from_arrays([column.array(articles) for column in columns], schema=schema)
    batch.validate(full=True)
    return batch.to_pylist()


def nested_part(levels: int) -> Part:
    """Sections in sections, each with a paragraph behind them."""
    part = Part(type="list_item", value=f"level {levels}", links=[{"url": "u"}])
    for level in range(levels - 1, 0, -1):
        part = Part(type="section", name=f"level {level}", has_parts=[part, Part(type="paragraph", value="behind")])
    return part


def nested_table(levels: int) -> Table:
    """Tables in cells of tables."""
    table = Table(identifier=f"level {levels}", rows=[{"cells": [{"value": "deep"}]}, {}])
    for level in range(levels - 1, 0, -1):
        table = Table(identifier=f"level {level}", headers=[{"cells": [{}, {"nested_table": table}]}], caption="c")
    return table


@given(st.lists(st.deferred(lambda: messages(Article.DESCRIPTOR)), max_size=4))
@settings(deadline=None)
def test_every_article_survives_the_way_to_rows_and_back(articles):
    assert [article_of_row(row) for row in rows(*articles)] == articles


@pytest.mark.parametrize("levels", [1, 3, 4, 5, 8, 9, 12, 30])
def test_parts_and_tables_of_any_depth_survive(levels):
    part, table = nested_part(levels), nested_table(min(levels, 12))
    article = Article(infoboxes=[part, Part(type="infobox")], sections=[part, part], tables=[table, Table()])
    (row,) = rows(article)
    assert article_of_row(row) == article


def test_what_is_too_deep_for_columns_is_the_json_of_its_parts():
    part = nested_part(10)
    (row,) = rows(Article(sections=[part]))
    level, wanted = row["sections"][0], part
    for _ in range(7):
        assert level["name"] == wanted.name
        assert "has_parts_json" not in level
        level, wanted = level["has_parts"][0], wanted.has_parts[0]
    alone = Article(sections=wanted.has_parts)
    assert orjson.loads(level["has_parts_json"]) == orjson.loads(article_to_json(alone))["sections"]
    assert "has_parts" not in level


def test_a_row_says_what_json_says():
    article = Article(
        name="Ada",
        identifier=7,
        namespace={"name": "", "identifier": 0},
        version={"identifier": 5, "editor": {"name": "Bob"}},
        watchers_count=0,
        sections=[{"type": "section", "has_parts": [{"type": "paragraph", "value": "She wrote."}]}],
        references=[{"identifier": "r", "metadata": {"title": "T", "author": "A"}}],
        tables=[{"rows": [{"cells": [{"value": "1"}, {}]}, {}]}],
    )
    (row,) = rows(article)
    assert object_of_row(row) == orjson.loads(article_to_json(article))
    assert row["tables"][0]["rows"][0][0]["value"] == "1"
    assert row["references"][0]["metadata"] == [{"key": "author", "value": "A"}, {"key": "title", "value": "T"}]


def test_lists_are_never_null_and_all_else_that_is_empty_is():
    (row,) = rows(Article(identifier=1))
    assert row["sections"] == row["categories"] == []
    assert row["name"] is row["version"] is row["date_modified"] is row["watchers_count"] is None
    (row,) = rows(Article(version={}, visibility={}))
    assert row["version"]["identifier"] is row["version"]["is_minor_edit"] is None
    assert row["visibility"] == {"text": False, "editor": False, "comment": False}


def test_times_are_microseconds_in_utc():
    article = Article()
    article.date_modified.FromJsonString("2025-01-29T22:45:40.180641Z")
    (row,) = rows(article)
    assert row["date_modified"] == datetime(2025, 1, 29, 22, 45, 40, 180_641, tzinfo=UTC)


def test_columns_bear_the_names_of_the_fields_in_their_order():
    columns = article_columns(STRUCTURED_CONTENTS)
    assert {column.field.name for column in columns} == set(STRUCTURED_CONTENTS)
    assert [column.field.name for column in columns][:4] == ["name", "identifier", "abstract", "date_created"]
    types = {column.field.name: column.field.type for column in columns}
    assert types["identifier"] == pa.int64()
    assert types["date_modified"] == pa.timestamp("us", tz="UTC")
    assert types["is_part_of"].field("identifier").type == pa.string()
    assert types["sections"].value_type.field("links").type.value_type.field("url").type == pa.string()


def test_a_path_into_a_message_leaves_the_rest_of_it_out():
    columns = article_columns(["name", "version.identifier", "article_body.wikitext"])
    article = Article(name="A", version={"identifier": 5, "comment": "no"}, article_body={"wikitext": "w", "html": "h"})
    assert rows(article, columns=columns) == [
        {"name": "A", "version": {"identifier": 5}, "article_body": {"wikitext": "w"}}
    ]
