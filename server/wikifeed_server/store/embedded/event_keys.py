"""Which events the store was told of: a hash of each key, the last ones in the order in which they came."""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

# Some 55 MB. Edits and creations, nearly all of what happens, need no keys: their revisions name them.
KEPT_KEYS = 1_000_000
_HASH_BYTES = 16


class EventKeys:
    """The keys of one store, inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def has_any(self, project_id: int, keys: Iterable[str]) -> bool:
        """Whether one of the keys of a project is kept."""
        found = (self._execute("SELECT 1 FROM event_key WHERE hash = ?", (_hash(project_id, key),)) for key in keys)
        return any(row.fetchone() is not None for row in found)

    def add(self, project_id: int, keys: Iterable[str]) -> None:
        """Keep the keys of an event of a project."""
        for key in keys:
            self._execute("INSERT OR IGNORE INTO event_key (hash) VALUES (?)", (_hash(project_id, key),))

    def prune(self) -> None:
        """Forget all but the last ones."""
        self._execute("DELETE FROM event_key WHERE number <= (SELECT max(number) FROM event_key) - ?", (KEPT_KEYS,))


def _hash(project_id: int, key: str) -> bytes:
    return blake2b(f"{project_id}:{key}".encode(), digest_size=_HASH_BYTES).digest()
