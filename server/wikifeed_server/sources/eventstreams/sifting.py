"""Of what a stream sends, what is wanted and was not told before."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from wikifeed_server.sources.events import Condition, PageEvent
from wikifeed_server.sources.eventstreams.reading import MalformedEventError
from wikifeed_server.sources.eventstreams.sse import ServerSentEvent
from wikifeed_server.sources.eventstreams.wikimedia import page_events, touches

_REMEMBERED = 50_000
_SHOWN_BYTES = 500


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What of a stream is followed: events of these projects and namespaces, all where there are none; where nothing
    was followed before, from `since` on (as the server takes it; empty: from this moment). An event of more than
    `longest_event_bytes` is passed over and counted. Where the server tells its places by time, each further connection
    asks once more for the last `overlap_seconds`.

    A page that is moved out of the namespaces is told of that once more.
    """

    projects: frozenset[str] = frozenset()
    namespaces: frozenset[int] = frozenset()
    since: str = ""
    longest_event_bytes: int = 32 << 20
    overlap_seconds: float = 10.0


class Sieve:
    """Sifts the events of one reading of a stream, and notes in its source's condition what becomes of them."""

    def __init__(self, options: StreamOptions, condition: Condition, source: str) -> None:
        self._options = options
        self._condition = condition
        self._log = structlog.get_logger().bind(source=source)
        # The keys of the page events that were told last, oldest first.
        self._told: OrderedDict[Hashable, None] = OrderedDict()

    def sift(self, arrived: ServerSentEvent) -> list[PageEvent]:
        """What an event tells that is wanted and fresh. One that can't be read is counted and logged."""
        if arrived.type != "message":
            if arrived.type == "error":
                self._log.warning("the stream reports", error=arrived.data[:_SHOWN_BYTES].decode(errors="replace"))
            return []
        event: object = None
        try:
            event = orjson.loads(arrived.data)
            if not isinstance(event, dict):
                raise MalformedEventError("", "is no object")
            if _meta(event).get("domain") == "canary":
                return []
            told = page_events(event)
            wanted = [each for each in told if self._is_wanted(each, event)]
        except (orjson.JSONDecodeError, MalformedEventError) as error:
            self._note_malformed(arrived, event, error)
            return []
        for each in told:
            self._condition.upstream_time = max(self._condition.upstream_time, each.time)
        fresh = [each for each in wanted if self._is_fresh(each)]
        self._condition.duplicates += len(wanted) - len(fresh)
        self._condition.received += len(fresh)
        return fresh

    def note_too_long(self, count: int) -> None:
        """Count and log events that were longer than they may be."""
        self._condition.malformed += count
        self._log.warning("events too long", count=count, longest_bytes=self._options.longest_event_bytes)

    def _is_wanted(self, told: PageEvent, event: Mapping[str, Any]) -> bool:
        projects, namespaces = self._options.projects, self._options.namespaces
        return (not projects or told.project in projects) and (not namespaces or touches(told, namespaces, event))

    def _is_fresh(self, told: PageEvent) -> bool:
        key: Hashable
        if told.keys:
            # That of this very event: the store judges whether another told the same.
            key = (told.project, told.keys[0])
        elif told.revision_id:
            key = (told.project, told.revision_id)
        else:
            key = (told.project, told.title, told.time)
        if key in self._told:
            return False
        self._told[key] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return True

    def _note_malformed(self, arrived: ServerSentEvent, event: object, error: ValueError) -> None:
        self._condition.malformed += 1
        meta = _meta(event)
        self._log.warning(
            "event malformed",
            error=str(error),
            field=error.field if isinstance(error, MalformedEventError) else "",
            stream=str(meta.get("stream", ""))[:_SHOWN_BYTES],
            event_id=str(meta.get("id", ""))[:_SHOWN_BYTES],
            position=arrived.identifier[:_SHOWN_BYTES].decode(errors="replace"),
        )


def _meta(event: object) -> Mapping[str, Any]:
    meta = event.get("meta") if isinstance(event, dict) else None
    return meta if isinstance(meta, dict) else {}
