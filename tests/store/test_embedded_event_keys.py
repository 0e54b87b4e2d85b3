"""How many event keys are kept."""

from pathlib import Path

import pytest

from wikifeed_server.store import EventType
from wikifeed_server.store.embedded import EmbeddedWriter, event_keys


def test_the_last_keys_are_kept_in_the_order_in_which_they_came(
    folder: Path, article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_keys, "KEPT_KEYS", 10)

    def put(*keys: str) -> int:
        return writer.put([article(1, event_type=EventType.UPDATE, event_keys=(key,)) for key in keys]).written

    with EmbeddedWriter.open(folder) as writer:
        numbers = [f"key {number}" for number in range(25)]
        assert put(*numbers[:8]) == 8
        assert put(*numbers[8:]) == 17
        assert put(*numbers[15:]) == 0
        assert put(numbers[14]) == 1
        assert put(*numbers[16:], numbers[14]) == 0
        assert put(numbers[15]) == 1
        (kept,) = writer._connection.execute("SELECT count(*) FROM event_key").fetchone()
        assert kept == 10
