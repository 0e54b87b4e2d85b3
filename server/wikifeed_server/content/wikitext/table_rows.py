"""The markup of tables: what a table is for, its caption, its rows."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from wikifeed_server.content.wikitext.templates import text_only
from wikifeed_server.content.wikitext.tree import Node, Nodes, Tag, Template

_ROW_GROUPS = frozenset(("tbody", "thead", "tfoot"))
_CELLS = frozenset(("td", "th"))
_NAVIGATION = frozenset(("navbox", "vertical-navbox", "sidebar", "metadata", "ambox", "toc", "noprint", "mbox-small"))
_INFOBOX = frozenset(("infobox", "infobox_v2", "infobox_v3", "sinottico", "taxobox"))
_ATTRIBUTE = re.compile(r"\s*(?:colspan|rowspan|style|class|align|valign|bgcolor|width|scope|data-[a-z-]+)\s*=", re.I)
_SPAN = re.compile(r"""(colspan|rowspan)\s*=\s*["']?(\d{1,6})""", re.I)


class TableKind(Enum):
    """What a table is for."""

    DATA = auto()
    LAYOUT = auto()
    NAVIGATION = auto()
    INFOBOX = auto()


class Row(NamedTuple):
    """A row as it was written; `is_whole` tells that no template stands in it that may hold further cells."""

    cells: list[Tag]
    group: str
    classes: frozenset[str]
    is_whole: bool


def attributes_of(tag: Tag) -> dict[str, str]:
    """The attributes of a tag that are plain text, by their names in small letters."""
    return {
        text_only(name).strip().lower(): " ".join(text_only(value).split()).strip("\"'")
        for name, value in tag.attributes
        if value is not None
    }


def kind_of_table(tag: Tag) -> TableKind:
    """What a table is for, by its attributes, or by having one row and nothing that heads it."""
    attributes = attributes_of(tag) if tag.attributes else {}
    classes = frozenset(attributes.get("class", "").lower().split())
    role = attributes.get("role", "").lower()
    if classes & _INFOBOX:
        return TableKind.INFOBOX
    if classes & _NAVIGATION or role == "navigation":
        return TableKind.NAVIGATION
    if role in ("presentation", "none"):
        return TableKind.LAYOUT
    rows = [row for row in rows_of(tag) if row.cells or not row.is_whole]
    if len(rows) <= 1 and all(row.is_whole and _is_all_data(row) for row in rows) and caption_of(tag) is None:
        return TableKind.LAYOUT
    return TableKind.DATA


def rows_of(tag: Tag) -> Iterator[Row]:
    """The rows of a table, empty ones too. Cells before the first mark of a row are a row."""
    first = [node for node in tag.contents if _is_cell(node)]
    if first or any(isinstance(node, Template) for node in tag.contents):
        yield _row(tag, "", frozenset())
    for node in tag.contents:
        if not isinstance(node, Tag):
            continue
        if node.name in _ROW_GROUPS:
            for row in rows_of(node):
                yield row._replace(group=node.name)
        elif node.name == "tr":
            classes = attributes_of(node).get("class", "") if node.attributes else ""
            yield _row(node, "", frozenset(classes.lower().split()))


def cell_parts(tag: Tag) -> tuple[dict[str, str], Nodes]:
    """A cell's attributes and contents; attributes before a template are its own, as the template ends them."""
    attributes = attributes_of(tag) if tag.attributes else {}
    contents = tag.contents
    if len(contents) > 1 and isinstance(contents[0], str) and isinstance(contents[1], Template):
        if _ATTRIBUTE.match(contents[0]) is None:
            return attributes, contents
        attributes.update((name.lower(), value) for name, value in _SPAN.findall(contents[0]))
        return attributes, contents[1:]
    return attributes, contents


def caption_of(tag: Tag) -> Nodes | None:
    """What a table's caption holds; None where it has none."""
    for node in tag.contents:
        if not isinstance(node, Tag):
            continue
        if node.name == "caption":
            return node.contents
        if _is_caption(node):
            first = node.contents[0] if node.contents else ""
            if isinstance(first, str) and not node.attributes:
                return [first.removeprefix("+"), *node.contents[1:]]
            return node.contents
        if node.name == "tr" and (found := caption_of(node)) is not None:
            return found
    return None


def _row(tag: Tag, group: str, classes: frozenset[str]) -> Row:
    cells = [node for node in tag.contents if isinstance(node, Tag) and _is_cell(node)]
    return Row(cells, group, classes, not any(isinstance(node, Template) for node in tag.contents))


def _is_all_data(row: Row) -> bool:
    return all(cell.name == "td" for cell in row.cells)


def _is_cell(node: Node) -> bool:
    return isinstance(node, Tag) and node.name in _CELLS and not _is_caption(node)


def _is_caption(tag: Tag) -> bool:
    """Whether a cell is a caption, which the parser does not know: "|+" begins it."""
    if tag.markup != "|":
        return False
    if tag.attributes:
        return text_only(tag.attributes[0][0]) == "+"
    return bool(tag.contents) and isinstance(tag.contents[0], str) and tag.contents[0].startswith("+")
