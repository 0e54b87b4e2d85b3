"""Tails, lanes and who sits in them. Nothing runs while nobody is live."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from wikifeed_server.errors import ServerStoppingError
from wikifeed_server.services.fanout.lane import Batch, Lane
from wikifeed_server.services.fanout.selection import Selection
from wikifeed_server.services.fanout.tail import Tail
from wikifeed_server.store import Reader


class Seat:
    """A subscriber's place in a lane: it has every change of the selection up to `through_offset`."""

    def __init__(self, lane: Lane, place: int, through_offset: int) -> None:
        self.through_offset = through_offset
        self._lane = lane
        self._place = place

    async def next(self) -> Batch:
        """The next batch, once there is one, or a heartbeat.

        Raises FellBehindError where the log must be read from `through_offset` on, ServerStoppingError, StoreError.
        """
        batch = await self._lane.take(self._place)
        self._place += 1
        self.through_offset = batch.through_offset
        return batch


class Fanout:
    """The live subscribers of a process. When `stopping` is set, seats raise ServerStoppingError."""

    def __init__(self, reader: Reader, stopping: asyncio.Event, heartbeat_seconds: float) -> None:
        self._reader = reader
        self._stopping = stopping
        self._heartbeat_seconds = heartbeat_seconds
        self._lanes: dict[Selection, tuple[Lane, asyncio.Task[None]]] = {}
        self._tail: Tail | None = None
        self._following: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def lane(self, selection: Selection, through: int) -> AsyncGenerator[Lane, None]:
        """A context with the lane of a selection, which begins at `through` if nobody else is in it."""
        lane = self._enter(selection, through)
        lane.subscribers += 1
        try:
            yield lane
        finally:
            lane.subscribers -= 1
            if not lane.subscribers:
                await self._leave(selection, lane)

    async def seat(self, lane: Lane, through: int) -> Seat | None:
        """A seat for a subscriber that has everything up to `through`; None where it has to read on by itself first.

        Raises ServerStoppingError and StoreError.
        """
        await lane.reached(through)
        if lane.failure is not None:
            raise lane.failure
        place = lane.place_after(through)
        return None if place is None else Seat(lane, place, through)

    def _enter(self, selection: Selection, through: int) -> Lane:
        if selection in self._lanes:
            return self._lanes[selection][0]
        if self._tail is None:
            self._tail = Tail(self._reader, through)
            self._following = [asyncio.create_task(self._tail.follow()), asyncio.create_task(self._stop())]
            for task in self._following:
                task.add_done_callback(self._end_all)
        lane = Lane(self._tail, self._reader, selection, through, self._heartbeat_seconds)
        task = asyncio.create_task(lane.run())
        task.add_done_callback(lambda task: self._end(selection, task))
        self._lanes[selection] = lane, task
        return lane

    async def _leave(self, selection: Selection, lane: Lane) -> None:
        ended: list[asyncio.Task[None]] = []
        if selection in self._lanes and self._lanes[selection][0] is lane:
            ended.append(self._lanes.pop(selection)[1])
        if not self._lanes:
            ended += self._following
            self._tail, self._following = None, []
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)

    async def _stop(self) -> None:
        await self._stopping.wait()
        raise ServerStoppingError("the server stops")

    def _end(self, selection: Selection, ended: asyncio.Task[None]) -> None:
        """End a lane with what ended its task. Who comes next gets another."""
        lane, task = self._lanes.get(selection, (None, None))
        if lane is None or task is not ended or ended.cancelled():
            return
        del self._lanes[selection]
        if failure := ended.exception():
            lane.fail(failure)

    def _end_all(self, ended: asyncio.Task[None]) -> None:
        """End all lanes with what ended the reading of the log."""
        if ended.cancelled() or ended not in self._following:
            return
        failure = ended.exception()
        for lane, task in self._lanes.values():
            task.cancel()
            if failure:
                lane.fail(failure)
        for task in self._following:
            task.cancel()
        self._lanes.clear()
        self._tail, self._following = None, []
