"""How far a long command is: a bar with rate and time left on a terminal, a plain line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from wikifeed_server.cli.output import remark

_LINE_SECONDS = 5.0


class Reached(NamedTuple):
    """How far it is: `done` of `total` bytes (0 where the total is unknown), and how many `items` came of them."""

    done: int
    total: int
    items: int


Report = Callable[[Reached], None]


@contextmanager
def progress(label: str, noun: str, *, quiet: bool) -> Iterator[Report]:
    """A function to report to: `label` says of what, `noun` what the items are."""
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _bar(label, noun) as report:
            yield report
    else:
        yield ProgressLines(label, noun, time.monotonic).report


def _nothing(reached: Reached) -> None:
    """Report to nobody."""


@contextmanager
def _bar(label: str, noun: str) -> Iterator[Report]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[items]}"),
        TimeRemainingColumn(),
    )
    start = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, items="")

        def report(reached: Reached) -> None:
            items = _items(reached.items, noun, time.monotonic() - start)
            bar.update(task, completed=reached.done, total=reached.total or None, items=items)

        yield report


class ProgressLines:
    """Prints a line when some seconds have passed since the last; `clock` tells the seconds."""

    def __init__(self, label: str, noun: str, clock: Callable[[], float]) -> None:
        self._label = label
        self._noun = noun
        self._clock = clock
        self._start = self._printed = clock()

    def report(self, reached: Reached) -> None:
        """Print how far it is, if a line is due."""
        now = self._clock()
        if now - self._printed >= _LINE_SECONDS:
            self._printed = now
            remark(f"{self._label}: {describe(reached, self._noun, now - self._start)}")


def describe(reached: Reached, noun: str, seconds: float) -> str:
    """How far it is after so many seconds, in words: "42 %, 1,200 pages, 400 a second, 1:05 left"."""
    parts = [_items(reached.items, noun, seconds)]
    if reached.total:
        share = min(reached.done / reached.total, 1.0)
        parts.insert(0, f"{share:.0%}".replace("%", " %"))
        if share:
            parts.append(f"{clock_time(seconds / share - seconds)} left")
    return ", ".join(parts)


def clock_time(seconds: float) -> str:
    """A length of time: "1:05", "2:03:05"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _items(count: int, noun: str, seconds: float) -> str:
    rate = f", {count / seconds:,.0f} a second" if seconds > 0 and count else ""
    return f"{count:,} {noun}{rate}"
