"""Whether what a client did is what a scenario expects."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from wikifeed.v1.article_pb2 import Article

Json = Mapping[str, Any]
_EMPTY: Json = {
    "offsets": [],
    "names": [],
    "missing": {},
    "checkpoint": None,
    "files": {},
    "batches": [],
    "snapshots": [],
    "articles": {},
    "mirror": None,
    "projects": [],
    "subscriptions": [],
    "log": [],
    "account": "",
    "usage": [],
    "error": None,
}
# Clients may look at the log's ends whenever they like.
_NOT_COUNTED = frozenset({"GetChangeLogInfo"})


def problems(scenario: Json, language: str, observations: Sequence[Json], calls: Sequence[Json]) -> list[str]:
    """Everything that is not as the scenario expects, each with what was expected."""
    expected = scenario["expected"]
    return [
        *_observation_problems(expected["observations"], observations),
        *_call_problems(expected["calls"], counted(scenario, calls)),
        *_credential_problems(scenario.get("settings", {}).get("key", ""), language, calls),
    ]


def whole(observation: Json) -> dict[str, Any]:
    """An observation with what it left out because it is empty."""
    return {**_EMPTY, **observation}


def comparable(observation: Json) -> dict[str, Any]:
    """The same with a SHA-256 for each article: that of one way to write the message, for languages have several."""
    seen = whole(observation)
    return {**seen, "articles": {name: _sum_of(text) for name, text in seen["articles"].items()}}


def counted(scenario: Json, calls: Sequence[Json]) -> list[Json]:
    """The calls that count, those of an export by chunk: which of several is asked for first is the client's to say."""
    not_counted = _NOT_COUNTED.union(scenario["expected"].get("not_counted", ()))
    order = [call for call in calls if call["method"] not in not_counted]
    places = [place for place, call in enumerate(order) if call["method"] == "ExportSnapshot"]
    exports = sorted((order[place] for place in places), key=lambda call: (call["offset"], call["first_chunk"]))
    for place, call in zip(places, exports, strict=True):
        order[place] = call
    return order


def _sum_of(text: str) -> str:
    """Of a message in base64."""
    article = Article.FromString(b64decode(text))
    return hashlib.sha256(article.SerializeToString(deterministic=True)).hexdigest()


def _observation_problems(expected: Sequence[Json], observed: Sequence[Json]) -> list[str]:
    if len(expected) != len(observed):
        return [f"{len(observed)} observations instead of {len(expected)}"]
    found = []
    for number, (wanted, seen) in enumerate(zip(map(whole, expected), map(comparable, observed), strict=True), 1):
        found += [f"action {number} observed {key}, which nobody knows" for key in seen.keys() - _EMPTY.keys()]
        found += [
            f"action {number}: {key} {seen[key]!r} instead of {wanted[key]!r}"
            for key in _EMPTY
            if seen[key] != wanted[key]
        ]
    return found


def _call_problems(expected: Any, calls: Sequence[Json]) -> list[str]:
    if isinstance(expected, Mapping):
        return [f"{len(calls)} calls, more than {expected['at_most']}"] if len(calls) > expected["at_most"] else []
    if len(expected) != len(calls):
        return [f"{len(calls)} calls instead of {len(expected)}: {[_start(call) for call in calls]}"]
    return [
        f"call {number}: {key} {call.get(key)!r} instead of {value!r}"
        for number, (wanted, call) in enumerate(zip(expected, calls, strict=True), 1)
        for key, value in wanted.items()
        if not _fits(value, call.get(key))
    ]


def _fits(wanted: Any, seen: Any) -> bool:
    match wanted:
        case {"from": first, "to": last}:
            return isinstance(seen, int) and first <= seen <= last
        case Mapping():
            return isinstance(seen, Mapping) and all(_fits(value, seen.get(key)) for key, value in wanted.items())
    return bool(wanted == seen)


def _start(call: Json) -> str:
    """A call in short: its method, and where it starts."""
    places = (f"{key}={call[key]}" for key in ("after_offset", "first_chunk", "start_position") if key in call)
    return " ".join((call["method"], *places))


def _credential_problems(key: str, language: str, calls: Sequence[Json]) -> list[str]:
    authorization = f"Bearer {key}" if key else ""
    agent = re.compile(rf"wikifeed-{re.escape(language)}/\d+\.\d+")
    return [
        f"{call['method']} showed {name} {call[name]!r}"
        for call in calls
        for name, is_right in (
            ("authorization", call["authorization"] == authorization),
            ("user_agent", agent.match(call["user_agent"])),
        )
        if not is_right
    ]
