"""How far a wiki has been read: what a source must remember to leave nothing out and give nothing twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import orjson

from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.sources.mediawiki.rows import Row

_VERSION = 1


class Fill(NamedTuple):
    """Where the first reading of all pages is: the namespaces left, where in the first of them, pages read."""

    namespaces: tuple[int, ...]
    continued: str = ""
    read: int = 0


class Waiting(NamedTuple):
    """A page that renders anew since a template changed at `since`; `deadline`: when it is no longer waited for.

    Both in seconds since 1970, by the wiki's clock. `key` is the event's.
    """

    page_id: int
    namespace: int
    title: str
    key: str
    since: int
    deadline: int


@dataclass(slots=True)
class Position:
    """Everything up to `time` (seconds since 1970) was read, but for rows that were stored late.

    `settled` is what `time` was when all that there was had last been read.
    `changes` and `logs` are the rows read that bear a time in the overlap before it, or later: identifier to time.
    """

    time: int
    settled: int
    changes: dict[int, int] = field(default_factory=dict)
    logs: dict[int, int] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    fill: Fill | None = None

    def is_read(self, row: Row) -> bool:
        """Whether the row was read before."""
        return row.log_id in self.logs if row.log_id else row.change_id in self.changes

    def note(self, rows: Iterable[Row]) -> None:
        """Remember that the rows were read."""
        for row in rows:
            if row.log_id:
                self.logs[row.log_id] = row.time
            else:
                self.changes[row.change_id] = row.time

    def advance(self, time: int, overlap: int) -> None:
        """All up to `time` was read; forget what lies more than `overlap` seconds before it."""
        self.time = max(self.time, time)
        since = self.time - overlap
        self.changes = {key: value for key, value in self.changes.items() if value >= since}
        self.logs = {key: value for key, value in self.logs.items() if value >= since}

    def to_json(self) -> bytes:
        """The source's state."""
        return orjson.dumps(
            {
                "version": _VERSION,
                "time": self.time,
                "settled": self.settled,
                "changes": list(self.changes.items()),
                "logs": list(self.logs.items()),
                "waiting": [tuple(item) for item in self.waiting],
                "fill": tuple(self.fill) if self.fill is not None else None,
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The inverse of `to_json`. Raises SourceCorruptError."""
        try:
            values = orjson.loads(data)
            if values["version"] != _VERSION:
                raise SourceCorruptError(
                    f"another version of Wikifeed left the checkpoint (form {values['version']}, not {_VERSION}); "
                    "use that version or a newer one"
                )
            fill = values["fill"]
            return cls(
                time=int(values["time"]),
                settled=int(values["settled"]),
                changes=dict(values["changes"]),
                logs=dict(values["logs"]),
                waiting=tuple(Waiting(*item) for item in values["waiting"]),
                fill=Fill(tuple(fill[0]), *fill[1:]) if fill is not None else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise SourceCorruptError(
                f"the checkpoint of a wiki can't be read ({error}); what follows it can't be known"
            ) from None
