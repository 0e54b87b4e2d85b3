"""Counters and histograms of one process, kept in files that outlive it.

Counts are plain numbers where they are made, and are written to the files a few times a second: the metrics of
prometheus_client write with every count, which takes four times as long. The files are those of its multiprocess mode
(one for each type and process, mapped into memory), which its MultiProcessCollector adds up. So what a killed process
counted stays, but for what it counted since it last wrote.
"""

import os
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.utils import floatToGoString

_FRESH_BYTES = 1 << 16
_GONE = "gone"  # stands for the process in the names of the files with the counts of processes that ended


class Metric(NamedTuple):
    """A metric's name without suffix, what people are told of it, and the names of its labels."""

    name: str
    about: str
    labels: tuple[str, ...] = ()


class Histogram:
    """How many values were at most as large as each bound, and their sum."""

    __slots__ = ("bounds", "bounds_shown", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.bounds_shown = (*map(floatToGoString, bounds), "+Inf")
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


@dataclass(slots=True)
class _Series:
    """`base` is what the file had when this process began: another may have had its number."""

    key: str
    base: float
    written: float | None = None


class TallyFiles:
    """The files of this process in `folder`, which must be there."""

    def __init__(self, folder: Path) -> None:
        self._counters, self._histograms = (
            _mapped(folder / f"{type_}_{os.getpid()}.db") for type_ in ("counter", "histogram")
        )
        self._series: dict[tuple[str, str, tuple[str, ...]], _Series] = {}

    def count(self, metric: Metric, labels: tuple[str, ...], total: float) -> None:
        """Write what a counter came to in this process."""
        self._write(self._counters, metric, "_total", labels, total)

    def histogram(self, metric: Metric, labels: tuple[str, ...], histogram: Histogram) -> None:
        """Write what a histogram came to in this process."""
        self._write(self._histograms, metric, "_sum", labels, histogram.total)
        with_bound = metric._replace(labels=(*metric.labels, "le"))
        for bound, count in zip(histogram.bounds_shown, histogram.counts, strict=True):
            self._write(self._histograms, with_bound, "_bucket", (*labels, bound), count)

    def close(self) -> None:
        """Let go of the files. They stay."""
        self._counters.close()
        self._histograms.close()

    def _write(self, file: MmapedDict, metric: Metric, suffix: str, labels: tuple[str, ...], total: float) -> None:
        series = self._series.get((metric.name, suffix, labels))
        if series is None:
            key = mmap_key(metric.name, metric.name + suffix, list(metric.labels), list(labels), metric.about)
            series = self._series[metric.name, suffix, labels] = _Series(key, file.read_value(key)[0])
        if series.written != total:
            series.written = total
            file.write_value(series.key, series.base + total, 0.0)


def _mapped(path: Path) -> MmapedDict:
    """The file at `path`. A fresh one appears with its size, since nobody can read an empty one."""
    if not path.exists():
        fresh = path.with_suffix(".fresh")
        fresh.write_bytes(bytes(_FRESH_BYTES))
        fresh.rename(path)
    return MmapedDict(str(path))


def fold_ended(folder: Path, running: set[int]) -> None:
    """Add what processes counted that no longer run to files of their own, in place of one for each of them."""
    for path in folder.glob("*.db"):
        type_, _, process = path.stem.partition("_")
        if process == _GONE or int(process) in running:
            continue
        gone = _mapped(folder / f"{type_}_{_GONE}.db")
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):
            gone.write_value(key, gone.read_value(key)[0] + value, 0.0)
        gone.close()
        path.unlink()
