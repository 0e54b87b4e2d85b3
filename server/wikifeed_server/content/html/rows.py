"""The rows and cells of one `table` element, as they stand in the page."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from wikifeed_server.content.html.allowance import Allowance
from wikifeed_server.content.html.inline import MARK_BEGIN, TEXT
from wikifeed_server.content.html.spans import MAX_COLUMNS, MAX_ROWS, span
from wikifeed_server.content.structure import Table

CELLS = frozenset(("td", "th"))
_GROUPS = frozenset(("tbody", "thead", "tfoot"))
_BOLD = frozenset(("b", "strong"))
_BOLD_DEPTH = 5
# What a cell without text costs when it is repeated: the marks that JSON sets around it.
_CELL_SIZE = 40


@dataclass(slots=True, eq=False)
class PageCell:
    """A `td` or `th`; `for_row` says that it names its row (its scope)."""

    node: LexborNode
    heads: bool
    for_row: bool
    columns: int
    rows: int
    value: str = ""
    nested: Table | None = None

    @property
    def filled(self) -> bool:
        """Whether anything stands in the cell."""
        return bool(self.value) or self.nested is not None

    @property
    def size(self) -> int:
        """What a repetition of the cell costs, in characters."""
        return _CELL_SIZE + len(self.value)

    def stands_out(self) -> bool:
        """Whether the page shows it as a header cell: as a `th`, or bold from end to end."""
        return self.heads or _bold(self.node, 0) is True


@dataclass(slots=True, eq=False)
class PageRow:
    """A `tr`: its own cells, the tag of its row group, and whether sorting leaves it at the table's end."""

    cells: list[PageCell]
    group: str
    at_bottom: bool


@dataclass(slots=True, eq=False)
class PageTable:
    """A `table` element's rows by row group, `tfoot` last."""

    node: LexborNode
    caption: LexborNode | None = None
    groups: list[list[PageRow]] = field(default_factory=list)

    def rows(self) -> Iterator[PageRow]:
        """All rows, in the order in which the page shows them."""
        for group in self.groups:
            yield from group

    def cells(self) -> Iterator[PageCell]:
        """All cells, row by row."""
        for row in self.rows():
            yield from row.cells


def page_table(node: LexborNode, cells: Allowance) -> PageTable:
    """Read the rows of a `table` element, as long as `cells` may be read; tables within its cells are left alone."""
    table = PageTable(node)
    closing: list[list[PageRow]] = []
    for child in node.iter():
        tag = child.tag
        if tag == "caption" and table.caption is None:
            table.caption = child
        elif tag in _GROUPS:
            rows = [_row(row, tag or "", cells) for row in child.iter() if row.tag == "tr"]
            (closing if tag == "tfoot" else table.groups).append(rows)
    table.groups += closing
    return table


def _row(node: LexborNode, group: str, cells: Allowance) -> PageRow:
    own = (_cell(cell) for cell in node.iter() if cell.tag in CELLS)
    row = PageRow(list(itertools.islice(own, cells.left)), group, "sortbottom" in (node.attributes.get("class") or ""))
    cells.take(len(row.cells))
    return row


def _cell(node: LexborNode) -> PageCell:
    attributes = node.attributes
    return PageCell(
        node,
        heads=node.tag == "th",
        for_row=(attributes.get("scope") or "").startswith("row"),
        columns=span(attributes.get("colspan"), MAX_COLUMNS),
        rows=span(attributes.get("rowspan"), MAX_ROWS, least=0),
    )


def _bold(node: LexborNode, depth: int) -> bool | None:
    """Whether all text in an element is bold; None where there is none."""
    bold: bool | None = None
    child = node.child
    while child is not None:
        tag = child.tag
        if tag == TEXT:
            text = (child.text_content or "").strip()
            if text and not text.startswith(MARK_BEGIN):
                return False
        elif tag in _BOLD:
            bold = True
        elif depth < _BOLD_DEPTH:
            inner = _bold(child, depth + 1)
            if inner is False:
                return False
            bold = bold or inner
        child = child.next
    return bold
