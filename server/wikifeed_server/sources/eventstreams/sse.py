"""Server-Sent Events out of bytes as they come.

Promise: however the bytes are cut, the events are the same, in time linear in the bytes. An event that was not ended by
an empty line is none. (https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream".)
"""

from typing import NamedTuple

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# A byte order mark, the longest field that means something, and the colon.
_FIELD_BYTES = 16


class ServerSentEvent(NamedTuple):
    """One event: its type, its data, and the id that it or the last event with one bore."""

    identifier: bytes
    type: str
    data: bytes


class EventParser:
    """Parses one stream. An event with more than `longest_bytes` of data is skipped, and counted in `skipped`.

    Holds at most twice `longest_bytes` beyond what one call brings.
    """

    def __init__(self, longest_bytes: int) -> None:
        self._longest_bytes = longest_bytes
        self._partial: list[bytes] = []
        self._partial_bytes = 0
        self._after_return = False
        self._is_first_line = True
        self._identifier = b""
        self._type = b""
        self._data: list[bytes] = []
        self._data_bytes = 0
        self.skipped = 0

    def feed(self, data: bytes) -> list[ServerSentEvent]:
        """The events that these bytes end."""
        if self._after_return and data.startswith(b"\n"):
            data = data[1:]
            self._after_return = False
        if not data:
            return []
        self._after_return = data.endswith(b"\r")
        end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        events: list[ServerSentEvent] = []
        if end:
            self._partial.append(data[:end])
            lines = b"".join(self._partial).splitlines()
            # What a line that is too long has lost of its middle counts all the same.
            lost = self._partial_bytes - sum(map(len, self._partial[:-1]))
            self._partial, self._partial_bytes = [], 0
            self._take(lines[0], len(lines[0]) + lost, events)
            for line in lines[1:]:
                self._take(line, len(line), events)
            data = data[end:]
        self._keep(data)
        return events

    def _keep(self, data: bytes) -> None:
        """Hold the beginning of a line, and once it is too long only enough to know its field by."""
        if not data:
            return
        self._partial_bytes += len(data)
        if self._partial_bytes <= self._longest_bytes:
            self._partial.append(data)
        else:
            self._partial = [b"".join([*self._partial, data])[:_FIELD_BYTES]]

    def _take(self, line: bytes, length: int, events: list[ServerSentEvent]) -> None:
        if self._is_first_line:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            self._is_first_line = False
        if not line:
            self._dispatch(events)
            return
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data_bytes += length
            if self._data_bytes <= self._longest_bytes:
                self._data.append(value)
            else:
                self._data = []
        elif length > self._longest_bytes:
            return
        elif field == b"event":
            self._type = value
        elif field == b"id" and b"\0" not in value:
            self._identifier = value

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._data_bytes > self._longest_bytes:
            self.skipped += 1
        elif self._data:
            kind = self._type.decode(errors="replace") or "message"
            events.append(ServerSentEvent(self._identifier, kind, b"\n".join(self._data)))
        self._data, self._data_bytes, self._type = [], 0, b""
