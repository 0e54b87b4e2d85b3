"""Where a stream or a subscription starts in the log."""

import time

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed_server.errors import FieldViolation, InvalidRequestError, OffsetExpiredError, OffsetInFutureError
from wikifeed_server.store import LogInfo, Reader

_CLOCK_SKEW_MICROSECONDS = 60_000_000  # how far ahead a client's clock may be when it asks for what is "since now"


def checked_start(after: int, info: LogInfo) -> int:
    """`after`, when what follows it is in the log or will be. Raises OffsetInFutureError, OffsetExpiredError."""
    if after > info.newest_offset:
        raise OffsetInFutureError(after, info.newest_offset)
    if after < info.oldest_offset - 1:
        raise OffsetExpiredError(after, info.oldest_offset)
    return after


async def start_since(reader: Reader, since: Timestamp, info: LogInfo, field: str = "since") -> int:
    """The last offset published before a time, unchecked where the log no longer has it: then 0.

    Raises InvalidRequestError for a time in the future, naming `field`.
    """
    # Rounded up: what was published in the microsecond before a time is not since it.
    wanted = since.seconds * 1_000_000 - -since.nanos // 1000
    now = time.time_ns() // 1000
    if wanted > now + _CLOCK_SKEW_MICROSECONDS:
        shown = Timestamp()
        shown.FromMicroseconds(now)
        problem = f"is in the future: this server's time is {shown.ToJsonString()}"
        raise InvalidRequestError([FieldViolation(field, problem)])
    # Changes of one commit share their time: even at the very time of the oldest kept, some may have been dropped.
    return await reader.offset_at(wanted) - 1 if wanted > info.oldest_time else 0
