"""Requests over HTTP/1.1 from a process of its own, each connection with one at a time, and what came of them.

    python benchmarks/http_load.py HOST:PORT CONNECTIONS SECONDS < PATHS

Prints a line of JSON: requests, seconds, bytes. Answers must be 200 and have a Content-Length. It reads no more of an
answer than it needs to find its end, so that it costs less than a server.
"""

import json
import socket
import sys
import time
from selectors import EVENT_READ, DefaultSelector

_LENGTH = b"\r\nContent-Length: "
_READ_BYTES = 1 << 18


class Connection:
    """One connection: sends a request when the answer before has come whole."""

    def __init__(self, address: tuple[str, int], paths: list[str], first: int) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"{address[0]}:{address[1]}"
        self._requests = [f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() for path in paths]
        self._next = first % len(paths)
        self._head = b""
        self._left = 0
        self.answered = self.bytes = 0

    def ask(self) -> None:
        """Send the next request."""
        self._head, self._left = b"", -1
        self.socket.sendall(self._requests[self._next])
        self._next = (self._next + 1) % len(self._requests)

    def take(self) -> bool:
        """Read what has come; whether the answer is whole."""
        data = self.socket.recv(_READ_BYTES)
        if not data:
            raise SystemExit("the server closed a connection")
        self.bytes += len(data)
        if self._left >= 0:
            self._left -= len(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            if not self._head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"answered with {self._head[:200]!r}")
            start = self._head.index(_LENGTH) + len(_LENGTH)
            length = int(self._head[start : self._head.index(b"\r\n", start)])
            self._left = length - (len(self._head) - end - 4)
        if self._left == 0:
            self.answered += 1
            return True
        return False


def main() -> None:
    """Ask for as long as the command line says."""
    host, _, port = sys.argv[1].rpartition(":")
    paths = sys.stdin.read().split()
    connections = [Connection((host, int(port)), paths, 37 * number) for number in range(int(sys.argv[2]))]
    selector = DefaultSelector()
    for connection in connections:
        selector.register(connection.socket, EVENT_READ, connection)
        connection.ask()
    began = time.monotonic()
    until = began + float(sys.argv[3])
    while time.monotonic() < until:
        for key, _ in selector.select(0.1):
            if key.data.take():
                key.data.ask()
    requests = sum(connection.answered for connection in connections)
    size = sum(connection.bytes for connection in connections)
    print(json.dumps({"requests": requests, "seconds": time.monotonic() - began, "bytes": size}))


if __name__ == "__main__":
    main()
