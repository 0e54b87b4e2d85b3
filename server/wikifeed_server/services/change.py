"""ChangeService: what changed.

Promises of a stream: each change that passes is sent once, in the order of offsets; `through_offset` never decreases;
the stream holds one batch in memory and reads the next when that was taken, so a slow reader is slowed and costs
nothing. Without a read mask that cuts, no article is parsed or built: a response is stored bytes, joined.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import NamedTuple

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.change_service_pb2 import (
    START_POSITION_OLDEST,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    StreamChangesRequest,
    StreamChangesResponse,
)
from wikifeed_server.contract.masks import ReadPlan, read_plan
from wikifeed_server.contract.wire import varint_field
from wikifeed_server.errors import (
    FieldViolation,
    InvalidRequestError,
    OffsetExpiredError,
    OffsetInFutureError,
    ServerStoppingError,
)
from wikifeed_server.store import LogFilter, LogInfo, Reader
from wikifeed_server.store.framing import join_change

_THROUGH_OFFSET = 2  # StreamChangesResponse.through_offset
_DEFAULT_BATCH_SIZE = 64
_BATCH_BYTES = 256 * 1024
_CLOCK_SKEW_MICROSECONDS = 60_000_000  # how far ahead a client's clock may be when it asks for what is "since now"


class _Selection(NamedTuple):
    """What a stream sends: changes that pass `filter_`, each cut to `plan` or, without one, as the log has it."""

    filter_: LogFilter
    plan: ReadPlan | None
    batch_size: int
    until_offset: int


class _Batch(NamedTuple):
    """The next of a log: `frames`, joined, are the changes that pass up to and including `through_offset`."""

    frames: list[bytes]
    through_offset: int


class ChangeService:
    """The methods of wikifeed.v1.ChangeService.

    A stream that has nothing to send sends an empty response every `heartbeat_seconds`. When `stopping` is set, every
    stream ends with ServerStoppingError.
    """

    def __init__(self, reader: Reader, stopping: asyncio.Event, heartbeat_seconds: float = 15.0) -> None:
        self._reader = reader
        self._stopping = stopping
        self._heartbeat_seconds = heartbeat_seconds

    async def GetChangeLogInfo(self, request: GetChangeLogInfoRequest) -> bytes:
        """Serialized GetChangeLogInfoResponse."""
        del request  # it has no fields
        info = await self._reader.log_info()
        response = GetChangeLogInfoResponse(oldest_offset=info.oldest_offset, newest_offset=info.newest_offset)
        if info.newest_offset:
            response.oldest_time.FromMicroseconds(info.oldest_time)
            response.newest_time.FromMicroseconds(info.newest_time)
        return response.SerializeToString()

    async def StreamChanges(self, request: StreamChangesRequest) -> AsyncGenerator[bytes, None]:
        """Serialized StreamChangesResponses, without end unless the request names one.

        The first comes at once, if need be empty, so that a client knows from where it can go on; another when the
        stream has come to the end of the log. Raises OffsetExpiredError, OffsetInFutureError, ServerStoppingError, and
        InvalidRequestError for a mask or a time that is wrong.
        """
        selection = _selection(request)
        through = await self._start(request)
        sent = -1
        heartbeat_at = 0.0
        live = False
        while not selection.until_offset or through < selection.until_offset:
            if self._stopping.is_set():
                raise _stopping_error(through)
            frames, reached = await self._read(through, selection)
            at_end = reached == through
            through = reached
            now = time.monotonic()
            if frames or now >= heartbeat_at or (at_end and not live and sent < through):
                yield _response(frames, through)
                sent = through
                heartbeat_at = now + self._heartbeat_seconds
            if at_end:
                live = True
                await self._growth(through, heartbeat_at - now)
            elif not frames:
                await asyncio.sleep(0)  # a filter that lets little pass must not hold up other calls
        if sent < through:
            yield _response([], through)

    async def _start(self, request: StreamChangesRequest) -> int:
        """The offset after which the request's stream starts."""
        info = await self._reader.log_info()
        match request.WhichOneof("start"):
            case "after_offset":
                return _checked(request.after_offset, info)
            case "since":
                return await self._before(_microseconds(request.since), info)
            case "position" if request.position == START_POSITION_OLDEST:
                return max(info.oldest_offset - 1, 0)
            case _:
                return info.newest_offset

    async def _before(self, since: int, info: LogInfo) -> int:
        """The last offset published before `since`, microseconds since 1970."""
        now = time.time_ns() // 1000
        if since > now + _CLOCK_SKEW_MICROSECONDS:
            shown = Timestamp()
            shown.FromMicroseconds(now)
            problem = f"is in the future: this server's time is {shown.ToJsonString()}"
            raise InvalidRequestError([FieldViolation("since", problem)])
        if since > info.oldest_time:
            return await self._reader.offset_at(since) - 1
        # Changes of one commit share their time: even at the very time of the oldest kept, some may have been dropped.
        return _checked(0, info)

    async def _read(self, after: int, selection: _Selection) -> _Batch:
        filter_, plan, limit, until = selection
        if until:
            limit = min(limit, until - after)
        if plan is None:
            frames, through = await self._reader.read_frames(after, filter_, limit, _BATCH_BYTES)
            if until and through > until:
                frames = [frame for frame in frames if _offset(frame) <= until]
        else:
            entries, through = await self._reader.read_entries(after, filter_, plan.parts, limit, _BATCH_BYTES)
            frames = [
                join_change(entry.change, b"".join(plan.cut(entry.fragments)))
                for entry in entries
                if not until or entry.offset <= until
            ]
        return _Batch(frames, min(through, until) if until else through)

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


def _selection(request: StreamChangesRequest) -> _Selection:
    return _Selection(
        filter_=LogFilter(
            projects=tuple(request.projects),
            namespaces=tuple(request.namespaces),
            languages=tuple(request.languages),
            event_types=tuple(request.event_types),
            page_ids=tuple(request.page_ids),
            share=(request.share.index, request.share.count) if request.HasField("share") else None,
        ),
        plan=None if request.no_body else read_plan(request.read_mask),
        batch_size=request.max_batch_size or _DEFAULT_BATCH_SIZE,
        until_offset=request.until_offset,
    )


def _checked(after: int, info: LogInfo) -> int:
    """`after`, when what follows it is in the log or will be."""
    if after > info.newest_offset:
        raise OffsetInFutureError(after, info.newest_offset)
    if after < info.oldest_offset - 1:
        raise OffsetExpiredError(after, info.oldest_offset)
    return after


def _microseconds(time_: Timestamp) -> int:
    """Microseconds since 1970, rounded up: what was published in the microsecond before a time is not since it."""
    return time_.seconds * 1_000_000 - -time_.nanos // 1000


def _response(frames: list[bytes], through_offset: int) -> bytes:
    return b"".join((*frames, varint_field(_THROUGH_OFFSET, through_offset)))


def _offset(frame: bytes) -> int:
    """The offset of the change in a frame. Parses it, which only the last batch of a stream that ends asks for."""
    offset: int = StreamChangesResponse.FromString(frame).changes[0].offset
    return offset


def _stopping_error(through_offset: int) -> ServerStoppingError:
    return ServerStoppingError(
        f"the server stops; connect again with after_offset = {through_offset}", {"through_offset": str(through_offset)}
    )
