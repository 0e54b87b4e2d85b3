"""Where a realtime stream starts: `parts`, `since`, `offsets`, `since_per_partition` and the header Last-Event-ID.

Rules, which are Enterprise's where it has some:

1. An offset is the first that is wanted, and a time the first moment. Whoever asks with the last offset seen gets that
   change again.
2. A partition that no start is given for begins with what comes from then on. With `since` all begin there, whatever
   else is given.
3. Without `parts` all partitions are chosen. Starts of partitions that are not chosen are ignored.
4. Last-Event-ID is the last change that a client has of all partitions: none begins before what follows it.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed_server.errors import OffsetInFutureError
from wikifeed_server.gateway.errors import unprocessable
from wikifeed_server.gateway.queries import whole_number
from wikifeed_server.services.starting import start_since
from wikifeed_server.store import LogInfo, Reader
from wikifeed_server.store.framing import PARTITIONS

_Value = TypeVar("_Value")
_PARTS = 10
_PARTITIONS_A_PART = PARTITIONS // _PARTS


class AskedStart(NamedTuple):
    """What a request says of its start. `partitions` are those chosen; all others are left out of the rest."""

    partitions: tuple[int, ...]
    since: Timestamp | None
    offsets: Mapping[int, int]
    times: Mapping[int, Timestamp]


class Start(NamedTuple):
    """After which offset a stream reads the log, and after which it wants partitions that begin later than that."""

    after: int
    later: Mapping[int, int]

    @property
    def even_after(self) -> int:
        """The offset behind which all that is read is wanted."""
        return max(self.later.values(), default=self.after)


def read_start(values: Mapping[str, Any]) -> AskedStart:
    """What the parameters say. Raises HttpError (422)."""
    since = _time("since", values["since"]) if values.get("since") else None
    parts = _parts(values.get("parts"))
    if parts and since:
        raise unprocessable("since", "can't be used with parts; give since_per_partition the time for each partition")
    chosen = tuple(
        partition for partition in range(PARTITIONS) if not parts or partition // _PARTITIONS_A_PART in parts
    )
    offsets = _by_partition("offsets", values.get("offsets"), _offset)
    times = _by_partition("since_per_partition", values.get("since_per_partition"), _time)
    for partition in chosen:
        if partition in offsets and partition in times:
            raise unprocessable(f"since_per_partition.{partition}", "offsets has a start for this partition too")
    return AskedStart(
        chosen,
        since,
        {partition: offsets[partition] for partition in chosen if partition in offsets},
        {partition: times[partition] for partition in chosen if partition in times},
    )


async def find_start(reader: Reader, asked: AskedStart, last_event_id: str) -> Start:
    """Where that is in the log.

    Raises InvalidRequestError for a time in the future, OffsetInFutureError for an offset beyond what comes next. What
    the log no longer has is not looked at.
    """
    info = await reader.log_info()
    starts = dict.fromkeys(asked.partitions, info.newest_offset)
    if asked.since is not None:
        starts = dict.fromkeys(asked.partitions, await start_since(reader, asked.since, info))
    else:
        for partition, offset in asked.offsets.items():
            starts[partition] = _before(offset, info)
        for partition, time in asked.times.items():
            field = f"since_per_partition.{partition}"
            starts[partition] = await start_since(reader, time, info, field)
    if last_event_id:
        starts = _resumed(starts, asked, whole_number("Last-Event-ID", last_event_id) or 0, info)
    after = min(starts.values())
    return Start(after, {partition: start for partition, start in starts.items() if start > after})


def _resumed(starts: Mapping[int, int], asked: AskedStart, last: int, info: LogInfo) -> dict[int, int]:
    if last > info.newest_offset:
        raise OffsetInFutureError(last, info.newest_offset)
    # "From then on" was when the client came for the first time, which nobody knows any more.
    named = starts if asked.since is not None else {**asked.offsets, **asked.times}
    return {partition: max(last, starts[partition] if partition in named else 0) for partition in starts}


def _before(offset: int, info: LogInfo) -> int:
    if offset > info.newest_offset + 1:
        raise OffsetInFutureError(offset, info.newest_offset)
    return max(offset - 1, 0)


def _parts(value: object) -> frozenset[int]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise unprocessable("parts", "must be a list of whole numbers from 0 to 9")
    if len(value) > _PARTS:
        raise unprocessable("parts", f"has {len(value)} entries; at most {_PARTS} may be")
    return frozenset(_number(f"parts[{index}]", each, _PARTS - 1) for index, each in enumerate(value))


def _by_partition(name: str, value: object, read: Callable[[str, object], _Value]) -> dict[int, _Value]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unprocessable(name, 'must be an object with a start for each partition, such as {"0": ...}')
    if len(value) > PARTITIONS:
        raise unprocessable(name, f"has {len(value)} entries; at most {PARTITIONS} may be")
    found: dict[int, _Value] = {}
    for key, each in value.items():
        partition = _number(f"{name}: the partition {key[:20]!r}", key, PARTITIONS - 1)
        found[partition] = read(f"{name}.{partition}", each)
    return found


def _offset(name: str, value: object) -> int:
    return _number(name, value)


def _number(name: str, value: object, most: int = 2**63 - 1) -> int:
    number = whole_number(name, value, most=most)
    if number is None:
        raise unprocessable(name, f"must be a whole number from 0 to {most}")
    return number


def _time(name: str, value: Any) -> Timestamp:
    time = Timestamp()
    try:
        time.FromJsonString(value)
    except ValueError:
        problem = "must be an RFC 3339 time such as 2025-01-29T22:45:40Z, with Z or an offset such as +00:00 at its end"
        raise unprocessable(name, problem) from None
    return time
