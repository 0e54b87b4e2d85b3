"""Reads tables: what stands in their cells, with spans resolved."""

from collections.abc import Callable
from typing import NamedTuple

from wikifeed_server.content.structure import Cell, Table
from wikifeed_server.content.wikitext.flow import Flow
from wikifeed_server.content.wikitext.table_rows import Row, caption_of, cell_parts, rows_of
from wikifeed_server.content.wikitext.tree import Nodes, Tag

_FOOTER = "sortbottom"
# As browsers bound them (HTML's table model).
_MAX_COLSPAN, _MAX_ROWSPAN = 1_000, 65_534
_MAX_CELLS = 100_000
_COPY_CHARACTERS = 2_000_000
_CELL_CHARACTERS = 8

Read = Callable[[Nodes], Flow]


class SpanBudget:
    """How many characters the spans of one page may still repeat, so that a small page makes no huge tables."""

    def __init__(self) -> None:
        self._characters = _COPY_CHARACTERS

    def allows(self, cell: Cell) -> bool:
        """Whether a cell may be repeated once more."""
        self._characters -= len(cell.get("value", "")) + _CELL_CHARACTERS
        return self._characters >= 0


class _Line(NamedTuple):
    """A row with a cell for every column that it reaches."""

    cells: list[Cell]
    is_header: bool
    is_footer: bool


class _Span(NamedTuple):
    """A cell that reaches down into the next rows, and into how many."""

    cell: Cell
    is_header: bool
    rows: int


class _Grid:
    """Fills rows from left to right; what reaches down from rows above is repeated."""

    def __init__(self, read: Read, budget: SpanBudget) -> None:
        self._read = read
        self._budget = budget
        self._spans: dict[int, _Span] = {}
        self._cells: list[Cell] = []
        self._heads: list[bool] = []
        self._room = _MAX_CELLS

    def line(self, row: Row) -> _Line | None:
        """The row with spans resolved; None where it has no cells, or the table has more cells than are read."""
        self._cells, self._heads = [], []
        if self._room <= 0 or not row.cells:
            return None
        for tag in row.cells[: self._room]:
            self._fill()
            self._place(tag)
        self._fill()
        self._room -= len(self._cells)
        is_header = row.group == "thead" or all(self._heads)
        return _Line(self._cells, is_header, row.group == "tfoot" or _FOOTER in row.classes)

    def _fill(self) -> None:
        """Repeat what reaches down into the columns that come next."""
        while (span := self._spans.pop(len(self._cells), None)) is not None and self._budget.allows(span.cell):
            self._put(span)

    def _place(self, tag: Tag) -> None:
        """Put a cell into as many columns as it spans."""
        attributes, contents = cell_parts(tag)
        cell = _cell(self._read(contents))
        rows = _number(attributes.get("rowspan", ""), _MAX_ROWSPAN, of_zero=_MAX_ROWSPAN)
        columns = _number(attributes.get("colspan", ""), _MAX_COLSPAN, of_zero=1)
        self._put(_Span(cell, tag.name == "th", rows))
        copy = _Span(_text_of(cell), tag.name == "th", rows)
        for _ in range(columns - 1):
            if not self._budget.allows(cell):
                break
            self._put(copy)

    def _put(self, span: _Span) -> None:
        if span.rows > 1:
            self._spans[len(self._cells)] = _Span(_text_of(span.cell), span.is_header, span.rows - 1)
        self._cells.append(span.cell)
        self._heads.append(span.is_header)


def read_table(read: Read, tag: Tag, budget: SpanBudget) -> Table | None:
    """A data table; None where nothing in it is shown. `read` walks the contents of cells.

    Rows of nothing but header cells head the table where they lead, and close it where they end it. The confidence is
    the share of the rows that reach over all columns and that no template may have lengthened.
    """
    caption = caption_of(tag)
    title = read(caption).text() if caption is not None else ""
    grid = _Grid(read, budget)
    rows = [row for row in rows_of(tag) if row.cells or not row.is_whole]
    lines = [line for line in map(grid.line, rows) if line is not None]
    if not any(cell for line in lines for cell in line.cells):
        return None
    heads = next((place for place, line in enumerate(lines) if not line.is_header), len(lines))
    feet = len(lines)
    while feet > heads and (lines[feet - 1].is_footer or lines[feet - 1].is_header):
        feet -= 1
    table: Table = {"caption": title} if title else {}
    if heads:
        table["headers"] = [line.cells for line in lines[:heads]]
    if heads < feet:
        table["rows"] = [line.cells for line in lines[heads:feet]]
    if feet < len(lines):
        table["footers"] = [line.cells for line in lines[feet:]]
    width = max(len(line.cells) for line in lines)
    sure = sum(row.is_whole for row in rows) - sum(len(line.cells) < width for line in lines)
    table["confidence_score"] = round(max(sure, 0) / len(rows), 2)
    return table


def _cell(flow: Flow) -> Cell:
    value = flow.text()
    cell: Cell = {"value": value} if value else {}
    if flow.tables:
        cell["nested_table"] = flow.tables[0]
    return cell


def _text_of(cell: Cell) -> Cell:
    """The cell without the table in it, which is not repeated."""
    if "nested_table" not in cell:
        return cell
    return {"value": cell["value"]} if "value" in cell else {}


def _number(text: str, most: int, *, of_zero: int) -> int:
    """A span as written: at least 1, at most `most`; what is no number is 1."""
    if not text.isdecimal():
        return 1
    number = int(text) if len(text) <= len(str(most)) else most
    return min(number, most) if number else of_zero
