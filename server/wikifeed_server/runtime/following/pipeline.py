"""One source's way into the store.

Promises:

1. Events are stored in the order in which their source tells them; each batch's state is committed with its events, so
   whatever stops this process, the next one goes on with the first event that is not stored.
2. An event is never given up: where its wiki is slow, it waits, and those behind it with it.
3. What is under way is bounded, in events and in groups; a source that is faster is not read meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from wikifeed_server.runtime.following.committing import Committer
from wikifeed_server.runtime.following.status import Watch
from wikifeed_server.sources.events import EventBatch, EventSource, PageEvent
from wikifeed_server.store import ArticleWrite, Checkpoint

# What one query to the wiki's API may ask for.
_GROUP_EVENTS = 50
_GROUPS_UNDER_WAY = 8
_BATCHES_AHEAD = 64
_COMMIT_WRITES = 500


class Preparer(Protocol):
    """Makes of events what the store keeps."""

    async def prepare(self, events: Sequence[PageEvent]) -> list[ArticleWrite]:
        """The writes of the events, in their order; an event that comes to nothing has none."""
        ...


@dataclass(frozen=True, slots=True)
class _Group:
    """Consecutive batches that are prepared together."""

    batches: int
    state: bytes
    writes: asyncio.Task[list[ArticleWrite]]


class Pipeline:
    """Reads a source, prepares its events and commits them, until it is cancelled or the source refuses for good."""

    def __init__(self, source: EventSource, preparer: Preparer, committer: Committer, watch: Watch) -> None:
        self._source = source
        self._preparer = preparer
        self._committer = committer
        self._watch = watch
        self._arrived: asyncio.Queue[EventBatch] = asyncio.Queue(_BATCHES_AHEAD)
        self._under_way: deque[_Group] = deque()
        self._room = asyncio.Semaphore(_GROUPS_UNDER_WAY)
        self._begun = asyncio.Event()

    async def run(self) -> None:
        """Follow the source. Raises SourceRefusedError, StoreError."""
        state = await self._committer.checkpoint(self._source.name)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read(state))
            tasks.create_task(self._prepare(tasks))
            tasks.create_task(self._commit())

    async def _read(self, state: bytes | None) -> None:
        async for batch in self._source.read(state):
            self._watch.arrived(len(batch.events), min((event.time for event in batch.events), default=0))
            await self._arrived.put(batch)

    async def _prepare(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            await self._room.acquire()
            batch = await self._arrived.get()
            batches, events = 1, list(batch.events)
            while len(events) < _GROUP_EVENTS and not self._arrived.empty():
                batch = self._arrived.get_nowait()
                events += batch.events
                batches += 1
            writes = tasks.create_task(self._preparer.prepare(events))
            self._under_way.append(_Group(batches, batch.state, writes))
            self._begun.set()

    async def _commit(self) -> None:
        while True:
            await self._begun.wait()
            await asyncio.wait((self._under_way[0].writes,))
            await self._put(self._prepared())
            if not self._under_way:
                self._begun.clear()

    def _prepared(self) -> list[_Group]:
        """The groups at the front that are prepared, taken out: what one commit holds."""
        groups: list[_Group] = []
        writes = 0
        while self._under_way and self._under_way[0].writes.done() and writes < _COMMIT_WRITES:
            group = self._under_way.popleft()
            writes += len(group.writes.result())
            groups.append(group)
            self._room.release()
        return groups

    async def _put(self, groups: Sequence[_Group]) -> None:
        writes = [write for group in groups for write in group.writes.result()]
        result = await self._committer.put(writes, Checkpoint(self._source.name, groups[-1].state))
        self._watch.committed(sum(group.batches for group in groups), result.written, result.known + result.older)
