"""The data tables of a rendered page.

A `table` element is a data table, not layout, where

- no role (presentation, none) and no class (message boxes, navigation, infoboxes, `metadata`) says otherwise,
- it has two rows, and a row of two cells (a page's own mark for data tables, such as `wikitable`, excuses that one),
- it is not the frame around other tables: less than half of its rows hold one,
- and it is marked as data as the HTML standard advises to tell: a `th`, a `caption`, a `thead` or `tfoot`, or the
  wikis' own classes. Without such marks its contents must look like data: three rows, nearly all of one width, most
  cells filled, each with a few words.

A table in a cell of a data table is that cell's `nested_table`; a second one in the same cell is a table of its own.
"""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.allowance import Allowance
from wikifeed_server.content.html.grid import laid_out
from wikifeed_server.content.html.inline import Inline
from wikifeed_server.content.html.raised import raised_text
from wikifeed_server.content.html.rows import CELLS, PageCell, PageTable, page_table
from wikifeed_server.content.structure import Table

# Repeated text in the tables of one page, in characters: 100,000 empty cells.
_MOST_REPEATED = 4_000_000
# Rows behind that many cells of a page are left out. It is several times the cells of the longest lists of real wikis.
_MOST_CELLS = 100_000
# The contract's messages are read to a depth of 100, and each table takes three.
_MOST_NESTED = 8

_LAYOUT_ROLES = frozenset(("presentation", "none", "navigation"))
_LAYOUT_CLASS = re.compile(
    r"(?:^|\s)(?:metadata|[a-z]{0,2}mbox|(?:vertical-)?navbox|sidebar|infobox|gallery|toc)(?![a-z])"
)
_DATA_CLASS = re.compile(r"(?:^|\s)(?:wikitable|sortable)(?!\S)")
_FILE_NAME = re.compile(r"\.(?:svg|png|jpe?g|gif|webp|tiff?)$", re.IGNORECASE)
_RAISED = "sup, sub"
_UNSEEN = '.navbar, [style*="visibility:hidden"], [style*="visibility: hidden"]'

_DOCUMENT = "-document"
# Where a table stands that is in no cell, instead of the cell's id.
_IN_NO_CELL, _TAKEN_OUT = 0, -1

_LEAST_PLAIN_ROWS = 3
_MOST_PLAIN_TEXT = 80


def read_tables(tables: list[LexborNode], inline: Inline) -> list[tuple[LexborNode, Table]]:
    """The data tables among a page's `table` elements, each with the element that it was read from.

    They come, and go, in page order; those that were taken out of the page are passed over. Comes after all that is no
    text of the page was taken out, and after links were read: in tables, superscript and subscript become plain
    characters.
    """
    return _TableReader(inline, tables).read()


