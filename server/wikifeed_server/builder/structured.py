"""Brings what a reader found in a page into the contract's structured fields, whichever reader it was."""

from collections.abc import Collection
from typing import Any

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.content.structure import Cell, PageContents, Table
from wikifeed_server.contract.fragments import STRUCTURED_FIELDS


def structured_fragment(contents: PageContents) -> bytes:
    """The fragment that holds the structured parts of a page."""
    return structured_article(contents, STRUCTURED_FIELDS).SerializeToString()


def structured_article(contents: PageContents, fields: Collection[str]) -> Article:
    """An Article of nothing but those of the structured fields that are named."""
    found: dict[str, Any] = {
        "infoboxes": contents.infoboxes,
        "sections": contents.sections,
        "references": contents.references,
        "tables": [_table(table) for table in contents.tables] if "tables" in fields else [],
        "links": contents.links,
    }
    return Article(**{name: found[name] for name in fields})


def _table(table: Table) -> dict[str, Any]:
    """A table whose rows are messages, as the contract has them."""
    return {
        **table,
        "headers": _rows(table.get("headers", [])),
        "rows": _rows(table.get("rows", [])),
        "footers": _rows(table.get("footers", [])),
    }


def _rows(rows: list[list[Cell]]) -> list[dict[str, Any]]:
    return [{"cells": [_cell(cell) for cell in row]} for row in rows]


def _cell(cell: Cell) -> dict[str, Any]:
    return {**cell, "nested_table": _table(cell["nested_table"])} if "nested_table" in cell else {**cell}
