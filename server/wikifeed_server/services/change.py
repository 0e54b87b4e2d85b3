"""ChangeService: what changed.

Promises of a stream: each change that passes is sent once, in the order of offsets; `through_offset` never decreases;
the stream holds one batch in memory and reads the next when that was taken, so a slow reader is slowed and costs
nothing. Without a read mask that cuts, no article is parsed or built: a response is stored bytes, joined.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import NamedTuple

from wikifeed.v1.change_service_pb2 import (
    START_POSITION_OLDEST,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    StreamChangesRequest,
)
from wikifeed_server.contract.masks import read_plan
from wikifeed_server.errors import OffsetExpiredError, ServerStoppingError, SubscriberStalledError
from wikifeed_server.services.fanout import Batch, Fanout, FellBehindError, Selection, read_changes, response
from wikifeed_server.services.observing import DeliveryObserver, NoDeliveryObserver
from wikifeed_server.services.starting import checked_start, start_since
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotStatus, State
from wikifeed_server.store import LogFilter, LogInfo, Reader

_DEFAULT_BATCH_SIZE = 64


class Retention(NamedTuple):
    """How long the log keeps changes, in seconds and in bytes; 0 where that bound drops none."""

    age_seconds: float = 0
    size_bytes: int = 0


_KEPT_FOR_EVER = Retention()
_UNOBSERVED = NoDeliveryObserver()


class _Subscriber:
    """How far a stream is, for who observes."""

    __slots__ = ("__weakref__", "through_offset")

    def __init__(self, through_offset: int) -> None:
        self.through_offset = through_offset


class ChangeService:
    """The methods of wikifeed.v1.ChangeService.

    A stream that has nothing to send sends an empty response every `heartbeat_seconds`. When `stopping` is set, every
    stream ends with ServerStoppingError.
    """

    def __init__(
        self,
        reader: Reader,
        stopping: asyncio.Event,
        heartbeat_seconds: float = 15.0,
        snapshots: SnapshotLibrary | None = None,
        retention: Retention = _KEPT_FOR_EVER,
        deliveries: DeliveryObserver = _UNOBSERVED,
    ) -> None:
        self._reader = reader
        self._stopping = stopping
        self._heartbeat_seconds = heartbeat_seconds
        self._snapshots = snapshots
        self._retention = retention
        self._deliveries = deliveries
        self._fanout = Fanout(reader, stopping, heartbeat_seconds)

    async def GetChangeLogInfo(self, request: GetChangeLogInfoRequest) -> bytes:
        """Serialized GetChangeLogInfoResponse."""
        del request  # it has no fields
        info = await self._reader.log_info()
        response = GetChangeLogInfoResponse(oldest_offset=info.oldest_offset, newest_offset=info.newest_offset)
        if info.newest_offset:
            response.oldest_time.FromMicroseconds(info.oldest_time)
            response.newest_time.FromMicroseconds(info.newest_time)
        if self._retention.age_seconds:
            response.retention_age.FromMicroseconds(round(self._retention.age_seconds * 1e6))
        response.retention_size_bytes = self._retention.size_bytes
        response.compacted_through_offset = info.compacted_through
        return response.SerializeToString()

    async def StreamChanges(self, request: StreamChangesRequest) -> AsyncGenerator[bytes, None]:
        """Serialized StreamChangesResponses, without end unless the request names one.

        The first comes at once, if need be empty, so that a client knows from where it can go on; another when the
        stream has come to the end of the log. Raises OffsetExpiredError, OffsetInFutureError, ServerStoppingError, and
        InvalidRequestError for a mask or a time that is wrong.
        """
        through = 0
        try:
            async with aclosing(self.batches(request)) as batches:
                async for batch in batches:
                    through = batch.through_offset
                    yield batch.data
        except SubscriberStalledError as error:
            raise _stalled_error(through) from error

    async def batches(
        self, request: StreamChangesRequest, partitions: tuple[int, ...] = ()
    ) -> AsyncGenerator[Batch, None]:
        """What StreamChanges sends, and only of those of Enterprise's partitions where some are given.

        Subscribers that ask for the same are given the same live batches. Raises what StreamChanges does.
        """
        selection, until = _selection(request, partitions), request.until_offset
        through = await self._start(request)
        subscriber = _Subscriber(through)
        self._deliveries.subscribed(subscriber)
        try:
            async with aclosing(self._selected(through, selection, until)) as batches:
                async for batch in batches:
                    subscriber.through_offset = batch.through_offset
                    yield batch
                    self._deliveries.delivered(batch.changes_count)
        finally:
            self._deliveries.unsubscribed(subscriber)

    async def _selected(self, through: int, selection: Selection, until: int) -> AsyncGenerator[Batch, None]:
        """Batches from the log to its end, then live ones."""
        async with aclosing(self._replay(through, selection, until)) as batches:
            async for batch in batches:
                through = batch.through_offset
                yield batch
        if until:
            return
        async with self._fanout.lane(selection, through) as lane:
            while True:
                try:
                    seat = await self._fanout.seat(lane, through)
                    while seat is not None:
                        batch = await seat.next()
                        through = batch.through_offset
                        yield batch
                except FellBehindError:
                    pass
                except ServerStoppingError:
                    raise _stopping_error(through) from None
                async with aclosing(self._replay(through, selection, lane.end_of_batch_at(through))) as batches:
                    async for batch in batches:
                        through = batch.through_offset
                        yield batch

    async def _replay(self, after: int, selection: Selection, until: int) -> AsyncGenerator[Batch, None]:
        """Batches of what the log has after an offset, to its end or, unless it is 0, to the offset `until`.

        With `until` it waits for the log to come that far. There is one at least, if need be empty.
        """
        through, sent = after, -1
        heartbeat_at = 0.0
        while not until or through < until:
            if self._stopping.is_set():
                raise _stopping_error(through)
            frames, reached = await read_changes(self._reader, through, selection, until)
            at_end = reached == through
            through = reached
            now = time.monotonic()
            if frames or now >= heartbeat_at:
                yield Batch(response(frames, through), 0, through, len(frames))
                sent = through
                heartbeat_at = now + self._heartbeat_seconds
            if at_end and not until:
                break
            if at_end:
                await self._growth(through, heartbeat_at - now)
            elif not frames:
                await asyncio.sleep(0)  # a filter that lets little pass must not hold up other calls
        if sent < through:
            yield Batch(response((), through), 0, through, 0)

    async def _start(self, request: StreamChangesRequest) -> int:
        """The offset after which the request's stream starts."""
        info = await self._reader.log_info()
        match request.WhichOneof("start"):
            case "after_offset":
                return await self._checked(request.after_offset, info, request)
            case "since":
                return await self._checked(await start_since(self._reader, request.since, info), info, request)
            case "position" if request.position == START_POSITION_OLDEST:
                return 0 if request.allow_compacted and info.compacted_through else max(info.oldest_offset - 1, 0)
            case _:
                return info.newest_offset

    async def _checked(self, after: int, info: LogInfo, request: StreamChangesRequest) -> int:
        """`after`, when what follows it is in the log or will be."""
        if request.allow_compacted and info.compacted_through and after < info.oldest_offset:
            return after
        try:
            return checked_start(after, info)
        except OffsetExpiredError as error:
            snapshot = await asyncio.to_thread(self._snapshot, request.projects, info.oldest_offset - 1)
            if snapshot is None:
                raise
            raise OffsetExpiredError(
                after, info.oldest_offset, snapshot.spec.identifier, snapshot.spec.offset
            ) from error

    def _snapshot(self, projects: Sequence[str], least_offset: int) -> SnapshotStatus | None:
        """The newest whole snapshot of the first project from which a stream can go on."""
        fitting = [
            status
            for status in (self._snapshots.list() if self._snapshots else ())
            if status.state is State.READY
            and status.spec.offset >= least_offset
            and (not projects or status.spec.project == projects[0])
        ]
        return max(fitting, key=lambda status: status.spec.offset, default=None)

    async def _growth(self, after: int, timeout_seconds: float) -> None:
        """Wait until the log has more than `after`, the time is over, or the server stops."""
        async with asyncio.TaskGroup() as tasks:
            ends = (
                tasks.create_task(self._reader.wait(after, timeout_seconds)),
                tasks.create_task(self._stopping.wait()),
            )
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()


def _selection(request: StreamChangesRequest, partitions: tuple[int, ...]) -> Selection:
    delay = request.max_delay
    return Selection(
        filter_=LogFilter(
            projects=tuple(request.projects),
            namespaces=tuple(request.namespaces),
            languages=tuple(request.languages),
            event_types=tuple(request.event_types),
            page_ids=tuple(request.page_ids),
            share=(request.share.index, request.share.count) if request.HasField("share") else None,
            partitions=partitions,
            compacted=request.allow_compacted,
        ),
        plan=None if request.no_body else read_plan(request.read_mask),
        batch_size=request.max_batch_size or _DEFAULT_BATCH_SIZE,
        delay_seconds=delay.seconds + delay.nanos / 1e9 if request.HasField("max_delay") else None,
    )


def _stalled_error(through_offset: int) -> SubscriberStalledError:
    return SubscriberStalledError(
        f"this client took nothing for too long; read on, or connect again with after_offset = {through_offset}",
        {"through_offset": str(through_offset)},
    )


def _stopping_error(through_offset: int) -> ServerStoppingError:
    return ServerStoppingError(
        f"the server stops; connect again with after_offset = {through_offset}", {"through_offset": str(through_offset)}
    )
