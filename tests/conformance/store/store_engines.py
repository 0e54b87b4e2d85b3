"""The engines that the suite runs on. Another engine is another entry of ENGINES."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import Reader, Writer
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.store.embedded.retention import LogRetention

PROJECTS = (
    ProjectInfo("dewiki", name="Wikipedia", language="de"),
    ProjectInfo("enwiki", name="Wikipedia", language="en"),
)


class Store(Protocol):
    """One store of an engine."""

    def writer(self) -> Writer: ...

    def reader(self) -> Reader: ...

    def trim_log(self, before_offset: int, compact: bool = False) -> None:
        """Let the log forget what is before an offset, where `compact` says so but for the newest of each page."""
        ...


@dataclass
class EmbeddedStore:
    folder: Path
    clock: Callable[[], int]

    def writer(self) -> EmbeddedWriter:
        return EmbeddedWriter.open(self.folder, clock=self.clock)

    def reader(self) -> EmbeddedReader:
        return EmbeddedReader.open(self.folder, cache_bytes=100_000)

    def trim_log(self, before_offset: int, compact: bool = False) -> None:
        with LogRetention.open(self.folder) as retention:
            retention.drop_before(before_offset, compact)


ENGINES: dict[str, Callable[[Path, Callable[[], int]], Store]] = {"embedded": EmbeddedStore}


class Engine:
    """Makes stores: each empty but for the two projects."""

    def __init__(self, make: Callable[[Path, Callable[[], int]], Store], folders: Callable[[], Path]) -> None:
        self._make = make
        self._folders = folders

    def store(self, clock: Callable[[], int] | None = None) -> Store:
        store = self._make(self._folders(), clock or itertools.count(1_700_000_000_000_000, 1000).__next__)
        writer = store.writer()
        for project in PROJECTS:
            writer.put_project(project)
        writer.close()
        return store
