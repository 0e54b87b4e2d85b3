"""Where a stream is to be gone on from, so that nothing is left out.

EventStreams' ids are a JSON array of {topic, partition, timestamp}, or of {topic, partition, offset} where nothing of
the topic was sent yet (-1: it begins at its end). A timestamp is in milliseconds since 1970, one more than that of the
topic's last event, and the server goes on with the first event from then on (wikimedia/KafkaSSE, lib/KafkaSSE.js and
lib/utils.js). Two kinds of events would be left out: those that share a millisecond with the last one or are stamped a
little before it, which happens, and those that came to a topic that had sent nothing, while nobody was connected. So
every topic is asked for from a little before; what comes again is dropped. Whole offsets are exact and stay.

The state's own timestamps never go back, so that a connection that is cut while it repeats costs nothing.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import orjson

_Entries = dict[tuple[str, int], Mapping[str, Any]]


def advanced(state: bytes, identifier: bytes) -> bytes:
    """The state after an event with this id; an id of another form is the state itself."""
    before, after = _entries(state), _entries(identifier)
    if before is None or after is None:
        return identifier
    kept = {
        place: entry
        for place, entry in before.items()
        if _timestamp(entry) is not None and _later(entry, after.get(place, entry)) is entry
    }
    # In one order, so that a state that stays where it was also looks the same.
    return orjson.dumps([entry for _, entry in sorted((after | kept).items(), key=itemgetter(0))])


def resumption(state: bytes, overlap_seconds: float) -> bytes:
    """The Last-Event-ID to go on from: the state, its timestamps earlier by `overlap_seconds`."""
    entries = _entries(state)
    if entries is None:
        return state
    overlap = round(overlap_seconds * 1000)
    stamps = [stamp for entry in entries.values() if (stamp := _timestamp(entry)) is not None]
    if not stamps:
        return state
    earliest = min(stamps)
    rewound = []
    for (topic, partition), entry in entries.items():
        stamp = _timestamp(entry)
        if stamp is None and entry.get("offset") == -1:
            stamp = earliest
        if stamp is None:
            rewound.append(entry)
        else:
            # Beside an offset a timestamp would not be heeded.
            rewound.append({"topic": topic, "partition": partition, "timestamp": max(stamp - overlap, 0)})
    return orjson.dumps(rewound)


def _later(first: Mapping[str, Any], second: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a topic's two places the later one; a timestamp is never given up for an offset."""
    one, other = _timestamp(first), _timestamp(second)
    return second if one is None or (other is not None and other > one) else first


def _timestamp(entry: Mapping[str, Any]) -> int | None:
    stamp = entry.get("timestamp")
    return stamp if isinstance(stamp, int) and not isinstance(stamp, bool) else None


def _entries(identifier: bytes) -> _Entries | None:
    """The places in an id by topic and partition; None where it has another form."""
    try:
        entries = orjson.loads(identifier)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(entries, list):
        return None
    found: _Entries = {}
    for entry in entries:
        topic = entry.get("topic") if isinstance(entry, dict) else None
        partition = entry.get("partition") if isinstance(entry, dict) else None
        if not isinstance(topic, str) or not isinstance(partition, int):
            return None
        found[topic, partition] = entry
    return found