class _TableReader:
    """Reads the tables of one page."""

    def __init__(self, inline: Inline, tables: list[LexborNode]) -> None:
        self._inline = inline
        self._allowance = Allowance(_MOST_REPEATED)
        self._cells = Allowance(_MOST_CELLS)
        self._outermost, self._inner = _by_cell(tables)

    def read(self) -> list[tuple[LexborNode, Table]]:
        found: list[tuple[LexborNode, Table]] = []
        waiting = [(node, 0) for node in reversed(self._outermost)]
        while waiting:
            node, within = waiting.pop()
            page = page_table(node, self._cells)
            if self._is_data(page):
                _write_plainly(node)
                table, left_over = self._table(page, f"table{len(found) + 1}", 0)
                if table:
                    found.append((node, table))
                if within < _MOST_NESTED:
                    waiting += [(other, within + 1) for other in reversed(left_over)]
            else:
                waiting += [(inner, within) for inner in reversed(self._tables_in(page))]
        return found

    def _table(self, page: PageTable, identifier: str, depth: int) -> tuple[Table, list[LexborNode]]:
        """The table, empty where nothing stands in it, and the tables in it that have no place there."""
        left_over: list[LexborNode] = []
        nested = 0
        for cell in page.cells():
            inner = self._nested(cell) if depth < _MOST_NESTED else []
            if inner:
                nested += 1
                within, more = self._table(inner[0], f"{identifier}.{nested}", depth + 1)
                cell.nested = within or None
                left_over += [other.node for other in inner[1:]] + more
            cell.value = self._inline.text(cell.node, tables=not inner) or self._pictured(cell.node)
        table = laid_out(page, self._allowance)
        if not table:
            return table, left_over
        named: Table = {"identifier": identifier}
        if page.caption is not None and (caption := self._inline.text(page.caption)):
            named["caption"] = caption
        return {**named, **table}, left_over

    def _nested(self, cell: PageCell) -> list[PageTable]:
        """The data tables in a cell, whatever layout tables are between."""
        found: list[PageTable] = []
        waiting = self._inner.get(cell.node.mem_id, [])[::-1]
        while waiting:
            page = page_table(waiting.pop(), self._cells)
            if self._is_data(page):
                found.append(page)
            else:
                waiting += self._tables_in(page)[::-1]
        return found

    def _tables_in(self, page: PageTable) -> list[LexborNode]:
        return [inner for cell in page.cells() for inner in self._inner.get(cell.node.mem_id, ())]

    def _pictured(self, node: LexborNode) -> str:
        """What the images of a cell without text stand for: a check mark is a Yes."""
        if node.child is None:
            return ""
        texts = (image.get("alternative_text", "") for image in self._inline.images(self._inline.images_in(node)))
        return " ".join(text for text in texts if text and not _FILE_NAME.search(text))

    def _is_data(self, page: PageTable) -> bool:
        attributes = page.node.attributes
        classes = attributes.get("class") or ""
        if (attributes.get("role") or "") in _LAYOUT_ROLES or _LAYOUT_CLASS.search(classes):
            return False
        rows = [row for row in page.rows() if row.cells]
        marked = _DATA_CLASS.search(classes) is not None
        if len(rows) < 2 or (not marked and all(len(row.cells) < 2 for row in rows)):
            return False
        framing = sum(any(cell.node.mem_id in self._inner for cell in row.cells) for row in rows)
        if 2 * framing >= len(rows):
            return False
        heads = page.caption is not None or any(row.group != "tbody" for row in rows)
        return marked or heads or any(cell.heads for cell in page.cells()) or (not framing and _looks_like_data(page))


def _looks_like_data(page: PageTable) -> bool:
    widths = [sum(cell.columns for cell in row.cells) for row in page.rows() if row.cells]
    lengths = [len(cell.node.text(strip=True)) for cell in page.cells()]
    return (
        len(widths) >= _LEAST_PLAIN_ROWS
        and 10 * widths.count(max(set(widths), key=widths.count)) >= 8 * len(widths)
        and 2 * sum(1 for length in lengths if length) >= len(lengths)
        and sum(lengths) <= _MOST_PLAIN_TEXT * len(lengths)
    )


def _by_cell(tables: Iterable[LexborNode]) -> tuple[list[LexborNode], dict[int, list[LexborNode]]]:
    """The outermost tables, and by the id of a cell the tables that stand in it but in no cell within.

    Every way up is gone once, so that deep nesting costs no more than its size. Tables that were taken out of the page
    are left out: their ways do not lead up to it.
    """
    outermost: list[LexborNode] = []
    inner: dict[int, list[LexborNode]] = {}
    enclosing: dict[int, int] = {}
    for table in tables:
        way: list[int] = []
        cell = _TAKEN_OUT
        node = table.parent
        while node is not None:
            key = node.mem_id
            way.append(key)
            tag = node.tag
            if key in enclosing or tag in CELLS:
                cell = enclosing.get(key, key)
                break
            if tag == _DOCUMENT:
                cell = _IN_NO_CELL
                break
            node = node.parent
        enclosing.update(dict.fromkeys(way, cell))
        if cell == _TAKEN_OUT:
            continue
        if cell != _IN_NO_CELL:
            inner.setdefault(cell, []).append(table)
        else:
            outermost.append(table)
    return outermost, inner


def _write_plainly(table: LexborNode) -> None:
    """Take out what is not seen, and write superscript and subscript in plain characters; the innermost first."""
    for node in table.css(_UNSEEN):
        node.remove()
    for node in reversed(table.css(_RAISED)):
        node.replace_with(raised_text(node.tag or "", node.text()))
