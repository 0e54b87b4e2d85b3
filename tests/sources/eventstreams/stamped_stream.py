"""A server of Server-Sent Events whose ids tell times, as those of stream.wikimedia.org do.

An event's id is a JSON array of {topic, partition, timestamp}: one more than the time in milliseconds at which the
topic's last event came. A topic that sent nothing on this connection has {topic, partition, offset}, -1 where it began
at its end. A topic is gone on from at its first event of that time or later (wikimedia/KafkaSSE, lib/KafkaSSE.js and
lib/utils.js).
"""

import json
from collections.abc import Sequence
from typing import Any

from misbehaving_stream import Asked, MisbehavingStream


class StampedStream(MisbehavingStream):
    """As `MisbehavingStream`; `stamps` tell when each event came to its topic. For one connection at a time."""

    def __init__(self, events: Sequence[dict[str, Any] | bytes], stamps: Sequence[int], topics: int = 1) -> None:
        super().__init__(events, topics=topics)
        self.stamps = list(stamps)
        self._begun: list[int] = []

    def _places(self, asked: Asked) -> list[int]:
        wanted = {each["topic"]: each for each in json.loads(asked.last_event_id or "[]")}
        self._begun = [self._place(topic, wanted.get(f"topic-{topic}", {"offset": 0})) for topic in range(self.topics)]
        return list(self._begun)

    def _place(self, topic: int, entry: dict[str, Any]) -> int:
        stamps = self._stamps(topic)
        if "offset" in entry:
            return entry["offset"] if entry["offset"] >= 0 else len(stamps)
        return next((place for place, stamp in enumerate(stamps) if stamp >= entry["timestamp"]), len(stamps))

    def _stamps(self, topic: int) -> list[int]:
        return self.stamps[: len(self.events)][topic :: self.topics]

    def _framed(self, event: dict[str, Any] | bytes, places: list[int]) -> bytes:
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        position = [{"topic": f"topic-{t}", "partition": 0} | self._position(t, at) for t, at in enumerate(places)]
        return b"event: message\nid: " + json.dumps(position).encode() + b"\ndata: " + data + b"\n\n"

    def _position(self, topic: int, at: int) -> dict[str, int]:
        begun, stamps = self._begun[topic], self._stamps(topic)
        if at > begun:
            return {"timestamp": stamps[at - 1] + 1}
        return {"offset": begun if begun < len(stamps) else -1}
