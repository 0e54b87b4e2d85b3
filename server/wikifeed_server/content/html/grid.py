"""A data table out of its rows: title, headers, footers, and one value for each column of each row."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from wikifeed_server.content.html.allowance import Allowance
from wikifeed_server.content.html.rows import PageCell, PageRow, PageTable
from wikifeed_server.content.html.spans import Slot, resolve
from wikifeed_server.content.structure import Cell, Table

# What an empty cell at a short row's end costs of the allowance, in characters.
_PADDING_SIZE = 4
# Headers of more levels are data.
_MOST_LEVELS = 5
_FIGURES = re.compile(r"[-+−]?[0-9][0-9.,\s%]*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A row, the how-manieth of its table it is, and what stands in its places."""

    number: int
    row: PageRow
    slots: list[Slot[PageCell]]

    def across(self, width: int) -> bool:
        """Whether one cell of its own fills the row to at least this width, of two columns or more."""
        return (
            len(self.row.cells) == 1 and len(self.slots) == self.row.cells[0].columns and len(self.slots) >= width > 1
        )


def laid_out(page: PageTable, allowance: Allowance) -> Table:
    """The table, without identifier, of rows whose cells were read; empty where nothing stands in them.

    - Rows and columns in which no cell with anything in it begins are left out: they are spacing.
    - A first row that is one header cell over the whole width is the caption, where the page has none.
    - Headers are the rows of `thead` and the leading rows of header cells (`th`, or bold from end to end).
    - Footers are the rows of `tfoot`, those that sorting leaves at the end, and the trailing rows of `th` cells or of
      one cell over the whole width.
    - Short rows are filled up with empty cells, as long as the allowance lasts.
    - confidence_score is the share of rows that have the commonest width, times 0.5 to 1: 0.5 + 0.3 with headers
      (0.2 where only the first column is one) + 0.2 times the share of cells with anything in them; times 0.8 where
      tables are nested in it, times 0.5 where spans could not be written out.
    """
    placed = resolve([[row.cells for row in group] for group in page.groups], allowance)
    rows = zip(page.rows(), placed, strict=True)
    lines = [
        _Line(number, row, slots) for number, (row, slots) in enumerate(rows) if any(cell.filled for cell in row.cells)
    ]
    if not lines:
        return {}
    usual = _usual_width(lines)
    table: Table = {}
    if page.caption is None and len(lines) > 1 and lines[0].across(usual) and lines[0].row.cells[0].stands_out():
        table["caption"] = lines.pop(0).row.cells[0].value
    headed = _header_rows(lines, usual)
    closing = len(lines) - _footer_rows(lines[headed:], usual)
    cells = _cells(lines, allowance)
    if headed:
        table["headers"] = cells[:headed]
    if headed < closing:
        table["rows"] = cells[headed:closing]
    if closing < len(cells):
        table["footers"] = cells[closing:]
    table["confidence_score"] = _confidence(lines, usual, headed, allowance)
    return table


def _usual_width(lines: list[_Line]) -> int:
    return Counter(len(line.slots) for line in lines).most_common(1)[0][0]


def _header_rows(lines: list[_Line], usual: int) -> int:
    """How many rows head the table; one row remains below them, unless they are in `thead`."""
    headed = spanned = 0
    bold = True
    for place, line in enumerate(lines):
        if line.row.group != "thead" and line.number >= spanned:
            above = lines[place - 1] if place else None
            if not _heads(line, usual, bold=bold) or (above and not _heads_further(line, above, usual)):
                break
            bold = bold and not any(cell.heads for cell in line.row.cells)
        headed += 1
        spanned = max(spanned, line.number + _deepest(line.row))
    if headed < len(lines):
        return headed
    of_head = sum(line.row.group == "thead" for line in lines)
    return of_head or min(1, len(lines) - 1)


def _deepest(row: PageRow) -> int:
    """How many rows a header row of two levels or more takes: one cell is deep and another wide ("Year", "Sales")."""
    if not any(cell.columns > 1 and cell.rows == 1 for cell in row.cells):
        return 1
    return max(cell.rows for cell in row.cells if cell.rows <= _MOST_LEVELS)


