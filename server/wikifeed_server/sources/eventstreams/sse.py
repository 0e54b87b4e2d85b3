"""Server-Sent Events out of bytes as they come.

Promise: however the bytes are cut, the events are the same, in time linear in the bytes. An event that was not ended by
an empty line is none. (https://html.spec.whatwg.org/multipage/server-sent-events.html, "Parsing an event stream".)
"""

from typing import NamedTuple

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """One event: its type, its data, and the id that it or the last event with one bore."""

    identifier: bytes
    type: str
    data: bytes


class EventParser:
    """Parses one stream. An event of more than `longest_bytes` is skipped, and counted in `skipped`."""

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
        self._is_too_long = False
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
            self._partial, self._partial_bytes = [], 0
            for line in lines:
                self._take(line, events)
            data = data[end:]
        self._keep(data)
        return events

    def _keep(self, data: bytes) -> None:
        """Hold the beginning of a line, or note that it is too long and hold it as a comment."""
        self._partial_bytes += len(data)
        if self._partial_bytes + self._data_bytes > self._longest_bytes:
            self._is_too_long = True
            self._data, self._data_bytes = [], 0
            self._partial, self._partial_bytes = [b":"], 0
        elif data:
            self._partial.append(data)

    def _take(self, line: bytes, events: list[ServerSentEvent]) -> None:
        if self._is_first_line:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            self._is_first_line = False
        if not line:
            self._dispatch(events)
            return
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data_bytes += len(value) + 1
            self._is_too_long |= self._data_bytes > self._longest_bytes
            if not self._is_too_long:
                self._data.append(value)
        elif field == b"event":
            self._type = value
        elif field == b"id" and b"\0" not in value:
            self._identifier = value

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._is_too_long:
            self.skipped += 1
        elif self._data:
            kind = self._type.decode(errors="replace") or "message"
            events.append(ServerSentEvent(self._identifier, kind, b"\n".join(self._data)))
        self._data, self._data_bytes, self._type, self._is_too_long = [], 0, b"", False
