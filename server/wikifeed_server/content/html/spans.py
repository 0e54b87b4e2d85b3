"""Tables' spans: which cell stands in which column of each row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from wikifeed_server.content.html.allowance import Allowance

# The HTML standard's own bounds.
MAX_COLUMNS = 1000
MAX_ROWS = 65534

_WHOLE_NUMBER = re.compile(r"[ \t\n\f\r]*\+?0*([0-9]{0,9})")


class Spanning(Protocol):
    """A cell that reaches over `columns` columns and `rows` rows; 0 rows are all that are left of its row group."""

    columns: int
    rows: int

    @property
    def size(self) -> int:
        """What a repetition of the cell costs, in characters."""


AnyCell = TypeVar("AnyCell", bound=Spanning)


@dataclass(frozen=True, slots=True)
class Slot(Generic[AnyCell]):
    """A place in a row: `cell` stands there, None for none; `begins` says that this is its first place."""

    cell: AnyCell | None = None
    begins: bool = False


def span(written: str | None, most: int, *, least: int = 1) -> int:
    """A `colspan` or `rowspan` as the HTML standard reads it: what is no number is 1, what is too large is `most`."""
    found = _WHOLE_NUMBER.match(written) if written else None
    if found is None or not (found[1] or "0" in found[0]):
        return 1
    return max(least, min(int(found[1] or 0), most))


def resolve(groups: Iterable[Sequence[Sequence[AnyCell]]], allowance: Allowance) -> list[list[Slot[AnyCell]]]:
    """The rows of a table's row groups with every cell in each place that it spans, in their order.

    Rows end where their last cell does. When the allowance is used up, cells stand in their first place only.
    """
    lines: list[list[Slot[AnyCell]]] = []
    for group in groups:
        hanging: dict[int, tuple[AnyCell, int]] = {}
        for above, row in enumerate(group):
            line, hanging = _placed(row, hanging, len(group) - above, allowance)
            lines.append(line)
    return lines


def _placed(
    row: Sequence[AnyCell], hanging: dict[int, tuple[AnyCell, int]], rows_left: int, allowance: Allowance
) -> tuple[list[Slot[AnyCell]], dict[int, tuple[AnyCell, int]]]:
    """A row's places, and the cells that hang into the row below: their columns, and how many rows they still reach."""
    line: list[Slot[AnyCell]] = []
    below: dict[int, tuple[AnyCell, int]] = {}

    def hang(cell: AnyCell, reach: int) -> None:
        if reach > 1:
            below[len(line) - 1] = (cell, reach - 1)

    def continue_above() -> None:
        cell, reach = hanging.pop(len(line))
        if allowance.take(cell.size):
            line.append(Slot(cell))
            hang(cell, reach)
        else:
            hanging.clear()

    for cell in row:
        while len(line) in hanging:
            continue_above()
        reach = min(cell.rows or rows_left, rows_left)
        line.append(Slot(cell, begins=True))
        hang(cell, reach)
        for _ in range(cell.columns - 1):
            if len(line) in hanging or not allowance.take(cell.size):
                break
            line.append(Slot(cell))
            hang(cell, reach)
    while hanging:
        if len(line) in hanging:
            continue_above()
        elif allowance.take(1):
            line.append(Slot())
        else:
            hanging.clear()
    return line, below