def _heads(line: _Line, usual: int, *, bold: bool) -> bool:
    """Whether a row heads columns; `bold` says whether bold text counts, which it does until `th` cells were seen."""
    if line.row.group == "tfoot":
        return False
    cells = line.row.cells
    filled = [cell for cell in cells if cell.filled]
    only_heads = all(cell.heads for cell in cells)
    if any(cell.for_row for cell in cells) and (not only_heads or all(cell.for_row for cell in cells)):
        return False
    if len(filled) < 2 and not (only_heads and len(line.slots) >= usual):
        return False
    if all(cell.stands_out() if bold else cell.heads for cell in filled):
        return True
    # The corner may say something of the whole table.
    return len(filled) > 2 and filled[0] is cells[0] and all(cell.heads for cell in filled[1:])


def _heads_further(line: _Line, above: _Line, usual: int) -> bool:
    """Whether a row of header cells below another heads columns too: it divides them, or at least has no figures."""
    if line.across(usual):
        return False
    begins = {column for column, slot in enumerate(above.slots) if slot.begins}
    divides = any(slot.begins and column not in begins for column, slot in enumerate(line.slots))
    return divides or not any(_FIGURES.fullmatch(cell.value) for cell in line.row.cells)


def _footer_rows(lines: list[_Line], usual: int) -> int:
    """How many of the rows below the headers close the table. One row remains, unless all are in `tfoot`."""
    footed = 0
    for line in reversed(lines):
        row = line.row
        closes = row.at_bottom or all(cell.heads for cell in row.cells) or line.across(usual)
        if row.group != "tfoot" and (not closes or footed == len(lines) - 1):
            break
        footed += 1
    return footed


def _cells(lines: list[_Line], allowance: Allowance) -> list[list[Cell]]:
    """The rows' cells in the columns that are no spacing."""
    columns = _used_columns(lines)
    nested_told: set[int] = set()
    found = []
    for line in lines:
        reach = len(line.slots)
        cells = [_cell(line.slots[column], nested_told) for column in itertools.takewhile(reach.__gt__, columns)]
        missing = len(columns) - len(cells)
        if missing and allowance.take(missing * _PADDING_SIZE):
            cells += [{} for _ in range(missing)]
        found.append(cells)
    return found


def _used_columns(lines: list[_Line]) -> list[int]:
    """The columns in which a cell with anything in it begins, without which it would have no place."""
    used: set[int] = set()
    wide: list[range] = []
    for line in lines:
        for column, slot in enumerate(line.slots):
            if slot.begins and slot.cell and slot.cell.filled:
                if slot.cell.columns == 1:
                    used.add(column)
                else:
                    wide.append(_places(line.slots, column))
    used.update(places[0] for places in wide if used.isdisjoint(places))
    return sorted(used)


def _places(slots: list[Slot[PageCell]], begin: int) -> range:
    end = begin + 1
    while end < len(slots) and slots[end].cell is slots[begin].cell:
        end += 1
    return range(begin, end)


def _cell(slot: Slot[PageCell], nested_told: set[int]) -> Cell:
    cell: Cell = {}
    if slot.cell and slot.cell.value:
        cell["value"] = slot.cell.value
    if slot.cell and slot.cell.nested and id(slot.cell) not in nested_told:
        nested_told.add(id(slot.cell))
        cell["nested_table"] = slot.cell.nested
    return cell


def _confidence(lines: list[_Line], usual: int, headed: int, allowance: Allowance) -> float:
    own = [cell for line in lines for cell in line.row.cells]
    regular = sum(len(line.slots) == usual for line in lines) / len(lines)
    heads = 0.3 if headed else 0.2 if all(line.row.cells[0].heads for line in lines) else 0.0
    score = regular * (0.5 + heads + 0.2 * sum(cell.filled for cell in own) / len(own))
    if any(cell.nested for cell in own):
        score *= 0.8
    return round(score if allowance.left else score * 0.5, 2)
